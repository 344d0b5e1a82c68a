import { randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimBot } from '#core/pool/claim.ts';
import { prepareClaim } from '#core/pool/deliver.ts';
import { type Pool, startPool } from '#core/pool/index.ts';
import { createCandidateSource, listBots } from '#core/pool/presence.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { createVault } from '#core/secrets/vault.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { getTenant, wantActive } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { parseActivationRequest } from '#shared/schemas/tenant.ts';
import { type OwnStack, startOwnStack } from '../support/pool-stores.ts';
import { SimulatedBot } from '../support/simulated-bot.ts';
import { until } from '../support/until.ts';

const SEED = Number(process.env['SEED'] ?? randomInt(1, 2 ** 31 - 1));
const RUNS = Number(process.env['RUNS'] ?? 8);
const CONTAINERS = 4;
const TENANTS = 5;

/** One thing that happens. Numbers choose who it happens to. */
type Step =
  | { readonly type: 'activate' | 'deactivate'; readonly tenant: number; readonly plane: number }
  | { readonly type: 'wake' | 'beat' | 'crash' | 'restart' | 'serve' | 'fail' | 'break'; readonly bot: number }
  | { readonly type: 'flush' }
  | { readonly type: 'tend'; readonly plane: number };

const tenant = fc.integer({ min: 0, max: TENANTS - 1 });
const plane = fc.integer({ min: 0, max: 1 });
const bot = fc.integer({ min: 0, max: CONTAINERS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('activate' as const), tenant, plane }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('deactivate' as const), tenant, plane }) },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constantFrom('wake' as const, 'wake' as const, 'serve' as const), bot }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('beat' as const, 'crash' as const, 'restart' as const, 'fail' as const, 'break' as const),
      bot,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'flush' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('tend' as const), plane }) },
);

