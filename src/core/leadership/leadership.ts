/**
 * Which of the living control planes runs the loops. A row in PostgreSQL decides, by PostgreSQL's clock; `pool:leader` in
 * Redis only shows it. A leader counts itself out by its own monotonic clock before its time is over, and what it writes
 * after a sleep is refused because of its epoch.
 *
 * How a loop uses it:
 *
 *     const stop = leadership.whileLeading('autoscaler', async (term) => {
 *       while (!term.signal.aborted) {
 *         await term.transaction((tx) => …);        // refused when another one leads by now
 *         await clock.sleep(30_000, term.signal);
 *       }
 *     });
 */
import type { Redis } from 'ioredis';
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { keys, LEADER_TTL_MS } from '#shared/redis/keys.ts';

/** What a leadership needs of time. Milliseconds. */
export interface LeadershipClock {
  /** Never jumps. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a leadership is made of. */
export interface LeadershipOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly logger: Logger;
  readonly clock: LeadershipClock;
  /** Names this control plane: unique, and telling to an operator. */
  readonly holder: string;
  readonly timings?: Partial<LeadershipTimings>;
}

/** Another control plane leads at most `leaseMs + askMs` after the last sign of a leader: 12 s. */
export interface LeadershipTimings {
  /** How long a leader may be silent before another one takes its place. */
  readonly leaseMs: number;
  /** How often a leader gives a sign. */
  readonly renewMs: number;
  /** How often the others ask. */
  readonly askMs: number;
}

/** One time of leading. */
export interface Term {
  /** Higher than that of every earlier term of anybody. */
  readonly epoch: number;
  /** Aborts when the term is over, or when the leadership closes. */
  readonly signal: AbortSignal;
  /** Runs `work` in a transaction that PostgreSQL refuses when another one leads by now (`isFormerLeader`). */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
}

/** Who leads, as PostgreSQL knows it. */
export interface Leader {
  readonly epoch: number;
  readonly holder: string | null;
  /** Whose place it took without being given it, and how long that one had been silent. */
  readonly lapsed?: { readonly holder: string; readonly silentMs: number };
}

/** A control plane's part in the leadership. */
export interface Leadership {
  readonly holder: string;
  /** The term under way; `undefined` while another one leads. */
  term(): Term | undefined;
  /**
   * Runs `work` in every term, from now on. When it returns or fails before the term is over, it is begun again after a
   * pause. The function that comes back ends it and resolves when it has ended.
   */
  whileLeading(name: string, work: (term: Term) => Promise<void>): () => Promise<void>;
  /** Who leads now. */
  leader(): Promise<Leader>;
  /** Gives the leadership up, so that the next one need not wait; resolves when every loop has ended. */
  close(): Promise<void>;
}

const TIMINGS: LeadershipTimings = { leaseMs: 10_000, renewMs: 3_000, askMs: 2_000 };
/** A leader stops this share of its time before PostgreSQL lets another one in. */
const MARGIN = 0.2;
const AGAIN_MS = 1_000;

interface OwnTerm {
  readonly term: Term;
  readonly end: () => void;
  renewedAt: number;
}

