/** Logins of the services that read what strangers write: their rights are a few functions and views, and no table. */
import type { Database } from '#core/postgres/database.ts';
import { scramVerifier } from '#core/secrets/scram.ts';

/** Whose rights a login has: the sales desk's, or those of the gateway. */
export type ServiceRole = 'botpool_sales' | 'botpool_gateway';

/** Another database of the same server may be changing the same role. */
const TRIES = 5;

/** Makes the login, or gives it this password. Safe to repeat. */
export async function openServiceLogin(
  database: Database,
  login: { readonly name: string; readonly role: ServiceRole; readonly password: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await database.query('SELECT control.open_service_login($1, $2, $3)', [
        login.name,
        login.role,
        scramVerifier(login.password),
      ]);
      return;
    } catch (error) {
      const concurrently = error instanceof Error && /concurrently|duplicate key|already exists/.test(error.message);
      if (!concurrently || attempt === TRIES) throw error;
    }
  }
}
