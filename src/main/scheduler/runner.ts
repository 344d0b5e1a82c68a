/** Carries one taken run through: lease, time limit, output, and how it ends. */
import { asExpected } from '#core/errors.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { scrubText } from '#core/telemetry/scrub.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { ParsedJob } from './jobs.ts';
import { backOff } from './plan.ts';
import { endTry, keepRun, type TakenRun, type TryOutcome } from './store.ts';

/** What a runner needs. */
export interface RunnerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly jobs: ReadonlyMap<string, ParsedJob>;
  readonly runner: string;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly newId: () => string;
  readonly leaseMs: number;
  /** Told how a run ended for good. */
  readonly onEnd: (taken: TakenRun, outcome: TryOutcome) => Promise<void>;
}

/** How much of a run's output is kept: the newest. Characters. */
const OUTPUT_TAIL = 16_000;
/** A job that does not hear the end of its time is left alone after this. Milliseconds. */
const GRACE_MS = 10_000;

/** Runs it to its end. Never fails: what goes wrong is the run's outcome. */
export async function carryThrough(options: RunnerOptions, taken: TakenRun, closing: AbortSignal): Promise<void> {
  const { database, logger, runner } = options;
  const { run, schedule } = taken;
  const output = createOutput(run.output, run.attempt);
  const over = new AbortController();
  const timeout = new AbortController();
  const signal = AbortSignal.any([over.signal, timeout.signal, closing]);
  const done = new AbortController();
  const lease = keepLease(options, taken, output.text, { over, done: done.signal });
  const limit = options.sleep(schedule.timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) timeout.abort();
  });
  const outcome = await settle(options, taken, signal, timeout.signal, output);
  done.abort();
  await Promise.all([lease, limit]);
  const ours = await endTry(database, run.id, runner, outcome, output.text()).catch((error: unknown) => {
    // Its lease runs out, and whoever leads then sees that it was lost.
    logger.error({ err: error, schedule: schedule.name, run: run.id }, 'the end of a run could not be written down');
    return false;
  });
  if (ours && outcome.state !== 'queued') await options.onEnd(taken, outcome);
}

interface Output {
  readonly log: (line: string) => void;
  readonly text: () => string;
}

function createOutput(before: string, attempt: number): Output {
  let text = before === '' ? '' : `${before}\n— ${attempt} —\n`;
  return {
    log: (line) => {
      text = `${text}${scrubText(line)}\n`.slice(-OUTPUT_TAIL);
    },
    text: () => text,
  };
}

async function settle(
  options: RunnerOptions,
  { run, schedule }: TakenRun,
  signal: AbortSignal,
  timeout: AbortSignal,
  output: Output,
): Promise<TryOutcome> {
  try {
    const job = options.jobs.get(schedule.job);
    if (job === undefined)
      throw new BotpoolError('job_unknown', { job: schedule.job, known: [...options.jobs.keys()].join(', ') });
    const context = { runId: run.id, dueAt: run.dueAt, attempt: run.attempt, signal, log: output.log };
    await orAborted(job.run(schedule.payload, context), signal, options.sleep);
    return { state: 'succeeded' };
  } catch (error) {
    const failure = timeout.aborted
      ? new BotpoolError('run_timeout', { seconds: Math.round(schedule.timeoutMs / 1_000) })
      : failureOf(error, options);
    output.log(failure.message);
    const facts = factsOf(failure);
    if (run.attempt > schedule.retries || failure.code === 'job_unknown') {
      return { state: 'failed', code: failure.code, facts };
    }
    return {
      state: 'queued',
      code: failure.code,
      facts,
      notBefore: options.now() + backOff(schedule.backOffMs, run.attempt),
    };
  }
}

/** A job that goes on although it was told to end is given up after a while. */
async function orAborted(work: Promise<void>, signal: AbortSignal, sleep: RunnerOptions['sleep']): Promise<void> {
  const ended = new AbortController();
  const givenUp = (async () => {
    await new Promise<void>((resolve) => {
      if (signal.aborted || ended.signal.aborted) return resolve();
      AbortSignal.any([signal, ended.signal]).addEventListener('abort', () => resolve(), { once: true });
    });
    if (ended.signal.aborted) return;
    await sleep(GRACE_MS, ended.signal);
    if (!ended.signal.aborted) throw new BotpoolError('run_lost', {});
  })();
  givenUp.catch(() => undefined);
  try {
    await Promise.race([work, givenUp.then(() => work)]);
    if (signal.aborted) throw new BotpoolError('run_lost', {});
  } finally {
    ended.abort();
    work.catch(() => undefined);
  }
}

function failureOf(error: unknown, { logger, newId }: RunnerOptions): BotpoolError {
  const expected = asExpected(error);
  if (isBotpoolError(expected)) return expected;
  const id = newId();
  logger.error({ err: error, error_id: id }, 'a job failed in a way that nobody foresaw');
  return new BotpoolError('internal', { id });
}

function factsOf(error: BotpoolError): Readonly<Record<string, string | number>> {
  const facts = Object.entries(error.data).map(([name, fact]) => [
    name,
    typeof fact === 'string' ? scrubText(fact).slice(0, 2_000) : Number(fact),
  ]);
  return Object.fromEntries(facts);
}

/** Renews the lease; a run that is not ours any more is ended. */
async function keepLease(
  options: RunnerOptions,
  { run }: TakenRun,
  text: () => string,
  signals: { readonly over: AbortController; readonly done: AbortSignal },
): Promise<void> {
  const { database, runner, leaseMs, logger } = options;
  while (!signals.done.aborted) {
    await options.sleep(leaseMs / 3, signals.done);
    if (signals.done.aborted) return;
    try {
      if (!(await keepRun(database, run.id, runner, leaseMs, text()))) signals.over.abort();
    } catch (error) {
      logger.warn({ err: error, run: run.id }, 'the lease of a run could not be renewed; trying again');
    }
  }
}
