/**
 * The login of one restore. What is in a dump runs when it is restored: checks, generated columns, indexes of clients. It
 * runs as somebody who owns what is being made and may do nothing else, never as an administrator.
 */
import { createHash } from 'node:crypto';
import type { Queryable } from '#core/postgres/database.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { scramVerifier } from '#core/secrets/scram.ts';
import type { BackupContext } from './context.ts';

/** Such a login. `env`: how a tool becomes it. */
export interface Restorer {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Begins names that one installation makes on its server, where another one may have its own. */
export function ownPrefix(what: 'trial' | 'restorer', database: string): string {
  return `botpool_${what}_${createHash('sha256').update(database).digest('hex').slice(0, 8)}_`;
}

/** Makes one. Its password lives as long as this process remembers it. */
export async function makeRestorer({ database, server, newSuffix }: BackupContext): Promise<Restorer> {
  const name = `${ownPrefix('restorer', server.database)}${newSuffix()}`;
  const password = Array.from({ length: 11 }, newSuffix).join('');
  await database.query(
    `CREATE ROLE ${quoteIdentifier(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD '${scramVerifier(password)}'`,
  );
  return { name, env: { PGUSER: name, PGPASSWORD: password } };
}

/** Lets it make a schema beside the clients'. */
export async function letMakeSchema({ database, server }: BackupContext, { name }: Restorer): Promise<void> {
  const own = quoteIdentifier(server.database);
  await database.query(`GRANT CONNECT, CREATE ON DATABASE ${own} TO ${quoteIdentifier(name)}`);
}

/** Forgets it; what it still owns in the installation's database becomes the administrator's. */
export async function dropRestorer(db: Queryable, { name }: Pick<Restorer, 'name'>): Promise<void> {
  const role = quoteIdentifier(name);
  await db.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER`);
  await db.query(`DROP OWNED BY ${role} CASCADE`);
  await db.query(`DROP ROLE ${role}`);
}

/** Forgets those whose restore has died. */
export async function dropRestorers(db: Queryable, database: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    'SELECT rolname::text AS name FROM pg_roles WHERE starts_with(rolname, $1)',
    [ownPrefix('restorer', database)],
  );
  for (const role of rows) await dropRestorer(db, role);
}
