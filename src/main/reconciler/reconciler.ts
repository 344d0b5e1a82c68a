/**
 * Brings what is there to what is wanted: containers to the roster, bots to their clients. Runs on the leader; engine and
 * pool wake it, a timer is the safety net. What it finds is told once, and can be asked for anywhere.
 */
import type { Redis } from 'ioredis';
import type { Leadership, Term } from '#core/leadership/leadership.ts';
import { countSentHome, listOpen } from '#core/pool/activations.ts';
import type { Pool } from '#core/pool/index.ts';
import { listBots } from '#core/pool/presence.ts';
import { adoptBots } from '#core/pool/roster.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { listTenants } from '#core/tenants/tenants.ts';
import { keys } from '#shared/redis/keys.ts';
import type { Divergence } from '#shared/schemas/divergence.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';
import type { ContainerInfo, Engine, EngineEvent } from '../engine/engine.ts';
import { poolIdOf } from '../stack/pool-bots.ts';
import type { Grown, PoolFleet } from '../stack/pool-fleet.ts';
import { rememberSilence } from '../stack/silence.ts';
import { createAlarms } from './alarms.ts';
import { type Actual, type Desired, diff, FLAPS, restartsSince, strandedClients } from './diff.ts';
import { type Remakes, rememberRemakes } from './remakes.ts';

/** What a reconciler is made of. */
export interface ReconcilerOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly leadership: Leadership;
  readonly pool: Pick<Pool, 'tend' | 'listen' | 'endLost'>;
  readonly fleet: Pick<PoolFleet, 'list' | 'roster' | 'mend' | 'retire' | 'remake'>;
  readonly engine: Pick<Engine, 'events' | 'inspect'>;
  readonly logger: Logger;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** From a claim to the bot's answer, per bot tried. */
  readonly activationTimeoutMs: number;
  /** The safety net. Default 15 s. */
  readonly everyMs?: number;
  /** A bot that has not come up after this time is made anew. */
  readonly stuckMs: number;
}

/** The reconciler as a control plane uses it. */
export interface Reconciler {
  /** Every divergence there is now; changes nothing. */
  check(): Promise<readonly Divergence[]>;
  close(): Promise<void>;
}

const EVERY_MS = 15_000;
/** Engine events come in crowds. */
const PACE_MS = 100;
/** Restarts are counted over this time. */
const FLAP_WINDOW_MS = 300_000;

/** Starts a reconciler. */
export function startReconciler(options: ReconcilerOptions): Reconciler {
  const { logger, clock, pool, engine } = options;
  const eyes = createEyes(options);

  const tellFailed = (failed: Grown['failed']): void => {
    for (const { container, error } of failed) logger.warn({ err: error, container }, 'a wanted bot could not be made');
  };

  const mend = async (found: readonly Divergence[], remakes: Remakes): Promise<void> => {
    const kinds = new Set(found.map(({ kind }) => kind));
    await adoptOrphans(options, found);
    const stuck = found.filter(({ kind }) => kind === 'bot_stuck').map(({ target }) => target);
    const due = remakes.due(stuck, clock.now());
    if (due.length > 0) tellFailed((await options.fleet.remake(due)).failed);
    if (found.some(({ remedy, kind }) => remedy === 'mended' && kind !== 'orphan_serving' && kind !== 'bot_stuck'))
      tellFailed((await options.fleet.mend()).failed);
    if (kinds.has('client_stranded') || kinds.has('activation_stuck') || kinds.has('service_doubled'))
      await pool.tend();
  };

  const lead = async (term: Term): Promise<void> => {
    const { signal } = term;
    let wake = Promise.withResolvers<void>();
    let told = new Set<string>();
    const remakes = rememberRemakes(options.stuckMs);
    const alarms = createAlarms(options.database, await options.leadership.leader(), () => clock.now());
    const stop = pool.listen(({ type }) => {
      if (type === 'gone') wake.resolve();
    });
    // Who has died is known at once, also while the pool is still busy with those before.
    let losses: Promise<void> = Promise.resolve();
    const hearing = hearEngine(engine, signal, (event) => {
      wake.resolve();
      if (event.type !== 'die') return;
      if (event.exitCode !== 0) alarms.died(event.name);
      const isDown = async (): Promise<boolean> => (await engine.inspect(event.name)).state !== 'running';
      losses = losses.then(() => pool.endLost(event.name, isDown)).catch(() => undefined);
    }).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'the engine tells no events; the timer does without them');
    });
    try {
      while (!signal.aborted) {
        wake = Promise.withResolvers();
        const found = await eyes();
        told = tell(logger, found, told);
        // Refused here when another one leads by now: what was seen may be old.
        await term.transaction(async () => undefined);
        await alarms.looked(found, (await options.fleet.roster()).length);
        await mend(found, remakes);
        const over = new AbortController();
        const pause = clock.sleep(options.everyMs ?? EVERY_MS, AbortSignal.any([signal, over.signal]));
        await Promise.race([wake.promise, pause]);
        over.abort();
        await clock.sleep(PACE_MS, signal);
      }
    } finally {
      stop();
      await hearing;
      await losses;
    }
  };
  const close = options.leadership.whileLeading('reconciler', lead);
  return { check: createEyes(options), close };
}

