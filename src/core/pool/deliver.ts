/** Carries a claim to its bot: storage and credentials first, then the sealed configuration. Every step may be repeated. */
import { deliver } from '#core/redis/pool-scripts.ts';
import { sealContext, sealTo } from '#core/secrets/sealed-box.ts';
import {
  closeRedisUsers,
  createCredentials,
  openRedisUser,
  openStorage,
  type TenantCredentials,
} from '#core/tenants/storage.ts';
import { type Tenant, tokenPlace } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BotConfig, StageTimings } from '#shared/schemas/pool.ts';
import { countDelivery, storeCredentials } from './activations.ts';
import type { Claim } from './claim.ts';
import type { PoolContext } from './context.ts';
import { recentLogins } from './settle.ts';

/** Opens the tenant's storage under the claim's fence and ends what earlier fences could do. */
export async function prepareClaim(context: PoolContext, tenant: Tenant, claim: Claim): Promise<TenantCredentials> {
  const storage = context.kinds.get(tenant.kind);
  if (storage === undefined) {
    throw new BotpoolError('kind_unknown', { kind: tenant.kind, known: [...context.kinds.keys()].join(', ') });
  }
  const credentials = createCredentials(tenant.clientId, claim.fence);
  const older = recentLogins(tenant.clientId, claim.fence - 1);
  await Promise.all([
    openStorage(context.database, tenant, claim.fence, storage, credentials, (tx) =>
      storeCredentials(tx, context.vault, claim.activationId, credentials),
    ),
    openRedisUser(context.redis, tenant.clientId, credentials, tenant.tokenFingerprint ?? ''),
    closeRedisUsers(context.redis, older),
  ]);
  return credentials;
}

/**
 * Seals the configuration to the claimed process and wakes it.
 * Returns `gone` when that process is not there any more: the claim must be undone.
 */
export async function deliverClaim(
  context: PoolContext,
  tenant: Tenant,
  claim: Claim,
  credentials: TenantCredentials,
  stages: StageTimings,
): Promise<'delivered' | 'gone'> {
  const config = botConfig(context, tenant, claim, credentials);
  const { container, bootId, activationId, fence } = claim;
  const sealed = sealTo(claim.publicKey, JSON.stringify(config), sealContext(container, bootId));
  const delivery = { container, bootId, activationId, clientId: tenant.clientId, fence, sealed };
  const answer = await deliver(context.redis, delivery);
  if (answer === 'gone' || answer === 'busy') return 'gone';
  if (answer === 'delivered') await countDelivery(context.database, activationId, stages);
  return 'delivered';
}

function botConfig(context: PoolContext, tenant: Tenant, claim: Claim, credentials: TenantCredentials): BotConfig {
  if (tenant.tokenSealed === null || tenant.tokenFingerprint === null) {
    throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: 'without a token' });
  }
  return {
    activation_id: claim.activationId,
    client_id: tenant.clientId,
    fence: claim.fence,
    kind: tenant.kind,
    company: tenant.company,
    locale: tenant.locale,
    time_zone: tenant.timeZone,
    owner_id: tenant.ownerId,
    token: context.vault.open(tenant.tokenSealed, tokenPlace(tenant.clientId)),
    token_fingerprint: tenant.tokenFingerprint,
    drop_pending_updates: claim.dropPending,
    postgres: { user: credentials.login, password: credentials.postgresPassword },
    redis: { user: credentials.login, password: credentials.redisPassword },
  };
}
