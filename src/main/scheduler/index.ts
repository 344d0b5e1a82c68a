/**
 * The front of the scheduler: keeps schedules in PostgreSQL, starts what is due where this control plane leads, and
 * tells what became of it. A due instant has one run, whoever leads and however often the lead changes.
 */
import { breaksConstraint } from '#core/errors.ts';
import type { Database, DatabaseOptions, Queryable } from '#core/postgres/database.ts';
import { listen } from '#core/postgres/listener.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ScheduleRequest } from '#shared/schemas/schedule.ts';
import { nextDue, parseRule, type Rule } from './expression.ts';
import type { ParsedJob } from './jobs.ts';
import { planSchedule } from './plan.ts';
import { carryThrough } from './runner.ts';
import * as store from './store.ts';

/** What a scheduler needs from outside. */
export interface SchedulerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly jobs: readonly ParsedJob[];
  /** Schedules that every installation has; an operator's changes to them stay. */
  readonly builtIn: readonly ScheduleRequest[];
  /** A name that no other control plane has, this one's earlier lives neither. */
  readonly runner: string;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly newId: () => string;
  /** Whether this control plane leads now. Only a leader plans and starts; what it has started it ends in any case. */
  readonly isLeader: () => boolean;
  /** Where PostgreSQL's signals are heard. */
  readonly listenAt: Pick<DatabaseOptions, 'host' | 'port' | 'database' | 'user' | 'password'>;
  /** Told the end of each run, the missed ones too: for alerts. */
  readonly onRun?: (event: RunEnded) => Promise<void>;
  /** Told that the machine's clock has gone back. */
  readonly onClockBack?: (schedule: string) => Promise<void>;
  /** A runner that says nothing for so long is dead. Default 30 s. */
  readonly leaseMs?: number;
  /** The safety net under notifications. Default 15 s. */
  readonly roundMs?: number;
}

/** A run that has ended. */
export interface RunEnded {
  readonly schedule: string;
  readonly job: string;
  readonly outcome: 'succeeded' | 'failed' | 'missed';
  readonly code: string | null;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** The scheduler as a control plane uses it. Every failure is a `BotpoolError`. */
export interface Scheduler {
  list(): Promise<ScheduleState[]>;
  jobs(): readonly string[];
  /** The next instants of a rule. Fails with `schedule_invalid`. */
  preview(rule: Rule, count: number): number[];
  add(request: ScheduleRequest, actor: string): Promise<void>;
  update(request: ScheduleRequest, actor: string): Promise<void>;
  remove(name: string, actor: string): Promise<void>;
  /** Asks for a run now; resolves with its id when it is written down. */
  run(name: string, actor: string): Promise<string>;
  pause(name: string, reason: string, actor: string): Promise<void>;
  resume(name: string, actor: string): Promise<void>;
  history(query: { readonly schedule?: string | undefined; readonly limit: number }): Promise<store.Run[]>;
  /** Calls back at every change; the function that comes back ends it. */
  onChange(listener: () => void): () => void;
  /** Looks after everything once, now; resolves when what is due has been started. */
  tick(): Promise<void>;
  /** Ends the loop and aborts what runs; resolves when it has ended. */
  close(): Promise<void>;
}

/** A schedule with what it is about to do and what it did last. */
export interface ScheduleState {
  readonly schedule: store.Schedule;
  readonly next: readonly number[];
  readonly last: store.Run | undefined;
}

const LEASE_MS = 30_000;
const ROUND_MS = 15_000;
const KEEP_RUNS = 200;
const SHORTEST_WAIT_MS = 20;

/** Starts a scheduler: it works until it is closed. */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const scheduler = createScheduler(options);
  const { database, now } = options;
  for (const request of options.builtIn) await store.insertSchedule(database, request, now(), true);
  scheduler.begin();
  return scheduler.front;
}

