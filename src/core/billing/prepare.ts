/** What the Sales Bot and the gateway need before they can start: their logins, and the key to seal tokens to. */
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import { openSalesBox, publishSalesBox } from './box.ts';
import { openServiceLogin, type ServiceRole } from './service-login.ts';

/** The logins of the services that sell. */
export const SERVICE_LOGINS = { sales: 'sales_bot', gateway: 'gateway' } as const;

const ROLES: Readonly<Record<keyof typeof SERVICE_LOGINS, ServiceRole>> = {
  sales: 'botpool_sales',
  gateway: 'botpool_gateway',
};

/** The password of a service's login; every control plane derives the same. */
export function serviceLoginPassword(vault: Vault, service: keyof typeof SERVICE_LOGINS): string {
  return vault.derivePassword(`postgres ${SERVICE_LOGINS[service]}`);
}

/** Makes both logins and publishes the box. Safe to repeat. */
export async function prepareSales(database: Database, vault: Vault): Promise<void> {
  await publishSalesBox(database, openSalesBox(vault));
  for (const service of ['sales', 'gateway'] as const) {
    const password = serviceLoginPassword(vault, service);
    await openServiceLogin(database, { name: SERVICE_LOGINS[service], role: ROLES[service], password });
  }
}
