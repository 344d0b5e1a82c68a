/**
 * Backups of many clients with many bookings, and of very many clients: what our dump and our restore cost beside the bare
 * tools, what memory the panel needs meanwhile, and how fast one client out of a thousand is back. The rivals are `pg_dump`
 * and `pg_restore` of the same format on the same server.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl, migrateSchema, readMigrations } from '#core/postgres/migrate.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import type { BackupContext } from '#main/backups/context.ts';
import { writeBackup } from '#main/backups/create.ts';
import { type Backups, openBackups } from '#main/backups/index.ts';
import { runTool } from '#main/backups/tools.ts';
import { restoreWhole } from '#main/backups/whole.ts';
import { POSTGRES_CONTAINER } from '#main/stack/embedded/postgres.ts';
import { startTestStack, type TestStack } from '../support/own-stack.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';

const BUSY = { clients: 100, bookings: 10_000 } as const;
const MANY = 1_000;
const ROUNDS = 2;
/** One client is restored so often; the median counts. */
const TENANT_ROUNDS = 5;
const DATABASE = 'booking_saas';
const SAMPLE_MS = 20;
const MIB = 1_048_576;
const LIMIT_MS = 1_800_000;

const RIVAL = 'bare pg_dump and pg_restore';

/** Both parts. Some minutes. */
export async function benchBackup(options: BenchOptions): Promise<BenchResult> {
  const [busy, many] = [await benchBackupClients(options), await benchBackupSchemas(options)];
  return {
    name: 'backup',
    figures: { ...busy.figures, ...many.figures },
    rival: { name: RIVAL, figures: { ...busy.rival.figures, ...many.rival.figures } },
    ratios: { ...busy.ratios, ...many.ratios },
    samples: { ...busy.samples, ...many.samples },
  };
}

/** A hundred clients with many bookings. */
export async function benchBackupClients({ size, report }: BenchOptions): Promise<BenchResult> {
  const busy = await heavyClients(Math.max(2, Math.round(BUSY.clients * size)), report);
  return {
    name: 'backup-clients',
    figures: {
      clients: busy.clients,
      bookings: BUSY.bookings,
      'backup.ms': round(busy.backup),
      'backup.mib': round(busy.mib),
      'restore.ms': round(busy.restore),
      panel_peak_mib: round(busy.growth),
    },
    rival: { name: RIVAL, figures: { 'backup.ms': round(busy.bareBackup), 'restore.ms': round(busy.bareRestore) } },
    ratios: {
      backup_ratio: round(busy.backup / busy.bareBackup),
      restore_ratio: round(busy.restore / busy.bareRestore),
    },
    samples: busy.samples,
  };
}

/** A thousand clients with little in them. */
export async function benchBackupSchemas({ size, report }: BenchOptions): Promise<BenchResult> {
  const many = await manyClients(Math.max(20, Math.round(MANY * size)), report);
  return {
    name: 'backup-schemas',
    figures: {
      'many.clients': many.clients,
      'many.backup_ms': round(many.backup),
      'many.restore_ms': round(many.restore),
      tenant_restore_ms: round(many.tenant),
      'tenant_restore.others_changed': many.changed,
    },
    rival: {
      name: RIVAL,
      figures: { 'many.backup_ms': round(many.bareBackup), 'many.restore_ms': round(many.bareRestore) },
    },
    ratios: {
      many_backup_ratio: round(many.backup / many.bareBackup),
      many_restore_ratio: round(many.restore / many.bareRestore),
      tenant_to_whole: round(many.tenant / many.bareRestore),
    },
    samples: many.samples,
  };
}

