/** The ways out: a tenant is suspended or deleted, its bot drains, and everything that it could do ends. */
import { dropRedisKeys, dropStorage } from '#core/tenants/storage.ts';
import { forgetToken, getTenant, setTenantState } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { PoolEvent } from '#shared/schemas/pool.ts';
import { type Activation, endActivation, findOpen } from './activations.ts';
import type { PoolContext } from './context.ts';
import type { EventFollower } from './follower.ts';
import { forgetUnused, revokeClaim, sendBack, tellHowItEnded } from './settle.ts';

/** What was done. `drained` is false when the bot did not answer and its rights were ended without it. */
export interface DeactivationResult {
  readonly clientId: string;
  readonly container: string | undefined;
  readonly drained: boolean;
}

/** Suspends a tenant: its data stays, its bot goes back to the pool as a fresh process. Safe to repeat. */
export async function deactivateBot(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
  change: { readonly actor: string; readonly reason: string },
): Promise<DeactivationResult> {
  const tenant = await getTenant(context.database, clientId);
  if (tenant.state === 'deleted') throw new BotpoolError('client_not_active', { clientId, state: 'deleted' });
  if (tenant.state === 'active') {
    await context.database.transaction((tx) => setTenantState(tx, clientId, 'suspended', change));
  }
  const result = await endOpenActivation(context, follower, clientId);
  await forgetUnused(context.database, clientId);
  return result;
}

async function endOpenActivation(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
): Promise<DeactivationResult> {
  const activation = await findOpen(context.database, clientId);
  if (activation === undefined) return { clientId, container: undefined, drained: true };
  const left = waitUntilLeft(follower, activation, AbortSignal.timeout(context.drainMs));
  await sendBack(context, activation, 'deactivate');
  const drained = await left;
  await endUnwanted(context, activation);
  return { clientId, container: activation.container, drained };
}

/** Ends the activation of a tenant that is not wanted active, with everything that its bot could do. */
export async function endUnwanted(context: PoolContext, activation: Activation): Promise<void> {
  await endActivation(context.database, activation.id, 'ended', 'deactivated');
  await tellHowItEnded(context, activation.id);
  await revokeClaim(context, activation);
}

/** Resolves true when the bot says that it has drained, or when its container runs another process. */
function waitUntilLeft(follower: EventFollower, activation: Activation, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = follower.listen((event: PoolEvent) => {
    if (event.container !== activation.container) return;
    const left = event.type === 'gone' || (event.type === 'draining' && event.reason === 'drained');
    if (left || (event.type === 'registered' && event.boot_id !== activation.bootId)) resolve(true);
  });
  signal.addEventListener('abort', () => resolve(false), { once: true });
  return promise.finally(stop);
}

/** Deletes a tenant for good: bot, token, and its data unless `keepData`. Its client id is never used again. */
export async function deleteTenant(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
  change: { readonly actor: string; readonly reason: string; readonly keepData: boolean },
): Promise<void> {
  const tenant = await getTenant(context.database, clientId);
  if (tenant.state !== 'deleted') {
    // First, so that nobody gives the tenant a bot again while its last one drains.
    await context.database.transaction((tx) => setTenantState(tx, clientId, 'deleted', change));
  }
  await endOpenActivation(context, follower, clientId);
  await forgetToken(context.database, clientId);
  if (change.keepData) return;
  await dropStorage(context.database, clientId);
  await dropRedisKeys(context.redis, clientId);
}
