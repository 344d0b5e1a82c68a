/**
 * Many sales while everything goes wrong that can: answers of the shop are lost, notifications are lost, doubled, late and
 * forged, and the worker, the gateway, the sales desk, PostgreSQL and Redis are killed at named points. At the end the
 * books are held against the shop.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openSalesBox } from '#core/billing/box.ts';
import { prepareSales } from '#core/billing/prepare.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault } from '#core/secrets/vault.ts';
import { createSandboxClient, type SandboxShop } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { type Random, randomBetween } from '#sandbox/random.ts';
import { startSandbox } from '#sandbox/server.ts';
import { startTestStack, type TestStack } from '../support/own-stack.ts';
import { SimulatedBot } from '../support/simulated-bot.ts';
import { until } from '../support/until.ts';
import { liveOneBuyer } from './buyers.ts';
import type { Plant, SoakFacts } from './facts.ts';
import { KILL_POINTS, type Role } from './kill-points.ts';
import { type Revenant, raise } from './processes.ts';
import { randomOf } from './random.ts';
import { judge, type Verdict } from './verdict.ts';

/** How much of it. */
export interface SaleSoakOptions {
  /** At least so many orders; there are more when the kills take longer. */
  readonly orders: number;
  readonly kills: number;
  readonly seed: number;
  readonly plant?: Plant | undefined;
  readonly report: (sentence: string) => void;
}

/** What came of it. */
export interface SaleSoakResult extends Verdict {
  readonly orders: number;
  readonly stories: Readonly<Record<string, number>>;
  /** How often each point was the end. */
  readonly kills: Readonly<Record<string, number>>;
  /** Notifications of strangers that were answered 200. Has to be 0. */
  readonly strangersTaken: number;
}

const LANES = 24;
const BOTS = 10;
const DATABASE = 'booking_saas';
const KILL_PATIENCE_MS = 10_000;
/** Nobody kills twice at the same moment; what was killed comes back in between. */
const MOST_PAUSE_MS = 250;

/** Runs it. */
export async function soakSales(options: SaleSoakOptions): Promise<SaleSoakResult> {
  const random = randomOf(options.seed);
  await using stack = await startTestStack();
  await using sandbox = await startSandbox();
  const { shop } = createSandboxClient(sandbox.url);
  const masterKey = randomBytes(32);
  const facts: SoakFacts = {
    postgres: stack.postgres,
    database: DATABASE,
    redis: stack.redis,
    shopRoot: sandbox.yookassaApiRoot,
    gatewayPort: await freePort(),
    masterKey: masterKey.toString('base64'),
    plant: options.plant,
  };
  await using database = await openBooks(stack, masterKey);
  await using _bots = runBots(stack, Math.max(BOTS, LANES / 2));
  const processes: Record<Role, Revenant> = {
    worker: raise('worker', facts),
    gateway: raise('gateway', facts),
    desk: raise('desk', facts),
  };
  try {
    await Promise.all(Object.values(processes).map((one) => one.ready()));
    await shop.configure({
      notificationUrl: `http://127.0.0.1:${facts.gatewayPort}/webhooks/yookassa`,
      ...{ lostAnswerRate: 0.3, errorRate: 0.05, loseRate: 0.1, duplicates: 4, lateMs: 400 },
    });
    return await run(options, { random, stack, shop, database: database.books, processes, shopRoot: facts.shopRoot });
  } finally {
    await Promise.all(Object.values(processes).map((one) => one.close()));
  }
}

interface Parts {
  readonly random: Random;
  readonly stack: TestStack;
  readonly shop: SandboxShop;
  readonly shopRoot: string;
  readonly database: Database;
  readonly processes: Readonly<Record<Role, Revenant>>;
}

async function run(options: SaleSoakOptions, parts: Parts): Promise<SaleSoakResult> {
  const { random, shop, database, processes, shopRoot } = parts;
  const strange = new Set<string>();
  const stories: Record<string, number> = {};
  let begun = 0;
  let killing = true;
  const lane = async (): Promise<void> => {
    while (begun < options.orders || killing) {
      begun += 1;
      if (begun % 500 === 0) options.report(`${begun} orders begun`);
      const story = await liveOneBuyer({ database, desk: processes.desk, shop, shopRoot, random, strange });
      stories[story] = (stories[story] ?? 0) + 1;
    }
  };
  const lanes = Promise.all(Array.from({ length: Math.min(LANES, options.orders) }, lane));
  const stop = new AbortController();
  const forging = forge(parts, stop.signal);
  const hurrying = hurry(parts, stop.signal);
  let kills: Record<string, number> = {};
  try {
    kills = await killAll(options, parts);
  } finally {
    killing = false;
    await lanes.finally(() => stop.abort());
  }
  const strangersTaken = await forging;
  await hurrying;
  options.report('nothing new happens; everything comes to rest');
  await comeToRest(parts).catch((error: unknown) => options.report(String(error)));
  const verdict = await judge(database, await shop.payments(), strange);
  return { ...verdict, orders: begun, stories, kills, strangersTaken };
}

