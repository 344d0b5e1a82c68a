/** Keeps the Redis users of tenants as the register of activations wants them: none is missing, none is left over. */
import type { Queryable } from '#core/postgres/database.ts';
import { closeRedisUsers, listRedisUsers, openRedisUser, tenantLogin, tenantOfLogin } from '#core/tenants/storage.ts';
import { getTenant, knownClients } from '#core/tenants/tenants.ts';
import { type Activation, listOpen, openCredentials } from './activations.ts';
import { attempt, type PoolContext } from './context.ts';

/**
 * A restarted Redis may have forgotten its users: those of open activations are made again as they were. Users whose
 * activation is over are removed, whoever was to do it.
 */
export async function healRedisUsers(context: PoolContext): Promise<void> {
  const known = await listRedisUsers(context.redis);
  // In this order: a user is made after its activation, so one of an activation that is not open now is over.
  const open = await listOpen(context.database);
  const wanted = new Set(open.map(({ clientId, fence }) => tenantLogin(clientId, fence)));
  const strays = [...known].filter((name) => tenantOfLogin(name) !== undefined && !wanted.has(name));
  await closeRedisUsers(context.redis, await ownLogins(context.database, strays));
  for (const activation of open) {
    if (known.has(tenantLogin(activation.clientId, activation.fence))) continue;
    await attempt(context, activation.clientId, () => healUser(context, activation));
  }
}

async function healUser(context: PoolContext, activation: Activation): Promise<void> {
  const credentials = openCredentials(context.vault, activation);
  const { tokenFingerprint } = await getTenant(context.database, activation.clientId);
  if (credentials === undefined || tokenFingerprint === null) return;
  await openRedisUser(context.redis, activation.clientId, credentials, tokenFingerprint);
}

/** Those of these logins that belong to tenants of this installation. */
async function ownLogins(database: Queryable, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const known = await knownClients(
    database,
    names.flatMap((name) => tenantOfLogin(name) ?? []),
  );
  return names.filter((name) => known.has(tenantOfLogin(name) ?? ''));
}
