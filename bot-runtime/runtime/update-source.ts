/**
 * Fetches updates and confirms them only after they were handled: a crash repeats an update rather than losing it.
 * Updates of one chat are handled in order, those of different chats side by side.
 *
 * An update counts as handled when its handler resolved, or failed for a reason that lies in the update. A passing
 * reason has it handled again, for as long as the reason lasts. A handler that does not end in its time is never run a
 * second time beside itself: it is waited for, without a limit while storage is away, else for one more such time; then
 * it is given up, so that one update cannot hold up its chat for ever.
 */
import { GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import { isRedisAway } from '#core/errors.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import type { KindLogger } from './kind.ts';

/** What the source needs from outside. */
export interface UpdateSourceOptions {
  /** One getUpdates call; rejects when the signal aborts. */
  fetch(offset: number, timeoutSeconds: number, signal: AbortSignal): Promise<readonly Update[]>;
  /** Handles one update. What it throws is logged; the update counts as handled unless the cause is passing. */
  handle(update: Update): Promise<void>;
  /**
   * Which of these were handled before, by this process or an earlier one. With `surely` it rejects rather than not
   * know of an earlier one.
   */
  handledBefore(updateIds: readonly number[], surely: boolean): Promise<ReadonlySet<number>>;
  /** Notes that an update was handled. */
  noteHandled(updateId: number): Promise<void>;
  /**
   * True for a failure that lies in what the bot stands on, such as an absent database: the update is tried again.
   * `failures` counts those of this update, so that a doubtful reason can be believed a few times only.
   */
  isPassing(error: unknown, failures: number): boolean;
  /** Asks whether storage answers. Settles in bounded time and never rejects. Without it, storage is believed to. */
  readonly storageAnswers?: () => Promise<boolean>;
  /** False when the right to poll is over: nothing more may be handled. */
  mayPoll(): boolean;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** The time that a handler has, in ms. Default 30,000. */
  readonly handlerMs?: number;
  readonly logger: KindLogger;
}

/** A running source. */
export interface UpdateSource {
  /** Counters since the start, and what keeps it from polling right now. */
  readonly state: { updates: number; errors: number; problem: ErrorCode | undefined };
  /** Ends the poll under way, waits for the handlers, and confirms what they handled unless `confirm` is false. */
  stop(confirm: boolean): Promise<void>;
}

const POLL_SECONDS = 25;
const HANDLER_MS = 30_000;
/** How often a handler gets its time while storage answers; afterwards it no longer holds up the customers behind it. */
const HANDLER_TIMES = 2;
const AGAIN_MS = { first: 250, most: 5_000 } as const;
/** How often a bot that ends looks for more; a crowd that never stops must not keep it. */
const LAST_ROUNDS = 10;
const BACK_OFF_MS = { first: 500, most: 30_000 } as const;

/** Starts to poll. */
export function startUpdateSource(options: UpdateSourceOptions): UpdateSource {
  const stopping = new AbortController();
  const state: UpdateSource['state'] = { updates: 0, errors: 0, problem: undefined };
  let offset = 0;
  /** What an earlier process handled but did not confirm comes with the first answer: it confirmed before it went on. */
  let inherited = true;
  /** The offset of the newest poll: everything below it is confirmed. */
  let confirmed = 0;
  const running = (async () => {
    let failures = 0;
    while (!stopping.signal.aborted && options.mayPoll()) {
      try {
        confirmed = offset;
        const updates = await options.fetch(offset, POLL_SECONDS, stopping.signal);
        const batch = { options, state, updates, stopping: stopping.signal, inherited };
        const complete = updates.length === 0 || (await handleBatch(batch));
        failures = 0;
        state.problem = undefined;
        if (!complete) continue;
        inherited = false;
        offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures += 1;
        confirmed = 0;
        state.problem = pollingProblem(error);
        const wait = retryAfterMs(error) ?? Math.min(BACK_OFF_MS.first * 2 ** (failures - 1), BACK_OFF_MS.most);
        options.logger.warn({ err: error, problem: state.problem, wait_ms: wait }, 'polling failed; trying again');
        await options.sleep(wait, stopping.signal);
      }
    }
  })();
  /** Telegram confirms by handing out what comes next: that is handled, too, so that nobody gets it a second time. */
  const confirmLast = async (): Promise<void> => {
    for (let round = 1; round <= LAST_ROUNDS && offset !== confirmed && options.mayPoll(); round += 1) {
      const updates = await options.fetch(offset, 0, AbortSignal.timeout(3_000));
      confirmed = offset;
      const last = updates.at(-1);
      if (last === undefined) return;
      if (!(await handleBatch({ options, state, updates, stopping: stopping.signal, inherited: false }))) return;
      offset = last.update_id + 1;
    }
  };
  return {
    state,
    async stop(confirm) {
      stopping.abort();
      await running;
      if (!confirm) return;
      await confirmLast().catch((error: unknown) => {
        options.logger.warn({ err: error }, 'the last updates could not be confirmed; they will be recognised');
      });
    },
  };
}

/** The updates of one poll. */
interface Batch {
  readonly options: UpdateSourceOptions;
  readonly state: UpdateSource['state'];
  readonly updates: readonly Update[];
  readonly stopping: AbortSignal;
  /** An earlier process may have handled some of them. */
  readonly inherited: boolean;
}

/** True when every update was handled; otherwise those that were not must come again. */
async function handleBatch(batch: Batch): Promise<boolean> {
  const { options, updates } = batch;
  if (!options.mayPoll()) return false;
  const ids = updates.map((update) => update.update_id);
  const before = await options.handledBefore(ids, batch.inherited);
  const lanes = new Map<number, Update[]>();
  for (const update of updates) {
    if (before.has(update.update_id)) continue;
    const lane = laneOf(update);
    lanes.set(lane, [...(lanes.get(lane) ?? []), update]);
  }
  const complete = await Promise.all([...lanes.values()].map((lane) => handleLane(batch, lane)));
  return complete.every(Boolean);
}

async function handleLane(batch: Batch, lane: readonly Update[]): Promise<boolean> {
  const { options, state } = batch;
  for (const update of lane) {
    if (!options.mayPoll() || !(await handleOne(batch, update))) return false;
    state.updates += 1;
    await options.noteHandled(update.update_id);
  }
  return true;
}

/** Handles one update, as often as what it needs is away. False when it was not handled and must come again. */
async function handleOne({ options, state, stopping }: Batch, update: Update): Promise<boolean> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await handleInTime(options, update, stopping);
    } catch (error) {
      state.errors += 1;
      const passing = options.isPassing(error, failures);
      options.logger.error({ err: error, update_id: update.update_id, passing }, 'an update could not be handled');
      // Who has lost the right to handle it has not handled it.
      if (!options.mayPoll()) return false;
      if (!passing) return true;
    }
    state.problem = 'storage_failed';
    await options.sleep(Math.min(AGAIN_MS.first * 2 ** (failures - 1), AGAIN_MS.most), stopping);
    if (stopping.aborted || !options.mayPoll()) return false;
  }
}