describe('the pool under random interleavings', () => {
  let stack: OwnStack;
  beforeAll(async () => {
    console.log(`seed of the interleavings: ${SEED} (replay with SEED=${SEED})`);
    stack = await startOwnStack();
  }, 60_000);
  afterAll(() => stack[Symbol.asyncDispose]());

  it(
    'never gives a bot to two tenants nor a tenant two bots, and serves everybody in the end',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
          await using history = await openHistory(stack, CONTAINERS);
          for (const one of steps) {
            await history.take(one);
            await history.checkAlways();
          }
          await history.settle();
        }),
        { seed: SEED, numRuns: RUNS, endOnFailure: true },
      );
    },
    60_000 + RUNS * 10_000,
  );

  it('tells its callers at once when it closes, and another control plane carries their activations through', async () => {
    await using history = await openHistory(stack, 1);
    const claimed = history.activate(0, 0);
    await until('the bot is claimed', async () => (await history.openCount()) === 1);
    await history.closePlane(0);
    expect(await claimed).toBe('control_plane_unreachable');
    expect(await history.activate(0, 0)).toBe('control_plane_unreachable');
    const other = history.activate(0, 1);
    await until('it is served', async () => {
      await history.serveAll();
      return (await history.activeCount()) === 1;
    });
    expect(await other).toBe('active');
  }, 30_000);

  it('opens a fence with one password when two control planes open it at the same moment', async () => {
    await using history = await openHistory(stack, 1);
    // Nobody looks after this claim: the three calls below are the control planes.
    await Promise.all([history.closePlane(0), history.closePlane(1)]);
    const { database, clientId } = history;
    const vault = createVault(randomBytes(32));
    const request = parseActivationRequest({ clientId, token: `1234567:${'B'.repeat(35)}`, ownerId: 1, company: 'S' });
    const tenant = await database.transaction((tx) => wantActive(tx, vault, request, 'test'));
    const source = createCandidateSource(stack.redis);
    const result = await claimBot(database, source, uuidv7(), clientId, 'never', true);
    if (result.outcome !== 'claimed') throw new Error(result.outcome);
    const kinds = new Map([['booking', { kind: 'booking', migrations: [], seed: () => Promise.resolve() }]]);
    const context = { database, redis: stack.redis, vault, kinds };
    const opened = await Promise.all([1, 2, 3].map(() => prepareClaim(context, tenant, result.claim)));
    expect(new Set(opened.map((credentials) => JSON.stringify(credentials))).size).toBe(1);
    const { login = '', postgresPassword = '', redisPassword = '' } = opened[0] ?? {};
    const { facts } = stack;
    const own = openDatabase({
      ...facts.postgres,
      user: login,
      password: postgresPassword,
      database: history.name,
      max: 1,
      applicationName: 'test',
    });
    expect((await own.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await own.close();
    expect(await stack.redis.call('AUTH', login, redisPassword)).toBe('OK');
    await stack.redis.call('AUTH', facts.redis.user, facts.redis.password);
  }, 30_000);

  it('queues a client when the search for a bot is over, not while candidates are busy', async () => {
    await using history = await openHistory(stack, 0);
    const { database, clientId } = history;
    const request = parseActivationRequest({ clientId, token: `1234567:${'B'.repeat(35)}`, ownerId: 1, company: 'S' });
    await database.transaction((tx) => wantActive(tx, createVault(randomBytes(32)), request, 'test'));
    const queuedAfter = async (containers: readonly string[]): Promise<boolean> => {
      await database.query("SELECT control.claim_bot($1, $2, $3, $3, $3, 'never', true)", [
        uuidv7(),
        clientId,
        containers,
      ]);
      return (await getTenant(database, clientId)).queuedAt !== null;
    };
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const busy = database.transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('bot', 2))");
      locked.resolve();
      await hold;
    });
    await locked.promise;
    expect(await queuedAfter(['bot'])).toBe(false);
    expect(await queuedAfter([])).toBe(true);
    release();
    await busy;
  }, 30_000);

  it('finds exactly 100 winners of 200 claims on 100 bots through two control planes', async () => {
    await using history = await openHistory(stack, 100);
    const calls = Array.from({ length: 200 }, (_unused, index) => history.activate(index, index % 2));
    await until('100 claims are made', async () => (await history.openCount()) === 100, 60_000);
    await until(
      'those are served',
      async () => {
        await history.serveAll();
        return (await history.activeCount()) === 100;
      },
      60_000,
    );
    const codes = await Promise.all(calls);
    expect(codes.filter((code) => code === 'active')).toHaveLength(100);
    expect(codes.filter((code) => code === 'pool_empty')).toHaveLength(100);
    await history.checkAlways();
    const { rows } = await history.database.query(
      'SELECT count(*)::int AS all, count(DISTINCT (container, boot_id))::int AS different FROM control.activations',
    );
    expect(rows).toEqual([{ all: 100, different: 100 }]);
  }, 120_000);
});