function createScheduler(options: SchedulerOptions): { readonly front: Scheduler; readonly begin: () => void } {
  const { database, logger, now, sleep, runner } = options;
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const jobs = new Map(options.jobs.map((job) => [job.name, job]));
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const listeners = new Set<() => void>();
  let wake = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let stopListening: () => Promise<void> = async () => {};

  const changed = (): void => {
    wake.abort();
    for (const listener of listeners) listener();
  };

  const tell = async (event: RunEnded): Promise<void> => {
    await options.onRun?.(event).catch((error: unknown) => {
      logger.error({ err: error, schedule: event.schedule }, 'the end of a run could not be told');
    });
  };

  const start = (taken: store.TakenRun): void => {
    const { schedule } = taken;
    const work = carryThrough(
      {
        ...{ database, logger, jobs, runner, now, sleep, leaseMs, newId: options.newId },
        onEnd: async (_taken, outcome) => {
          const failed = outcome.state === 'failed';
          logger.info({ schedule: schedule.name, run: taken.run.id, outcome: outcome.state }, 'a run has ended');
          await tell({
            schedule: schedule.name,
            job: schedule.job,
            outcome: failed ? 'failed' : 'succeeded',
            code: failed ? outcome.code : null,
            facts: failed ? outcome.facts : {},
          });
        },
      },
      taken,
      stop.signal,
    ).finally(() => running.delete(work));
    running.add(work);
  };

  const planOne = async (name: string): Promise<void> => {
    const planned = await database.transaction(async (tx) => {
      const schedule = await store.getSchedule(tx, name, true);
      if (schedule.paused !== null) return undefined;
      const open = await store.openRuns(tx, name);
      const plan = planSchedule({ ...schedule, open }, now());
      if (plan.decidedTo !== schedule.decidedTo) await store.applyPlan(tx, name, plan, options.newId);
      return { schedule, plan };
    });
    if (planned === undefined) return;
    if (planned.plan.clockWentBack) await options.onClockBack?.(name);
    for (const run of planned.plan.runs.filter(({ state }) => state === 'missed')) {
      const facts = { name, count: run.missed };
      await tell({ schedule: name, job: planned.schedule.job, outcome: 'missed', code: 'run_missed', facts });
    }
  };

  const takeAll = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const taken = await store.takeRun(database, runner, now(), leaseMs).catch((error: unknown) => {
        if (breaksConstraint(error, 'runs_running')) return undefined;
        throw error;
      });
      if (taken === undefined) return;
      start(taken);
    }
  };

  const tick = async (): Promise<void> => {
    if (!options.isLeader()) return;
    await store.beat(database, runner);
    for (const { run, schedule } of await store.takeLostRuns(database)) {
      logger.warn({ schedule: schedule.name, run: run.id }, 'a run was lost with its control plane');
      if (run.attempt > schedule.retries) {
        await tell({ schedule: schedule.name, job: schedule.job, outcome: 'failed', code: 'run_lost', facts: {} });
      }
    }
    for (const { name } of await store.listSchedules(database)) {
      await planOne(name).catch((error: unknown) => {
        if (!stop.signal.aborted) logger.error({ err: error, schedule: name }, 'a schedule could not be planned');
      });
    }
    await takeAll();
    await store.forgetOldRuns(database, KEEP_RUNS);
  };

  const untilNext = async (): Promise<number> => {
    const at = now();
    const schedules = await store.listSchedules(database);
    const due = schedules
      .filter(({ paused }) => paused === null)
      .flatMap(({ rule, decidedTo }) => {
        return nextDue(rule, Math.min(decidedTo, at), 1);
      });
    const queued = await store.nextQueued(database);
    const next = Math.min(...due, ...(queued === undefined ? [] : [queued]), at + (options.roundMs ?? ROUND_MS));
    return Math.max(SHORTEST_WAIT_MS, next - at);
  };

  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      let pauseMs = options.roundMs ?? ROUND_MS;
      try {
        await tick();
        pauseMs = Math.min(pauseMs, await untilNext());
      } catch (error) {
        pauseMs = Math.min(pauseMs, 2_000);
        if (!stop.signal.aborted) logger.warn({ err: error }, 'a round of the scheduler failed; the next one follows');
      }
      await sleep(pauseMs, AbortSignal.any([stop.signal, wake.signal]));
    }
  };

  const edit = async (
    actor: string,
    action: string,
    name: string,
    change: (tx: Queryable) => Promise<object>,
  ): Promise<void> => {
    await database.transaction(async (tx) => {
      const after = await change(tx);
      await writeAudit(tx, actor, `schedule.${action}`, name, null, after);
    });
    changed();
  };

  const check = (request: ScheduleRequest): void => {
    parseRule(request, now());
    const job = jobs.get(request.job);
    if (job === undefined)
      throw new BotpoolError('job_unknown', { job: request.job, known: [...jobs.keys()].join(', ') });
    try {
      job.check(request.payload);
    } catch (error) {
      throw new BotpoolError('input_invalid', { field: 'payload', problem: firstProblem(error) }, { cause: error });
    }
  };

  const front: Scheduler = {
    async list() {
      const [schedules, last] = await Promise.all([store.listSchedules(database), store.latestRuns(database)]);
      const at = now();
      return schedules.map((schedule) => ({
        schedule,
        next: schedule.paused === null ? nextDue(schedule.rule, at, 5) : [],
        last: last.get(schedule.name),
      }));
    },
    jobs: () => [...jobs.keys()],
    preview(rule, count) {
      parseRule(rule, now());
      return nextDue(rule, now(), count);
    },
    async add(request, actor) {
      check(request);
      await edit(actor, 'add', request.name, async (tx) => {
        if (!(await store.insertSchedule(tx, request, now(), false))) {
          throw new BotpoolError('schedule_exists', { name: request.name });
        }
        return request;
      });
    },
    async update(request, actor) {
      check(request);
      await edit(actor, 'update', request.name, async (tx) => {
        const before = await store.getSchedule(tx, request.name, true);
        if (before.job !== request.job) throw new BotpoolError('schedule_exists', { name: request.name });
        await store.updateSchedule(tx, request, now());
        return request;
      });
    },
    async remove(name, actor) {
      await edit(actor, 'remove', name, async (tx) => {
        const schedule = await store.getSchedule(tx, name, true);
        if (schedule.builtIn) throw new BotpoolError('schedule_built_in', { name });
        await store.removeSchedule(tx, name);
        return {};
      });
    },
    async run(name, actor) {
      const id = options.newId();
      await edit(actor, 'run', name, async (tx) => {
        await store.getSchedule(tx, name, true);
        await store.insertManual(tx, name, { id, at: now(), actor });
        return { run: id };
      });
      return id;
    },
    async pause(name, reason, actor) {
      await edit(actor, 'pause', name, async (tx) => {
        await store.getSchedule(tx, name, true);
        await store.pauseSchedule(tx, name, actor, reason);
        return { reason };
      });
    },
    async resume(name, actor) {
      await edit(actor, 'resume', name, async (tx) => {
        await store.getSchedule(tx, name, true);
        await store.resumeSchedule(tx, name, now());
        return {};
      });
    },
    async history(query) {
      if (query.schedule !== undefined) await store.getSchedule(database, query.schedule);
      return await store.listRuns(database, query);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tick,
    async close() {
      stop.abort();
      await stopListening();
      await loop;
      await Promise.allSettled(running);
    },
  };
  const begin = (): void => {
    const { close } = listen({
      ...options.listenAt,
      applicationName: 'scheduler',
      channels: ['botpool_schedules'],
      onSignal: changed,
      onReady: changed,
      onTrouble: (error) => logger.warn({ err: error }, 'changes of schedules are not heard; trying again'),
      sleep,
    });
    stopListening = close;
    loop = work();
  };
  return { front, begin };
}

function firstProblem(error: unknown): string {
  const issues: unknown = error instanceof Error && 'issues' in error ? error.issues : undefined;
  const first: unknown = Array.isArray(issues) ? issues[0] : undefined;
  if (typeof first !== 'object' || first === null || !('message' in first)) return 'not understood';
  const path = 'path' in first && Array.isArray(first.path) ? first.path.join('.') : '';
  return `${path === '' ? '' : `${path}: `}${String(first.message)}`;
}
