/** A control database of one's own with clients and bookings, its backups, and ways to make their tools fail. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl, migrateSchema, readMigrations } from '#core/postgres/migrate.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { PART } from '#main/backups/create.ts';
import { type Backups, type BackupsOptions, openBackups } from '#main/backups/index.ts';
import { ownPrefix } from '#main/backups/restorer.ts';
import type { Exec } from '#main/backups/tools.ts';
import { startCommand } from '#main/engine/process/exec.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { makeSubfolder } from './run-folder.ts';
import { createTestDatabase, type DatabaseFacts } from './stack.ts';

/** See the file's head. */
export interface BackupWorld {
  readonly database: Database;
  readonly facts: DatabaseFacts;
  readonly folder: string;
  readonly clients: readonly string[];
  /** What the pool was asked for. */
  readonly poolCalls: string[];
  /** How the tools find the server. */
  readonly toolEnv: Readonly<Record<string, string>>;
  /** The tools as they are. */
  readonly exec: Exec;
  /** Changes how the tools are run from now on; without one they are as they are. */
  use(exec?: Exec): void;
  open(change?: Partial<BackupsOptions>): Promise<Backups>;
  /** One more row in a client's table. */
  addUser(clientId: string): Promise<void>;
  countUsers(clientId: string): Promise<number>;
  /** A checksum over every row of a schema. */
  checksum(schema: string): Promise<string>;
  /** The code that this step fails with. */
  codeOf(step: Promise<unknown>): Promise<string>;
  /** Databases, schemas and folders that should not be there. */
  debris(): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes the database, so many clients with rows, and an empty folder for backups. */
export async function openBackupWorld(count = 3): Promise<BackupWorld> {
  const { programs, folder: run } = inject('testRun');
  const test = await createTestDatabase({ max: 10 });
  const { database, facts } = test;
  await migrateControl(database);
  const home = await makeSubfolder(run, 'backups');
  const folder = join(home, 'backups');
  const tag = randomBytes(2).readUInt16BE() % 9_000;
  const clients = Array.from({ length: count }, (_, place) => `client_${100_000 + tag * 10 + place}`);
  const booking = readMigrations('booking');
  for (const clientId of clients) {
    await database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state, first_active_at)
         VALUES ($1, 'Salon', 'booking', 'en', 'UTC', 7, 'suspended', now())`,
        [clientId],
      );
      await tx.query('SELECT control.create_owned_schema($1)', [clientId]);
      await migrateSchema(tx, clientId, 'booking', booking, clientId);
    });
  }
  const env = {
    ...programs.postgres.env,
    PATH: `${programs.postgres.bin}:/usr/bin:/bin`,
    PGHOST: facts.host,
    PGPORT: String(facts.port),
    PGUSER: facts.user,
    PGPASSWORD: facts.password,
  };
  const exec: Exec = async ([command = '', ...args], more = {}) =>
    (await startCommand({ command: `/usr/bin/${command}`, args, options: { env: { ...env, ...more } } })).session;
  let current = exec;
  const poolCalls: string[] = [];
  const opened: Backups[] = [];
  const world: BackupWorld = {
    ...{ database, facts, folder, clients, poolCalls, exec, toolEnv: env },
    use: (other) => {
      current = other ?? exec;
    },
    async open(change = {}) {
      const backups = await openBackups({
        database,
        server: facts,
        exec: (command, more) => current(command, more),
        folder,
        pool: {
          deactivateBot: async (clientId) => {
            poolCalls.push(`deactivate ${clientId}`);
            return { clientId, container: undefined, drained: true };
          },
          resumeBot: async (clientId) => {
            poolCalls.push(`resume ${clientId}`);
            throw new BotpoolError('client_no_token', { clientId });
          },
        },
        logger: createLogger('test', 'silent', { write: () => undefined }),
        now: Date.now,
        newSuffix: () => randomBytes(3).toString('hex'),
        encryption: { recipient: undefined, keyFile: join(home, 'secrets/backup.agekey') },
        secrets: async () => ({ 'secrets/master.key': 'the key of this world' }),
        limits: { toolMs: 60_000, leastFree: 1 },
        promisedHours: 26,
        target: undefined,
        firstDue: async () => undefined,
        ...change,
      });
      opened.push(backups);
      return backups;
    },
    async addUser(clientId) {
      await database.query(
        `INSERT INTO ${clientId}.users (telegram_id, name, locale) VALUES ((SELECT coalesce(max(telegram_id), 0) + 1 FROM ${clientId}.users), 'Olga', 'en')`,
      );
    },
    async countUsers(clientId) {
      const { rows } = await database.query<{ count: string }>(`SELECT count(*) FROM ${clientId}.users`);
      return Number(rows[0]?.count);
    },
    async checksum(schema) {
      const { rows } = await database.query<{ sum: string }>(
        `SELECT md5(schema_to_xml($1::name, true, false, '')::text) AS sum`,
        [schema],
      );
      return rows[0]?.sum ?? '';
    },
    async codeOf(step) {
      try {
        await step;
      } catch (error) {
        if (isBotpoolError(error)) return error.code;
        throw error;
      }
      return 'no failure';
    },
    async debris() {
      const { rows } = await database.query<{ name: string }>(
        `SELECT nspname::text AS name FROM pg_namespace WHERE nspname LIKE 'botpool%'
         UNION ALL SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)
         UNION ALL SELECT rolname::text FROM pg_roles WHERE starts_with(rolname, $2)`,
        [ownPrefix('trial', facts.database), ownPrefix('restorer', facts.database)],
      );
      const { readdir } = await import('node:fs/promises');
      const folders = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(PART));
      return [...rows.map(({ name }) => name), ...folders];
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((each) => each.close()));
      await test[Symbol.asyncDispose]();
      const server = openDatabase({ ...facts, database: 'postgres', max: 1, applicationName: 'test' });
      for (const clientId of clients) await server.query(`DROP ROLE IF EXISTS ${clientId}`);
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  return world;
}
