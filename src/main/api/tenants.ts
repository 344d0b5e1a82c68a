/** The group `tenants`: the register of clients. */
import { findOpen, listOpen } from '#core/pool/activations.ts';
import type { Pool } from '#core/pool/index.ts';
import { listBots } from '#core/pool/presence.ts';
import type { Database } from '#core/postgres/database.ts';
import { exportTenant } from '#core/tenants/export.ts';
import { readFigures } from '#core/tenants/figures.ts';
import { readFootprint } from '#core/tenants/footprint.ts';
import { getTenant, listTenants } from '#core/tenants/tenants.ts';
import type { TenantView } from '#shared/api/tenants.ts';
import { parseClientId } from '#shared/schemas/tenant.ts';
import type { Sales } from '../orders/index.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';
import { queueOf, tenantViewOf } from './tenant-view.ts';

/** What this group needs. */
export interface TenantsApiServices {
  readonly pool: Pool;
  readonly database: Database;
  readonly redis: Parameters<typeof readFootprint>[1] & Parameters<typeof listBots>[0];
  readonly sales: Pick<Sales, 'ofClient'>;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A storm of activations must not become a storm of lists. */
const PACE_MS = 500;
/** What another control plane changes tells no event here. */
const SAFETY_MS = 5_000;

/** The procedures of the group. */
export function tenantsApi(root: ApiRoot, services: TenantsApiServices) {
  const { pool, database } = services;
  return root.tenants.router({
    list: root.tenants.list.handler(() => listViews(database)),
    watch: root.tenants.watch.handler(({ signal = new AbortController().signal }) =>
      watchChanges({
        listen: (changed) => pool.listen(changed),
        read: () => listViews(database),
        paceMs: PACE_MS,
        safetyMs: SAFETY_MS,
        sleep: services.sleep,
        signal,
      }),
    ),
    figures: root.tenants.figures.handler(async () => {
      const [figures, bots] = await Promise.all([readFigures(database), listBots(services.redis)]);
      const serving = bots.filter(({ status }) => status === 'active');
      const errors = new Map(serving.map(({ client_id: clientId, health }) => [clientId, health?.errors]));
      return figures.map((one) => ({ ...one, errors: errors.get(one.clientId) ?? null }));
    }),
    sales: root.tenants.sales.handler(async ({ input }) => {
      const { clientId } = await getTenant(database, parseClientId(input.clientId));
      return await services.sales.ofClient(clientId);
    }),
    export: root.tenants.export.handler(async ({ input }) => {
      const tenant = await getTenant(database, parseClientId(input.clientId));
      return { json: await exportTenant(database, tenant) };
    }),
    data: root.tenants.data.handler(async ({ input }) => {
      const { clientId } = await getTenant(database, parseClientId(input.clientId));
      return await readFootprint(database, services.redis, clientId);
    }),
    show: root.tenants.show.handler(({ input }) => showView(database, parseClientId(input.clientId))),
    delete: root.tenants.delete.handler(async ({ input, context }) => {
      const { clientId, keepData } = input;
      await pool.deleteTenant(clientId, { actor: context.actor, reason: 'operator', keepData });
      return { clientId, dataKept: keepData };
    }),
  });
}

async function listViews(database: Database): Promise<TenantView[]> {
  const [tenants, open] = await Promise.all([listTenants(database), listOpen(database)]);
  const byClient = new Map(open.map((activation) => [activation.clientId, activation]));
  const queue = queueOf(tenants);
  return tenants.map((tenant) => tenantViewOf(tenant, byClient.get(tenant.clientId), queue));
}

async function showView(database: Database, clientId: string): Promise<TenantView> {
  const tenant = await getTenant(database, clientId);
  const [activation, tenants] = await Promise.all([
    findOpen(database, clientId),
    tenant.queuedAt === null ? [] : listTenants(database),
  ]);
  return tenantViewOf(tenant, activation, queueOf(tenants));
}