/** Updates with the same number are handled in order: one lane per chat, else per person, else the update's own. */
function laneOf(update: Update): number {
  const chat = update.message?.chat ?? update.edited_message?.chat ?? update.callback_query?.message?.chat;
  const person = update.callback_query?.from.id ?? update.my_chat_member?.chat.id ?? update.managed_bot?.user.id;
  return chat?.id ?? person ?? -update.update_id;
}

/** Runs the handler once. True when it counts as handled: it resolved, or it was given up by the rule of this file. */
async function handleInTime(options: UpdateSourceOptions, update: Update, stopping: AbortSignal): Promise<boolean> {
  const limitMs = options.handlerMs ?? HANDLER_MS;
  const work = options.handle(update).then(() => 'done' as const);
  for (let times = 1; ; ) {
    if ((await endsWithin(options, work, limitMs)) === 'done') return true;
    if (stopping.aborted || !options.mayPoll()) return false;
    const answers = (await options.storageAnswers?.()) ?? true;
    const fields = { update_id: update.update_id, limit_ms: limitMs, storage_answers: answers };
    if (answers && times >= HANDLER_TIMES) {
      options.logger.error(fields, 'a handler does not end; its update is given up');
      work.catch((error: unknown) => options.logger.error({ err: error, ...fields }, 'a handler ended too late'));
      return true;
    }
    options.logger.warn(fields, 'a handler does not end; it is waited for');
    if (answers) times += 1;
  }
}

async function endsWithin(options: UpdateSourceOptions, work: Promise<'done'>, ms: number): Promise<'done' | 'late'> {
  const over = new AbortController();
  try {
    return await Promise.race([work, options.sleep(ms, over.signal).then(() => 'late' as const)]);
  } finally {
    over.abort();
  }
}

function pollingProblem(error: unknown): ErrorCode {
  if (isRedisAway(error)) return 'redis_unreachable';
  if (!(error instanceof GrammyError)) return 'telegram_unreachable';
  if (error.error_code === 409) return 'token_in_use';
  return error.error_code === 401 || error.error_code === 404 ? 'token_invalid' : 'telegram_unreachable';
}

function retryAfterMs(error: unknown): number | undefined {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}
