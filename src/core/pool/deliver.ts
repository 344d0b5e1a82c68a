/** Carries a claim to its bot: storage and credentials first, then the sealed configuration. Every step may be repeated. */
import { deliver } from '#core/redis/pool-scripts.ts';
import { sealContext, sealTo } from '#core/secrets/sealed-box.ts';
import {
  closeRedisUsers,
  createCredentials,
  type KindStorage,
  openRedisUser,
  openStorage,
  type TenantCredentials,
} from '#core/tenants/storage.ts';
import { type Tenant, tokenPlace } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BotConfig, StageTimings } from '#shared/schemas/pool.ts';
import { countDelivery, findActivation, openCredentials, storeCredentials } from './activations.ts';
import type { Claim } from './claim.ts';
import type { PoolContext } from './context.ts';
import { recentLogins } from './settle.ts';

/** What is needed to open a tenant's storage. */
type StorageContext = Pick<PoolContext, 'database' | 'redis' | 'vault' | 'kinds'>;

/** Opens the tenant's storage under the claim's fence and ends what earlier fences could do. */
export async function prepareClaim(context: StorageContext, tenant: Tenant, claim: Claim): Promise<TenantCredentials> {
  const storage = context.kinds.get(tenant.kind);
  if (storage === undefined) {
    throw new BotpoolError('kind_unknown', { kind: tenant.kind, known: [...context.kinds.keys()].join(', ') });
  }
  const older = recentLogins(tenant.clientId, claim.fence - 1);
  const [credentials] = await Promise.all([
    openOnce(context, tenant, claim, storage),
    closeRedisUsers(context.redis, older),
  ]);
  // Only now: the password in Redis is the one that is stored, whoever stored it.
  await openRedisUser(context.redis, tenant.clientId, credentials, tenant.tokenFingerprint ?? '');
  return credentials;
}

/** Undoes the transaction of whoever comes second to open a fence. */
class OpenedBefore extends Error {}

/** Opens the storage with new credentials, or returns those with which another control plane has opened it. */
async function openOnce(
  context: StorageContext,
  tenant: Tenant,
  claim: Claim,
  storage: KindStorage,
): Promise<TenantCredentials> {
  const fresh = createCredentials(tenant.clientId, claim.fence);
  try {
    await openStorage(context.database, tenant, claim.fence, storage, fresh, async (tx) => {
      if (!(await storeCredentials(tx, context.vault, claim.activationId, fresh))) throw new OpenedBefore();
    });
    return fresh;
  } catch (error) {
    if (!(error instanceof OpenedBefore)) throw error;
    const activation = await findActivation(context.database, claim.activationId);
    const stored = activation === undefined ? undefined : openCredentials(context.vault, activation);
    // An activation that was ended meanwhile must not get a login any more.
    if (stored === undefined)
      throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: 'ended' });
    return stored;
  }
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
  /** The stages so far, and when the claim was made (ms since the epoch), from which they count. */
  timing: { readonly claimedAt: number; readonly stages: StageTimings },
): Promise<'delivered' | 'gone'> {
  const config = botConfig(context, tenant, claim, credentials);
  const { container, bootId, activationId, fence } = claim;
  const sealed = sealTo(claim.publicKey, JSON.stringify(config), sealContext(container, bootId));
  const delivery = { container, bootId, activationId, clientId: tenant.clientId, fence, sealed };
  const answer = await deliver(context.redis, delivery);
  if (answer === 'gone' || answer === 'busy') return 'gone';
  if (answer === 'delivered') {
    const delivered = context.clock.now() - timing.claimedAt;
    await countDelivery(context.database, activationId, { claimed: 0, ...timing.stages, delivered });
  }
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