/** Ends processes and servers at one point after the other, in an order that the seed gives. */
async function killAll({ kills, report }: SaleSoakOptions, parts: Parts): Promise<Record<string, number>> {
  const { random, stack, processes } = parts;
  const done: Record<string, number> = {};
  const points = Object.entries(KILL_POINTS).flatMap(([role, names]) =>
    names.map((point) => ({ role: role as Role | 'stack', point })),
  );
  let round: typeof points = [];
  for (let killed = 0, missed = 0; killed < kills && missed < 3 * kills; ) {
    if (round.length === 0) round = shuffled(points, random);
    const { role, point } = round.pop() ?? { role: 'stack', point: 'Redis' };
    await pause(randomBetween(random, 0, MOST_PAUSE_MS));
    const hit =
      role === 'stack'
        ? await killServer(stack, point)
        : await processes[role].killAt(point, randomBetween(random, 0, 2), KILL_PATIENCE_MS);
    if (role !== 'stack') await processes[role].ready();
    if (!hit) {
      missed += 1;
      continue;
    }
    killed += 1;
    done[point] = (done[point] ?? 0) + 1;
    if (killed % 20 === 0) report(`${killed} of ${kills} kills`);
  }
  return done;
}

async function killServer(stack: TestStack, point: string): Promise<boolean> {
  await stack.engine.kill(point === 'Redis' ? 'booking-redis' : 'booking-postgres', 'SIGKILL');
  await stack.ready();
  return true;
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** Says things that never happened, as the provider and as strangers; how many strangers were believed. */
async function forge({ shop, random }: Parts, signal: AbortSignal): Promise<number> {
  let taken = 0;
  while (!signal.aborted) {
    await pause(100);
    const payments = await shop.payments().catch(() => []);
    const id = payments[Math.floor(random() * payments.length)]?.id ?? 'nothing';
    const said = (event: string, object: object) => ({ body: { type: 'notification', event, object } });
    const stranger = ['185.71.76.200', '185.71.76.1, 6.6.6.6', '127.0.0.1', '6.6.6.6'][randomBetween(random, 0, 3)];
    const headers = { 'x-yookassa-signature': 'v1 invented', authorization: 'Basic MTAwNTAwOng=' };
    await Promise.all([
      shop.forge(said('payment.canceled', { id, status: 'canceled' })),
      shop.forge(said('payment.succeeded', { id: crypto.randomUUID(), status: 'succeeded' })),
      shop.forge(said('refund.succeeded', { id })),
      shop.forge({ body: { nonsense: true } }),
      shop
        .forge({
          ...said('payment.succeeded', { id, status: 'succeeded' }),
          ...(stranger ? { source: stranger } : {}),
          headers,
        })
        .then((status) => {
          if (status === 200) taken += 1;
        }),
    ]).catch(() => undefined);
  }
  return taken;
}

/** A pause of a minute is a second here: what waits for its next try is tried. */
async function hurry({ database }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(500);
    await hurryOnce(database).catch(() => undefined);
  }
}

async function hurryOnce(database: Database): Promise<void> {
  for (const table of ['payment_hints', 'payments', 'refunds']) {
    await database.query(
      `UPDATE control.${table} SET next_at = clock_timestamp() WHERE next_at > clock_timestamp() + interval '1 second'`,
    );
  }
}

/** The shop is well again, and everything that is due is done; a word that comes a day late changes nothing. */
async function comeToRest({ shop, database, processes }: Parts): Promise<void> {
  await shop.configure({ lostAnswerRate: 0, errorRate: 0, loseRate: 0, duplicates: 0, lateMs: 0 });
  await Promise.all(Object.values(processes).map((one) => one.ready()));
  for (const { id, status } of (await shop.payments()).slice(-200)) {
    const event = status === 'succeeded' ? 'payment.succeeded' : 'payment.canceled';
    await shop.forge({ body: { type: 'notification', event, object: { id, status } } });
  }
  await until(
    'nothing is due any more',
    async () => {
      await pause(200);
      await hurryOnce(database);
      const { rows } = await database.query<{ open: string }>(
        `SELECT (SELECT count(*) FROM control.payment_hints WHERE next_at IS NOT NULL)
           + (SELECT count(*) FROM control.refunds WHERE next_at IS NOT NULL)
           + (SELECT count(*) FROM control.payments WHERE status = 'creating')
           + (SELECT count(*) FROM control.orders WHERE state IN ('paid', 'activating')) AS open`,
      );
      return Number(rows[0]?.open) === 0;
    },
    180_000,
  );
}

/** The books, made and opened; they outlive every kill of their server. */
async function openBooks(
  stack: TestStack,
  masterKey: Buffer,
): Promise<{ readonly books: Database; [Symbol.asyncDispose](): Promise<void> }> {
  const common = { ...stack.postgres, applicationName: 'soak', onIdleError: () => undefined };
  const admin = openDatabase({ ...common, database: 'postgres', max: 1 });
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.close();
  const books = openDatabase({ ...common, database: DATABASE, max: 12 });
  await migrateControl(books);
  const vault = createVault(masterKey);
  openSalesBox(vault);
  await prepareSales(books, vault);
  return { books, [Symbol.asyncDispose]: () => books.close() };
}

/** Bots that do what they are told; each tenancy is a process of its own. */
function runBots(stack: TestStack, count: number): AsyncDisposable {
  const stop = new AbortController();
  const redis = openRedis({
    ...{ ...stack.redis, username: stack.redis.user, name: 'soak-bots', onError: () => undefined },
  });
  const bots = Array.from({ length: count }, (_unused, index) => new SimulatedBot(redis, index + 1));
  const live = async (bot: SimulatedBot): Promise<void> => {
    for (let look = 0; !stop.signal.aborted; look += 1) {
      try {
        if (bot.state === 'down') await bot.start();
        if (look % 25 === 0) await bot.beat();
        await bot.wake();
        await bot.finish('active');
      } catch {
        // Redis is away for a moment.
      }
      await pause(20);
    }
  };
  const running = Promise.all(bots.map(live));
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      redis.disconnect();
      await running;
    },
  };
}