interface History {
  readonly database: Database;
  /** The database's name. */
  readonly name: string;
  /** A client that nobody has activated. */
  readonly clientId: string;
  closePlane(plane: number): Promise<void>;
  take(step: Step): Promise<void>;
  activate(tenant: number, plane: number): Promise<string>;
  serveAll(): Promise<void>;
  openCount(): Promise<number>;
  activeCount(): Promise<number>;
  /** What must hold at every moment. */
  checkAlways(): Promise<void>;
  /** Lets everything come to rest and checks what must hold then. */
  settle(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function openHistory(stack: OwnStack, containers: number): Promise<History> {
  const { facts } = stack;
  const name = `history_${randomBytes(5).toString('hex')}`;
  await stack.admin.query(`CREATE DATABASE ${name}`);
  await stack.redis.flushall();
  const logger = createLogger('history', process.env['POOL_DEBUG'] === undefined ? 'silent' : 'info');
  const closing = new AsyncDisposableStack();
  closing.defer(async () => {
    await stack.admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });
  const database = openDatabase({ ...facts.postgres, database: name, max: 10, applicationName: 'history' });
  closing.defer(() => database.close());
  await migrateControl(database);
  const vault = createVault(randomBytes(32));
  const planes: Pool[] = [];
  for (let index = 0; index < 2; index += 1) {
    const own = openDatabase({ ...facts.postgres, database: name, max: 10, applicationName: `plane-${index}` });
    closing.defer(() => own.close());
    const redis = stack.connect();
    closing.defer(() => redis.disconnect());
    const pool = await startPool({
      database: own,
      redis,
      eventRedis: stack.connect(),
      vault,
      logger,
      clock: { now: Date.now, sleep: (ms, signal) => stack.sleep(ms, signal) },
      newId: uuidv7,
      kinds: [{ kind: 'booking', migrations: [], seed: () => Promise.resolve() }],
      activationTimeoutMs: 60_000,
      spares: 0,
      roundMs: 150,
      sweepMs: 500,
      missingMs: 700,
      drainMs: 200,
    });
    planes.push(pool);
    closing.defer(() => pool.close());
  }
  const base = randomInt(1_000, 8_000) * 100;
  const clientOf = (index: number): string => `client_${base + index}`;
  const bots = Array.from({ length: containers }, (_unused, index) => new SimulatedBot(stack.redis, index + 1));
  await Promise.all(bots.map((one) => one.start()));
  const fences = new Map<string, number>();
  const calls = new Set<Promise<unknown>>();

  const activate = async (index: number, plane: number): Promise<string> => {
    const token = `${1_000_000 + base + index}:${'A'.repeat(30)}${String(base + index).padStart(6, '0')}`;
    const input = { clientId: clientOf(index), token, ownerId: 1, company: 'Salon' };
    try {
      await planes[plane]?.activateBot(input, 'test');
      return 'active';
    } catch (error) {
      if (isBotpoolError(error)) return error.code;
      throw error;
    }
  };
  const begin = (call: Promise<unknown>): void => {
    const tracked = call.finally(() => calls.delete(tracked));
    calls.add(tracked);
  };
  const count = async (condition: string): Promise<number> => {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM control.activations WHERE ${condition}`,
    );
    return rows[0]?.count ?? -1;
  };
  const serveAll = async (): Promise<void> => {
    await Promise.all(
      bots.map(async (one) => {
        if (one.state === 'down') await one.start();
        await one.beat();
        await one.wake();
        await one.finish('active');
      }),
    );
  };

  return {
    database,
    name,
    clientId: clientOf(99),
    async closePlane(index) {
      await planes[index]?.close();
    },
    activate,
    serveAll,
    openCount: () => count('ended_at IS NULL'),
    activeCount: () => count("ended_at IS NULL AND state = 'active'"),
    async take(one) {
      if (one.type === 'activate') begin(activate(one.tenant, one.plane));
      else if (one.type === 'flush') await stack.redis.flushall();
      else if (one.type === 'tend') await planes[one.plane]?.tend();
      else if ('tenant' in one) {
        begin(
          Promise.resolve(
            planes[one.plane]?.deactivateBot(clientOf(one.tenant), { actor: 'test', reason: 'test' }),
          ).catch((error: unknown) => {
            if (!isBotpoolError(error, 'client_unknown')) throw error;
          }),
        );
      } else {
        const target = bots[one.bot];
        if (one.type === 'wake') await target?.wake();
        else if (one.type === 'beat') await target?.beat();
        else if (one.type === 'crash') target?.crash();
        else if (one.type === 'restart') await target?.start();
        else if (one.type === 'serve') await target?.finish('active');
        else if (one.type === 'fail') await target?.finish('telegram_unreachable');
        else await target?.finish('bot_lost');
      }
    },
    async checkAlways() {
      const { rows } = await database.query<{ client_id: string; container: string; fence: string }>(
        'SELECT client_id, container, boot_id, fence FROM control.activations WHERE ended_at IS NULL',
      );
      expect(new Set(rows.map((row) => row.client_id)).size).toBe(rows.length);
      const { rows: newest } = await database.query<{ client_id: string; fence: string; max: string | null }>(
        `SELECT t.client_id, t.fence, (SELECT max(a.fence) FROM control.activations a WHERE a.client_id = t.client_id)
         FROM control.tenants t`,
      );
      for (const row of newest) {
        expect(Number(row.fence)).toBe(Number(row.max ?? 0));
        expect(Number(row.fence)).toBeGreaterThanOrEqual(fences.get(row.client_id) ?? 0);
        fences.set(row.client_id, Number(row.fence));
      }
      // A process serves, in its own belief, the tenant that PostgreSQL gave it: once, and no other one ever.
      for (const one of bots.filter(({ config }) => config !== undefined)) {
        const { rows: given } = await database.query(
          'SELECT client_id, id FROM control.activations WHERE container = $1 AND boot_id = $2',
          [one.container, one.bootId],
        );
        expect(given).toEqual([{ client_id: one.config?.client_id, id: one.config?.activation_id }]);
      }
    },
    async settle() {
      await until(
        'everybody is served and shown so',
        async () => {
          await serveAll();
          // Half a minute passes for those who are to be tried again later.
          await database.query('UPDATE control.tenants SET queued_at = now() WHERE queued_at > clock_timestamp()');
          const { rows: wanted } = await database.query<{ client_id: string }>(
            "SELECT client_id FROM control.tenants WHERE state = 'active'",
          );
          const { rows: serving } = await database.query<{ client_id: string; container: string; boot_id: string }>(
            "SELECT client_id, container, boot_id FROM control.activations WHERE ended_at IS NULL AND state = 'active'",
          );
          if (serving.length !== Math.min(wanted.length, bots.length) || calls.size > 0) return false;
          const shown = (await listBots(stack.redis)).filter(({ status }) => status === 'active');
          const asText = (list: readonly { client_id?: string | undefined; container: string; boot_id: string }[]) =>
            list
              .map((row) => `${row.client_id} ${row.container} ${row.boot_id}`)
              .toSorted()
              .join();
          return (
            asText(serving) === asText(shown.map((status) => ({ ...status, container: status.container_id }))) &&
            (await strayLogins(database)) === 0 &&
            (await strayUsers(stack, database)) === 0
          );
        },
        25_000,
      ).catch(async (cause: unknown) => {
        const { rows } = await database.query('SELECT client_id, state, fence, queued_at FROM control.tenants');
        const { rows: activations } = await database.query(
          'SELECT client_id, fence, container, left(boot_id, 4) AS boot, state, outcome FROM control.activations ORDER BY claimed_at',
        );
        const shown = (await listBots(stack.redis)).map(
          ({ container_id, boot_id, status, client_id }) =>
            `${container_id} ${boot_id.slice(0, 4)} ${status} ${client_id}`,
        );
        const believed = bots.map((one) => `${one.container} ${one.bootId.slice(0, 4)} ${one.state}`);
        const logins = await strayLogins(database);
        const users = await strayUsers(stack, database);
        const facts = { calls: calls.size, logins, users, rows, activations, shown, believed };
        throw new Error(JSON.stringify(facts, undefined, 1), { cause });
      });
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Logins of tenants of this database without an open activation of the same fence. */
async function strayLogins(database: Database): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM control.tenants t CROSS JOIN LATERAL control.tenant_logins(t.client_id, NULL) AS l
     WHERE NOT EXISTS (SELECT FROM control.activations a
       WHERE a.client_id = t.client_id AND a.ended_at IS NULL AND l::text = a.client_id || '_' || a.fence)`,
  );
  return rows[0]?.count ?? -1;
}

async function strayUsers(stack: OwnStack, database: Database): Promise<number> {
  const users = String(await stack.redis.call('ACL', 'USERS')).split(',');
  const { rows } = await database.query<{ login: string }>(
    "SELECT client_id || '_' || fence AS login FROM control.activations WHERE ended_at IS NULL",
  );
  const wanted = new Set(rows.map(({ login }) => login));
  const { rows: known } = await database.query<{ client_id: string }>('SELECT client_id FROM control.tenants');
  const own = users.filter((user) => known.some(({ client_id }) => user.startsWith(`${client_id}_`)));
  return own.filter((user) => !wanted.has(user)).length;
}
