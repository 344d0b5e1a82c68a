/** A client gets its bot again: with the token that is kept, or with another one. */
import { getTenant, type Tenant, tokenPlace } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { BOT_TOKEN_PATTERN, parseClientId } from '#shared/schemas/tenant.ts';
import { type ActivationResult, activateBot } from './activate.ts';
import type { PoolContext } from './context.ts';
import { deactivateBot } from './deactivate.ts';
import type { EventFollower } from './follower.ts';

/** With the token that is kept. Fails with `client_no_token` when none is, and as an activation does. */
export async function resumeBot(context: PoolContext, clientId: string, actor: string): Promise<ActivationResult> {
  const tenant = await getTenant(context.database, parseClientId(clientId));
  if (tenant.state === 'deleted') throw new BotpoolError('client_not_active', { clientId, state: tenant.state });
  if (tenant.tokenSealed === null) throw new BotpoolError('client_no_token', { clientId });
  return await activate(context, tenant, context.vault.open(tenant.tokenSealed, tokenPlace(clientId)), actor);
}

/** With another token; the bot of the old one is sent home first. Whoever calls has asked Telegram about the token. */
export async function changeToken(
  context: PoolContext,
  follower: EventFollower,
  wish: { readonly clientId: string; readonly token: string },
  actor: string,
): Promise<ActivationResult> {
  const { clientId, token } = wish;
  const tenant = await getTenant(context.database, parseClientId(clientId));
  if (tenant.state === 'deleted') throw new BotpoolError('client_not_active', { clientId, state: tenant.state });
  if (!BOT_TOKEN_PATTERN.test(token)) throw new BotpoolError('token_malformed', {});
  if (tenant.state === 'active') await deactivateBot(context, follower, clientId, { actor, reason: 'another token' });
  return await activate(context, tenant, token, actor);
}

function activate(context: PoolContext, tenant: Tenant, token: string, actor: string): Promise<ActivationResult> {
  const { clientId, company, kind, locale, timeZone, ownerId } = tenant;
  return activateBot(context, { clientId, token, company, kind, locale, timeZone, ownerId }, actor);
}