/** Engine events about pool bots, until the signal aborts. */
async function hearEngine(
  engine: Pick<Engine, 'events'>,
  signal: AbortSignal,
  hear: (event: EngineEvent) => void,
): Promise<void> {
  for await (const event of engine.events(signal)) {
    if (event.labels['botpool.role'] === 'pool-bot') hear(event);
  }
}

/** Looks at everything; remembers since when clients are stranded and how often containers had been restarted. */
function createEyes(options: ReconcilerOptions): () => Promise<readonly Divergence[]> {
  const { database, redis, fleet, clock } = options;
  const silence = rememberSilence(options.stuckMs);
  let strandedSince = new Map<string, number>();
  let earlier = new Map<string, { restarts: number; at: number }>();
  return async () => {
    const now = clock.now();
    // What is there first, what is wanted afterwards: who comes in between is wanted and seen next time.
    const [containers, statuses] = await Promise.all([fleet.list(), listBots(redis)]);
    const [roster, tenants, open] = await Promise.all([fleet.roster(), listTenants(database), listOpen(database)]);
    const desired: Desired = { roster, tenants, open };
    strandedSince = new Map(strandedClients(desired).map((client) => [client, strandedSince.get(client) ?? now]));
    const leases = await readLeases(redis, open);
    const silentFor = silence.look(silentOf({ roster, open }, statuses), now);
    const restless = containers.filter((one) => restartsSince(one, earlier) >= FLAPS);
    const since = restless.map(({ name }) => [name, new Date(earlier.get(name)?.at ?? now)] as const);
    const sentHome = await countSentHome(database, new Map(since));
    const actual: Actual = {
      containers,
      statuses,
      leases,
      earlier,
      sentHome,
      silentFor,
      version: newestVersion(statuses),
      now,
    };
    const found = diff(desired, actual, { activationMs: 2 * options.activationTimeoutMs }, strandedSince);
    earlier = remember(containers, earlier, now);
    return found;
  };
}

/** Who says nothing although it is to run. Whoever serves a client is the pool's business. */
function silentOf({ roster, open }: Pick<Desired, 'roster' | 'open'>, statuses: readonly BotStatus[]): string[] {
  const speaking = new Set([
    ...statuses.filter(({ status }) => status !== 'failed').map((status) => status.container_id),
    ...open.map(({ container }) => container),
  ]);
  const wanted = roster.filter(({ state }) => state === 'wanted').map(({ container }) => container);
  return wanted.filter((container) => !speaking.has(container));
}

/** What a bot is started with now: the version of the one that began to wait last. */
function newestVersion(statuses: readonly BotStatus[]): string | undefined {
  const waiting = statuses.filter(({ status }) => status === 'waiting').toSorted((a, b) => b.since - a.since);
  return waiting[0]?.version;
}

function remember(
  containers: readonly ContainerInfo[],
  earlier: ReadonlyMap<string, { restarts: number; at: number }>,
  now: number,
): Map<string, { restarts: number; at: number }> {
  return new Map(
    containers.map(({ name, restarts }) => {
      const known = earlier.get(name);
      const fresh = known === undefined || now - known.at > FLAP_WINDOW_MS || known.restarts > restarts;
      return [name, fresh ? { restarts, at: now } : known];
    }),
  );
}

async function readLeases(redis: Redis, open: Desired['open']): Promise<ReadonlyMap<string, string>> {
  const prints = open.flatMap(({ tokenFingerprint }) => (tokenFingerprint === null ? [] : [tokenFingerprint]));
  if (prints.length === 0) return new Map();
  const holders = await redis.mget(prints.map((print) => keys.botLease(print)));
  return new Map(prints.flatMap((print, at) => (holders[at] == null ? [] : [[print, holders[at]] as const])));
}

/** Orphans become part of the roster; an idle one is more than is wanted, and goes as every surplus goes. */
async function adoptOrphans({ fleet, database }: ReconcilerOptions, found: readonly Divergence[]): Promise<void> {
  const orphans = new Set(found.filter(({ kind }) => kind.startsWith('orphan')).map(({ target }) => target));
  if (orphans.size === 0) return;
  const containers = (await fleet.list()).filter(({ name }) => orphans.has(name));
  await adoptBots(
    database,
    containers.map((info) => ({ poolId: poolIdOf(info), container: info.name })),
  );
  await fleet.retire(found.filter(({ kind }) => kind === 'orphan_idle').map(({ target }) => target));
}

/** Each divergence is logged when it appears, not every time that it is seen. */
function tell(logger: Logger, found: readonly Divergence[], told: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  for (const divergence of found) {
    const { kind, target, data, remedy } = divergence;
    const name = `${kind} ${target}`;
    names.add(name);
    if (!told.has(name)) logger.warn({ kind, target, ...data, remedy }, 'what is there differs from what is wanted');
  }
  return names;
}
