/** The group `tenants`: the register of clients. */
import { findOpen, listOpen } from '#core/pool/activations.ts';
import type { Pool } from '#core/pool/index.ts';
import type { Database } from '#core/postgres/database.ts';
import { getTenant, listTenants } from '#core/tenants/tenants.ts';
import type { TenantView } from '#shared/api/tenants.ts';
import { parseClientId } from '#shared/schemas/tenant.ts';
import type { ApiRoot } from './root.ts';
import { queueOf, tenantViewOf } from './tenant-view.ts';

/** What this group needs. */
export interface TenantsApiServices {
  readonly pool: Pool;
  readonly database: Database;
}

/** The procedures of the group. */
export function tenantsApi(root: ApiRoot, services: TenantsApiServices) {
  const { pool, database } = services;
  return root.tenants.router({
    list: root.tenants.list.handler(() => listViews(database)),
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
