/** A tenant's storage: its schema, made ahead where possible, and the credentials of one fence in PostgreSQL and Redis. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { latestVersion, ledgerOf, type Migration, migrateSchema, quoteIdentifier } from '#core/postgres/migrate.ts';
import { scramVerifier } from '#core/secrets/scram.ts';
import { randomPassword } from '#core/secrets/vault.ts';
import { keys } from '#shared/redis/keys.ts';
import { bringForward } from './bring-forward.ts';
import type { Tenant } from './tenants.ts';

/** What a kind stores: its numbered files, and what a new tenant finds in them. */
export interface KindStorage {
  readonly kind: string;
  readonly migrations: readonly Migration[];
  /** Fills a new tenant's tables, under its search_path; must be safe to repeat. */
  seed(tx: Queryable, tenant: Tenant): Promise<void>;
}

/** The logins of one fence; both have the same name, `client_001_7`. */
export interface TenantCredentials {
  readonly login: string;
  readonly postgresPassword: string;
  readonly redisPassword: string;
}

/** The login's name of one fence of a tenant. */
export function tenantLogin(clientId: string, fence: number): string {
  return `${clientId}_${fence}`;
}

/** Fresh credentials for one fence. */
export function createCredentials(clientId: string, fence: number): TenantCredentials {
  return {
    login: tenantLogin(clientId, fence),
    postgresPassword: randomPassword(),
    redisPassword: randomPassword(),
  };
}

/**
 * Opens a tenant's schema for one fence: renames a spare or makes it, fills a new one, makes the login and ends all
 * earlier ones, in one transaction with what the caller adds. A schema that lacks files is brought forward before, by a
 * session of the tenant. Safe to repeat.
 */
export async function openStorage(
  database: Database,
  tenant: Tenant,
  fence: number,
  storage: KindStorage,
  credentials: TenantCredentials,
  also: (tx: Queryable) => Promise<void> = async () => {},
): Promise<void> {
  const open = (): Promise<string> => tryOpen(database, tenant, fence, storage, credentials, also);
  if ((await open()) !== 'behind') return;
  await bringForward(database, { clientId: tenant.clientId, kind: storage.kind, fence }, storage.migrations);
  if ((await open()) === 'behind') throw new Error(`${tenant.clientId} is brought forward by another version`);
}

async function tryOpen(
  database: Database,
  tenant: Tenant,
  fence: number,
  storage: KindStorage,
  credentials: TenantCredentials,
  also: (tx: Queryable) => Promise<void>,
): Promise<string> {
  const { clientId, kind } = tenant;
  const { migrations } = storage;
  const verifier = scramVerifier(credentials.postgresPassword);
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ origin: string }>(
      'SELECT control.open_storage($1, $2, $3, $4, $5, $6) AS origin',
      [clientId, kind, latestVersion(migrations), ledgerOf(migrations), fence, verifier],
    );
    const origin = rows[0]?.origin ?? '';
    if (origin === 'behind') return origin;
    await also(tx);
    if (origin === 'existing') return origin;
    // Nobody has worked in this schema yet, so that nobody's code runs in this session.
    if (origin === 'created') await migrateSchema(tx, clientId, storage.kind, migrations, clientId);
    await tx.query(`SET LOCAL search_path = ${quoteIdentifier(clientId)}, public`);
    await tx.query(`SET LOCAL ROLE ${quoteIdentifier(clientId)}`);
    await storage.seed(tx, tenant);
    return origin;
  });
}

/**
 * Ends the open sessions of a tenant's logins up to this fence, which can log in no more, and forgets the logins.
 * Fails when a session does not end within 5 seconds; then its login stays, to be ended by a later call.
 */
export async function endLogins(database: Queryable, clientId: string, fence: number): Promise<void> {
  await database.query('SELECT control.end_logins($1, $2)', [clientId, fence]);
}

/** A tenant whose logins could not be ended this time. */
interface StrayFailure {
  readonly clientId: string;
  readonly error: unknown;
}

/**
 * Ends the logins whose activation is over: whoever was to end them died on the way. Safe at any time. One tenant's
 * trouble does not keep the others: those that could not be ended come back, to be told and tried again.
 */
export async function endStrayLogins(database: Database): Promise<readonly StrayFailure[]> {
  const { rows } = await database.query<{ client_id: string; fence: string }>('SELECT * FROM control.stray_logins()');
  const failures: StrayFailure[] = [];
  for (const { client_id, fence } of rows) {
    await endLogins(database, client_id, Number(fence)).catch((error: unknown) => {
      failures.push({ clientId: client_id, error });
    });
  }
  return failures;
}

/** Removes a tenant's schema and roles with everything in them. */
export async function dropStorage(database: Queryable, clientId: string): Promise<void> {
  await database.query('SELECT control.disable_logins($1, NULL)', [clientId]);
  await database.query('SELECT control.drop_storage($1)', [clientId]);
}

/**
 * What a bot's Redis user may do with the keys that it is given: an allow list of types of commands less those that
 * reach past keys (names of all keys, databases, functions, channels).
 */
export const KEY_BOUND_RULES = [
  'resetchannels',
  '+@read',
  '+@write',
  '+@transaction',
  '+@blocking',
  '-@dangerous',
  '-@admin',
  '-@scripting',
  '-keys',
  '-scan',
  '-randomkey',
  '-dbsize',
  '-flushall',
  '-flushdb',
  '-swapdb',
  '-move',
  '+ping',
  '+client|setname',
  '+client|id',
  '+eval',
  '+evalsha',
] as const;

/** Makes or replaces the Redis user of one fence. */
export async function openRedisUser(
  redis: Redis,
  clientId: string,
  credentials: TenantCredentials,
  fingerprint: string,
): Promise<void> {
  const password = createHash('sha256').update(credentials.redisPassword).digest('hex');
  const patterns = [`~${keys.tenantPrefix(clientId)}*`, `~${keys.botLease(fingerprint)}`];
  await redis.call('ACL', 'SETUSER', credentials.login, 'reset', 'on', `#${password}`, ...patterns, ...KEY_BOUND_RULES);
}

/** The names of all users that Redis knows. */
export async function listRedisUsers(redis: Redis): Promise<ReadonlySet<string>> {
  return new Set(z.array(z.string()).parse(await redis.call('ACL', 'USERS')));
}

/** Removes these Redis users; their connections are closed by the server. */
export async function closeRedisUsers(redis: Redis, logins: readonly string[]): Promise<void> {
  if (logins.length > 0) await redis.call('ACL', 'DELUSER', ...logins);
}

/** The tenant whose login this is by its name, else `undefined`. */
export function tenantOfLogin(name: string): string | undefined {
  return /^(client_\d{3,6})_\d+$/.exec(name)?.[1];
}

/** Removes every Redis key of one tenant, a thousand at a time. */
export async function dropRedisKeys(redis: Redis, clientId: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${keys.tenantPrefix(clientId)}*`, 'COUNT', 1000);
    cursor = next;
    if (found.length > 0) await redis.unlink(...found);
  } while (cursor !== '0');
}