/** A server with so many clients, and backups of it as a control plane has them. */
interface Stage {
  readonly stack: TestStack;
  readonly database: Database;
  readonly context: BackupContext;
  readonly backups: Backups;
  readonly clients: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** `durable`: as the product is; without it a thousand clients are made in minutes instead of hours, for both alike. */
async function openStage(
  count: number,
  durable: boolean,
  fill: (database: Database, client: string) => Promise<void>,
): Promise<Stage> {
  const stack = await startTestStack({ durable });
  const server = { ...stack.postgres, database: DATABASE };
  const maintenance = openDatabase({ ...server, database: 'postgres', max: 1, applicationName: 'bench' });
  await maintenance.query(`CREATE DATABASE ${DATABASE}`);
  await maintenance.close();
  const database = openDatabase({ ...server, max: 4, applicationName: 'bench', statementTimeoutMs: LIMIT_MS });
  await migrateControl(database);
  const booking = readMigrations('booking');
  const clients = Array.from({ length: count }, (_, place) => `client_${String(place + 1).padStart(4, '0')}`);
  const lane = async (places: readonly string[]): Promise<void> => {
    for (const client of places) {
      await database.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state, first_active_at)
           VALUES ($1, 'Salon', 'booking', 'en', 'UTC', 7, 'suspended', now())`,
          [client],
        );
        await tx.query('SELECT control.create_owned_schema($1)', [client]);
        await migrateSchema(tx, client, 'booking', booking, client);
      });
      await fill(database, client);
    }
  };
  await Promise.all([0, 1].map((half) => lane(clients.filter((_, place) => place % 2 === half))));
  await database.query('VACUUM ANALYZE');
  const options = {
    ...{ database, server, folder: join(stack.folder, 'backups'), now: Date.now },
    exec: (command: readonly string[], env?: Readonly<Record<string, string>>) =>
      stack.engine.exec(POSTGRES_CONTAINER, command, env),
    pool: { deactivateBot: never, resumeBot: never },
    logger: createLogger('bench', 'silent', { write: () => undefined }),
    newSuffix: () => randomBytes(3).toString('hex'),
    encryption: { recipient: undefined, keyFile: join(stack.folder, 'agekey') },
    secrets: async () => ({}),
    limits: { toolMs: LIMIT_MS, leastFree: 1 },
    ...{ promisedHours: 26, target: undefined, firstDue: async () => undefined },
  };
  const backups = await openBackups(options);
  return {
    ...{ stack, database, backups, clients, context: options },
    async [Symbol.asyncDispose]() {
      await backups.close();
      await database.close();
      await stack[Symbol.asyncDispose]();
    },
  };
}

function never(): never {
  throw new Error('clients of this benchmark have no bots');
}

async function heavyClients(count: number, report: BenchOptions['report']) {
  report(`filling ${count} clients with ${BUSY.bookings} bookings each`);
  await using stage = await openStage(count, true, fillBookings);
  const samples = {
    bareBackup: [] as number[],
    backup: [] as number[],
    bareRestore: [] as number[],
    restore: [] as number[],
  };
  let [mib, growth] = [0, 0];
  for (let turn = 1; turn <= ROUNDS; turn += 1) {
    report(`round ${turn}: dumps`);
    const plain = join(stage.stack.folder, `plain-${turn}.dump`);
    const id = `b20260101-00000${turn}-abcdef`;
    await inTurns(turn, [
      async () => void samples.bareBackup.push(await settled(stage, () => bareDump(stage, plain))),
      async () => {
        const memory = watchMemory();
        const write = async (): Promise<void> => {
          const { bytes } = await writeBackup(stage.context, { id, scope: 'all' }, () => undefined);
          mib = bytes / MIB;
        };
        samples.backup.push(await settled(stage, write));
        growth = Math.max(growth, memory.stop());
      },
    ]);
    report(`round ${turn}: restores`);
    await inTurns(turn, [
      async () => {
        samples.bareRestore.push(await settled(stage, () => bareRestore(stage, plain, `bare_${turn}`)));
        await dropDatabase(stage, `bare_${turn}`);
      },
      async () => {
        const memory = watchMemory();
        samples.restore.push(await wholeRestore(stage, id));
        growth = Math.max(growth, memory.stop());
      },
    ]);
  }
  const middle = medians(samples);
  return { clients: count, mib, growth, samples, ...middle };
}

async function manyClients(count: number, report: BenchOptions['report']) {
  report(`making ${count} clients`);
  await using stage = await openStage(count, false, async (database, client) => {
    await database.query(
      `INSERT INTO ${client}.users (telegram_id, name, locale) SELECT n, 'Olga ' || n, 'en' FROM generate_series(1, 20) n`,
    );
  });
  const samples = {
    bareMany: [] as number[],
    many: [] as number[],
    bareManyRestore: [] as number[],
    tenant: [] as number[],
  };
  const plain = join(stage.stack.folder, 'plain.dump');
  report('dumps');
  samples.bareMany.push(await timed(() => bareDump(stage, plain)));
  const id = 'b20260101-000001-abcdef';
  samples.many.push(
    await timed(async () => void (await writeBackup(stage.context, { id, scope: 'all' }, () => undefined))),
  );
  await stage.backups.tidy();
  report('one client out of all of them');
  const [client = '', ...others] = stage.clients;
  await stage.database.query(`DELETE FROM ${client}.users`);
  const before = await checksums(stage.database, others);
  for (let turn = 0; turn < TENANT_ROUNDS; turn += 1) {
    samples.tenant.push(await timed(() => stage.backups.restore(id, { clientId: client, actor: 'bench' })));
  }
  const after = await checksums(stage.database, others);
  const changed = others.filter((_, place) => before[place] !== after[place]).length;
  report('whole restores');
  samples.bareManyRestore.push(await settled(stage, () => bareRestore(stage, plain, 'bare')));
  await dropDatabase(stage, 'bare');
  const restore = await wholeRestore(stage, id);
  return {
    ...{ clients: count, changed, restore },
    backup: percentile(samples.many, 0.5),
    bareBackup: percentile(samples.bareMany, 0.5),
    bareRestore: percentile(samples.bareManyRestore, 0.5),
    tenant: percentile(samples.tenant, 0.5),
    samples: { ...samples, manyRestore: [restore] },
  };
}

/** A day has 48 visits of half an hour; who comes is by turns. */
async function fillBookings(database: Database, client: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(`SET LOCAL search_path = ${client}, public`);
    await tx.query(
      `INSERT INTO users (telegram_id, name, locale) SELECT n, 'Olga ' || n, 'en' FROM generate_series(1, 500) n`,
    );
    await tx.query("INSERT INTO staff (name) VALUES ('Anna')");
    await tx.query("INSERT INTO services (name, duration_minutes, price_kopecks) VALUES ('Manicure', 30, 150000)");
    await tx.query(
      `INSERT INTO bookings (user_id, service_id, staff_id, during, status, price_kopecks, note)
       SELECT u.id, s.id, t.id, tstzrange(at, at + interval '30 minutes'), 'done', 150000, 'note ' || n
       FROM generate_series(1, $1) n CROSS JOIN LATERAL (SELECT timestamptz '2024-01-01' + n * interval '30 minutes' AS at) w
       JOIN users u ON u.telegram_id = n % 500 + 1, services s, staff t`,
      [BUSY.bookings],
    );
  });
}

async function bareDump({ context }: Stage, path: string): Promise<void> {
  await runTool(context.exec, {
    command: ['pg_dump', '--format=custom', '--no-password', `--dbname=${DATABASE}`],
    limitMs: LIMIT_MS,
    output: async (stdout) => await pipeline(stdout, createWriteStream(path)),
  });
}

async function bareRestore({ context, database }: Stage, path: string, name: string): Promise<void> {
  await database.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  await runTool(context.exec, {
    command: ['pg_restore', '--no-password', '--exit-on-error', `--dbname=${name}`],
    input: createReadStream(path),
    limitMs: LIMIT_MS,
  });
}

async function dropDatabase({ database }: Stage, name: string): Promise<void> {
  await database.query(`DROP DATABASE ${name} WITH (FORCE)`);
}

/** Restored, counted, and in the place of the old one, which is dropped when the time is taken. Milliseconds. */
async function wholeRestore(stage: Stage, id: string): Promise<number> {
  const { context } = stage;
  let before: string | undefined;
  const ms = await settled(stage, async () => {
    const folder = join(context.folder, id);
    ({ before } = await restoreWhole({ ...context, folder, identities: [], report: () => undefined }));
  });
  const maintenance = openDatabase({ ...context.server, database: 'postgres', max: 1, applicationName: 'bench' });
  if (before !== undefined) await maintenance.query(`DROP DATABASE ${before} WITH (FORCE)`);
  await maintenance.close();
  return ms;
}

async function checksums(database: Database, clients: readonly string[]): Promise<string[]> {
  const sums: string[] = [];
  for (const client of clients) {
    const { rows } = await database.query(`SELECT schema_to_xml($1::name, true, false, '')::text AS text`, [client]);
    sums.push(createHash('sha256').update(JSON.stringify(rows)).digest('hex'));
  }
  return sums;
}

/** How much the largest sample lies above the first. MiB. */
function watchMemory(): { stop(): number } {
  const first = process.memoryUsage.rss();
  let most = first;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return (most - first) / MIB;
    },
  };
}

/** Who goes first changes with each round. */
async function inTurns(turn: number, [one, other]: readonly [() => Promise<void>, () => Promise<void>]): Promise<void> {
  for (const work of turn % 2 === 0 ? [other, one] : [one, other]) await work();
}

/** Timed with nothing of what was before still on its way to the disk. */
async function settled({ context }: Stage, work: () => Promise<unknown>): Promise<number> {
  const maintenance = openDatabase({ ...context.server, database: 'postgres', max: 1, applicationName: 'bench' });
  await maintenance.query('CHECKPOINT');
  await maintenance.close();
  return await timed(work);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function medians<K extends string>(samples: Readonly<Record<K, readonly number[]>>): Record<K, number> {
  const pairs = Object.entries<readonly number[]>(samples).map(([name, list]) => [name, percentile(list, 0.5)]);
  return Object.fromEntries(pairs) as Record<K, number>;
}
