/**
 * The protocol without bot processes: claims of many callers on thousands of simulated presences, and what a claim, a
 * change of state and a snapshot cost at 100, 1,000 and 10,000 bots. The rival is the naive way: KEYS, then one GET a bot.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { claimBot } from '#core/pool/claim.ts';
import { type CandidateSource, countBots, createCandidateSource, listBots } from '#core/pool/presence.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { deliver, heartbeat, register, release } from '#core/redis/pool-scripts.ts';
import { createBoxKeyPair, sealTo } from '#core/secrets/sealed-box.ts';
import { startTestStack } from '../support/own-stack.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';

const CALLERS = 50;
/** Claims at size 1; 100,000 is the figure of the specification and takes about two minutes. */
const CLAIMS = 100_000;
/** Bots that wait at a time: each round claims all of them. */
const ROUND = 4_000;
const SIZES = [100, 1_000, 10_000] as const;
const REPEATS = 300;
const HEALTH = { updates: 0, errors: 0, loop_lag_ms: 0, memory_bytes: 0 };

interface Stage {
  readonly database: Database;
  readonly redis: Redis;
  readonly publicKey: string;
}

/** Runs the benchmark. */
export async function benchScale({ size, report }: BenchOptions): Promise<BenchResult> {
  await using stack = await startTestStack({ durable: true });
  const maintenance = openDatabase({ ...stack.postgres, database: 'postgres', max: 1, applicationName: 'bench' });
  await maintenance.query('CREATE DATABASE booking_saas');
  await maintenance.close();
  const database = openDatabase({ ...stack.postgres, database: 'booking_saas', max: 30, applicationName: 'bench' });
  await migrateControl(database);
  const redis = openRedis({ ...stack.redis, username: stack.redis.user, name: 'bench' });
  const stage = { database, redis, publicKey: createBoxKeyPair().publicKey };
  try {
    const claims = await claimMany(stage, Math.max(1_000, Math.round(CLAIMS * size)), report);
    const costs = await measureCosts(stage, report);
    return describe(claims, costs);
  } finally {
    redis.disconnect();
    await database.close();
  }
}

interface Claims {
  readonly latencies: number[];
  readonly perSecond: number;
  readonly doubles: number;
  readonly total: number;
}

/** Claims and deliveries by many callers at once, until so many are done; afterwards PostgreSQL is asked for doubles. */
async function claimMany(stage: Stage, total: number, report: (sentence: string) => void): Promise<Claims> {
  const latencies: number[] = [];
  let busyMs = 0;
  for (let round = 0; latencies.length < total; round += 1) {
    const count = Math.min(ROUND, total - latencies.length);
    await prepareRound(stage, round, count);
    const source = createCandidateSource(stage.redis);
    const queue = Array.from(
      { length: count },
      (_unused, index) => `client_${100_000 + ((round * ROUND + index) % 900_000)}`,
    );
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        for (let clientId = queue.pop(); clientId !== undefined; clientId = queue.pop()) {
          const started = performance.now();
          await claimOne(stage, source, clientId);
          latencies.push(performance.now() - started);
        }
      }),
    );
    busyMs += performance.now() - begun;
    report(`${latencies.length} of ${total} claims, ${Math.round((latencies.length / busyMs) * 1_000)} a second`);
  }
  const { rows } = await stage.database.query<{ doubles: string; claims: string }>(
    `SELECT count(*) AS claims,
            count(*) - least(count(DISTINCT container || boot_id), count(DISTINCT client_id)) AS doubles
     FROM control.activations`,
  );
  if (Number(rows[0]?.claims) !== total) throw new Error(`${rows[0]?.claims} claims in PostgreSQL, expected ${total}`);
  return { latencies, perSecond: (total / busyMs) * 1_000, doubles: Number(rows[0]?.doubles), total };
}

/** Bots that wait and tenants that want one. */
async function prepareRound(stage: Stage, round: number, count: number): Promise<void> {
  await stage.redis.flushall();
  await registerBots(stage, count);
  const first = 100_000 + round * ROUND;
  await stage.database.query(
    `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state)
     SELECT 'client_' || n, 'Bench', 'booking', 'en', 'UTC', 1, 'active' FROM generate_series($1::int, $2::int) AS n`,
    [first, first + count - 1],
  );
}

async function registerBots(stage: Stage, count: number): Promise<void> {
  for (let start = 0; start < count; start += 500) {
    const batch = Array.from({ length: Math.min(500, count - start) }, (_unused, index) => start + index + 1);
    await Promise.all(batch.map((poolId) => register(stage.redis, container(poolId), 'waiting', facts(stage, poolId))));
  }
}

function container(poolId: number): string {
  return `booking-bot-pool-${poolId}`;
}

function facts(stage: Stage, poolId: number): Parameters<typeof register>[3] {
  return {
    pool_id: poolId,
    container_id: container(poolId),
    boot_id: randomUUID(),
    public_key: stage.publicKey,
    version: 'bench',
  };
}