/** Takes part in the leadership; the first try is over when it resolves. */
export async function startLeadership(options: LeadershipOptions): Promise<Leadership> {
  const { database, redis, logger, clock, holder } = options;
  const timings = { ...TIMINGS, ...options.timings };
  const closing = new AbortController();
  const loops = new Set<Loop>();
  let own: OwnTerm | undefined;

  const lives = (one: OwnTerm): boolean => clock.monotonic() - one.renewedAt < timings.leaseMs * (1 - MARGIN);
  const current = (): OwnTerm | undefined => {
    if (own !== undefined && !lives(own)) lose('its time is over');
    return own;
  };
  const lose = (why: string): void => {
    if (own === undefined) return;
    logger.warn({ holder, epoch: own.term.epoch, why }, 'this control plane leads no more');
    own.end();
    own = undefined;
  };
  const win = (epoch: number, asked: number): void => {
    const over = new AbortController();
    const term: Term = {
      epoch,
      signal: AbortSignal.any([over.signal, closing.signal]),
      transaction: (work) =>
        database.transaction(async (tx) => {
          await tx.query('SELECT control.check_epoch($1)', [epoch]);
          return await work(tx);
        }),
    };
    own = { term, end: () => over.abort(), renewedAt: asked };
    logger.info({ holder, epoch }, 'this control plane leads');
    for (const loop of loops) loop.begin(term);
  };

  const ask = async (): Promise<void> => {
    const before = current();
    const asked = clock.monotonic();
    const epoch = await holdLeadership(database, holder, before?.term.epoch, timings.leaseMs);
    if (before !== undefined && epoch === before.term.epoch) before.renewedAt = asked;
    else {
      if (before !== undefined) lose('another one has taken its place');
      if (epoch !== undefined) win(epoch, asked);
    }
    if (epoch === undefined) return;
    // Only shown: that Redis is away, or has forgotten it, changes nothing.
    await redis.set(keys.poolLeader, `${holder}:${epoch}`, 'PX', LEADER_TTL_MS).catch(() => undefined);
  };
  const tryToAsk = (): Promise<void> =>
    ask().catch((error: unknown) => logger.warn({ err: error }, 'the leadership could not be asked for; trying again'));

  const running = (async () => {
    while (!closing.signal.aborted) {
      await clock.sleep(own === undefined ? timings.askMs : timings.renewMs, closing.signal);
      if (!closing.signal.aborted) await tryToAsk();
    }
  })();
  /** Ends a term on time also when PostgreSQL does not answer. */
  const watching = (async () => {
    while (!closing.signal.aborted) {
      await clock.sleep(timings.renewMs / 3, closing.signal);
      current();
    }
  })();
  await tryToAsk();

  return {
    holder,
    term: () => current()?.term,
    whileLeading(name, work) {
      const loop = createLoop(name, work, { logger, clock });
      loops.add(loop);
      const present = current();
      if (present !== undefined) loop.begin(present.term);
      return async () => {
        loops.delete(loop);
        await loop.end();
      };
    },
    leader: () => readLeader(database),
    async close() {
      const last = own?.term.epoch;
      closing.abort();
      await Promise.all([running, watching, ...[...loops].map((loop) => loop.end())]);
      if (last === undefined) return;
      own = undefined;
      await resign(database, last).catch(() => undefined);
      await redis.del(keys.poolLeader).catch(() => undefined);
    },
  };
}

interface Loop {
  begin(term: Term): void;
  end(): Promise<void>;
}

/** One loop, which never runs twice at the same time: a term begins when what is left of the last one is over. */
function createLoop(
  name: string,
  work: (term: Term) => Promise<void>,
  { logger, clock }: Pick<LeadershipOptions, 'logger' | 'clock'>,
): Loop {
  const stop = new AbortController();
  let turn: Promise<void> = Promise.resolve();
  const run = async (term: Term): Promise<void> => {
    const signal = AbortSignal.any([term.signal, stop.signal]);
    while (!signal.aborted) {
      try {
        await work({ ...term, signal });
      } catch (error) {
        if (!signal.aborted) logger.error({ err: error, loop: name }, 'a loop of the leader failed; it begins again');
      }
      await clock.sleep(AGAIN_MS, signal);
    }
  };
  return {
    begin(term) {
      turn = turn.then(() => run(term));
    },
    async end() {
      stop.abort();
      await turn;
    },
  };
}

/** Keeps the epoch, or takes the place of a leader that has been silent too long. `undefined`: another one leads. */
async function holdLeadership(
  db: Queryable,
  holder: string,
  epoch: number | undefined,
  leaseMs: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ epoch: string | null }>('SELECT control.hold_leadership($1, $2, $3) AS epoch', [
    holder,
    epoch ?? null,
    leaseMs,
  ]);
  const held = rows[0]?.epoch ?? null;
  return held === null ? undefined : Number(held);
}

async function resign(db: Queryable, epoch: number): Promise<void> {
  await db.query('UPDATE control.leadership SET holder = NULL, sign_at = NULL WHERE epoch = $1', [epoch]);
}

async function readLeader(db: Queryable): Promise<Leader> {
  const { rows } = await db.query<{
    epoch: string;
    holder: string | null;
    lapsed_holder: string | null;
    lapsed_ms: string | null;
  }>('SELECT epoch, holder, lapsed_holder, lapsed_ms FROM control.leadership');
  const { epoch = 0, holder = null, lapsed_holder: lapsed = null, lapsed_ms: silentMs = 0 } = rows[0] ?? {};
  const leader = { epoch: Number(epoch), holder };
  return lapsed === null ? leader : { ...leader, lapsed: { holder: lapsed, silentMs: Number(silentMs) } };
}
