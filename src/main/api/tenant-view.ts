/** How the API shows clients: pure, from the register of tenants and that of activations. */
import type { Activation } from '#core/pool/activations.ts';
import type { Tenant } from '#core/tenants/tenants.ts';
import type { TenantView } from '#shared/api/tenants.ts';

/** One client with the activation that it has, and its place in the queue. */
export function tenantViewOf(tenant: Tenant, activation: Activation | undefined, queue: readonly string[]): TenantView {
  const place = queue.indexOf(tenant.clientId) + 1;
  return {
    clientId: tenant.clientId,
    company: tenant.company,
    kind: tenant.kind,
    locale: tenant.locale,
    timeZone: tenant.timeZone,
    ownerId: tenant.ownerId,
    state: tenant.state,
    botUsername: tenant.botUsername,
    container: activation?.container ?? null,
    serving: activation?.state === 'active',
    since: activation?.acknowledgedAt ?? activation?.claimedAt ?? null,
    stages: activation?.stages ?? {},
    queuePosition: place === 0 ? null : place,
    createdAt: tenant.createdAt,
    firstActiveAt: tenant.firstActiveAt,
  };
}

/** The client ids that wait for a bot, in the order in which they will be served. */
export function queueOf(tenants: readonly Tenant[]): readonly string[] {
  return tenants
    .flatMap(({ clientId, queuedAt }) => (queuedAt === null ? [] : [{ clientId, at: queuedAt.getTime() }]))
    .sort((a, b) => a.at - b.at)
    .map(({ clientId }) => clientId);
}