/** What one claim is: candidates, the decision in PostgreSQL, the sealed delivery in Redis. */
async function claimOne(stage: Stage, source: CandidateSource, clientId: string): Promise<void> {
  const result = await claimBot(stage.database, source, uuidv7(), clientId, 'first-start', false);
  if (result.outcome !== 'claimed') throw new Error(`${clientId}: ${result.outcome}`);
  const { claim } = result;
  const sealed = sealTo(
    claim.publicKey,
    '{"token":"a configuration of the usual length would stand here"}',
    claim.container,
  );
  const answer = await deliver(stage.redis, { ...claim, clientId, sealed });
  source.giveBack([claim.container]);
  if (answer !== 'delivered') throw new Error(`${clientId}: ${answer}`);
}

interface Costs {
  readonly claim: number[];
  /** Two changes of state: a bot drains, and its fresh process waits. */
  readonly change: number[];
  readonly heartbeat: number[];
  /** All bots one by one, as a screen shows them: in proportion to their number. */
  readonly list: number[];
  readonly snapshot: number[];
  readonly naive: number[];
}

/** Medians in milliseconds at each size, in the order of {@link SIZES}. */
async function measureCosts(stage: Stage, report: (sentence: string) => void): Promise<Costs> {
  const costs: Costs = { claim: [], change: [], heartbeat: [], list: [], snapshot: [], naive: [] };
  for (const [step, count] of SIZES.entries()) {
    report(`costs at ${count} bots`);
    await stage.redis.flushall();
    await registerBots(stage, count);
    const source = createCandidateSource(stage.redis);
    const first = 10_000 + step * 1_000;
    await stage.database.query(
      `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state)
       SELECT 'client_' || n, 'Bench', 'booking', 'en', 'UTC', 1, 'active' FROM generate_series($1::int, $2::int) AS n`,
      [first, first + 99],
    );
    const known = await bootIds(stage, count);
    costs.snapshot.push(await median(REPEATS, () => countBots(stage.redis)));
    costs.heartbeat.push(
      await median(REPEATS, (index) => {
        const name = container((index % count) + 1);
        return heartbeat(stage.redis, name, known.get(name) ?? '', HEALTH);
      }),
    );
    costs.list.push(await median(Math.max(3, Math.round(3_000 / count)), () => listBots(stage.redis)));
    costs.change.push(await median(Math.min(90, count), (index) => leaveAndReturn(stage, (index % count) + 1, known)));
    costs.naive.push(await median(Math.max(3, Math.round(3_000 / count)), () => naiveSnapshot(stage.redis)));
    costs.claim.push(await median(Math.min(90, count), (index) => claimOne(stage, source, `client_${first + index}`)));
  }
  return costs;
}

async function leaveAndReturn(stage: Stage, poolId: number, known: ReadonlyMap<string, string>): Promise<void> {
  const name = container(poolId);
  const left = await release(stage.redis, name, known.get(name) ?? '', 'draining', 'bench');
  if (left !== 'ok') throw new Error(`${name}: ${left}`);
  await register(stage.redis, name, 'waiting', facts(stage, poolId));
}

async function bootIds(stage: Stage, count: number): Promise<ReadonlyMap<string, string>> {
  const names = Array.from({ length: Math.min(count, REPEATS) }, (_unused, index) => container(index + 1));
  const texts = await stage.redis.mget(names.map((name) => `bot_status:${name}`));
  return new Map(names.map((name, index) => [name, String(JSON.parse(texts[index] ?? '{}').boot_id)]));
}

async function naiveSnapshot(redis: Redis): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const key of await redis.keys('bot_status:*')) {
    const { status } = JSON.parse((await redis.get(key)) ?? '{}');
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

async function median(times: number, step: (index: number) => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await step(index);
    samples.push(performance.now() - begun);
  }
  return percentile(samples, 0.5);
}

function describe(claims: Claims, costs: Costs): BenchResult {
  const ratio = (values: readonly number[]): number => round((values.at(-1) ?? 0) / (values[0] ?? 1));
  const ratios = {
    claim: ratio(costs.claim),
    change: ratio(costs.change),
    heartbeat: ratio(costs.heartbeat),
    snapshot: ratio(costs.snapshot),
  };
  const figures = {
    claims_per_s: round(claims.perSecond),
    'claim.p50_ms': percentile(claims.latencies, 0.5),
    'claim.p99_ms': percentile(claims.latencies, 0.99),
    claims: claims.total,
    doubles: claims.doubles,
    cost_ratio_10000_to_100: Math.max(...Object.values(ratios)),
    'claim.cost_100_ms': costs.claim[0] ?? 0,
    'claim.cost_10000_ms': costs.claim.at(-1) ?? 0,
    'change.cost_100_ms': costs.change[0] ?? 0,
    'change.cost_10000_ms': costs.change.at(-1) ?? 0,
    'snapshot.cost_100_ms': costs.snapshot[0] ?? 0,
    'snapshot.cost_10000_ms': costs.snapshot.at(-1) ?? 0,
    'list.cost_100_ms': costs.list[0] ?? 0,
    'list.cost_10000_ms': costs.list.at(-1) ?? 0,
  };
  return {
    name: 'scale',
    figures,
    rival: {
      name: 'KEYS and one GET for each bot',
      figures: { 'snapshot.cost_100_ms': costs.naive[0] ?? 0, 'snapshot.cost_10000_ms': costs.naive.at(-1) ?? 0 },
    },
    ratios: {
      ...ratios,
      snapshot_10000_naive_to_ours: round((costs.naive.at(-1) ?? 0) / (costs.snapshot.at(-1) ?? 1)),
    },
    samples: { ...costs },
  };
}
