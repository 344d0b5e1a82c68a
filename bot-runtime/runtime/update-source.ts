/**
 * Fetches updates and confirms them only after they were handled: a crash repeats an update rather than losing it.
 * Updates of one chat are handled in order, those of different chats side by side. While some are being handled the next
 * ones are fetched: Telegram then hands out again what is still open, and that is recognised. So a customer whose answer
 * takes long holds up nobody else, as long as no more than a hundred updates lie behind theirs.
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
/** Telegram hands out at most so many updates above an offset. */
const WINDOW = 100;
/** What ends within so short a time is confirmed together. */
const GATHER_MS = 10;
/** How soon it is asked again what lies behind an update that takes long, and how seldom in the end. */
const BEHIND_MS = { first: 500, most: 5_000 } as const;
const HANDLER_MS = 30_000;
/** How often a handler gets its time while storage answers; afterwards it no longer holds up the customers behind it. */
const HANDLER_TIMES = 2;
const AGAIN_MS = { first: 250, most: 5_000 } as const;
/** How often a bot that ends looks for more; a crowd that never stops must not keep it. */
const LAST_ROUNDS = 10;
/** Ends a wait. With a reason of one's own no error with a stack is made for it, for every update. */
const OVER = 'over';
const BACK_OFF_MS = { first: 500, most: 30_000 } as const;

/** Starts to poll. */
export function startUpdateSource(options: UpdateSourceOptions): UpdateSource {
  const stopping = new AbortController();
  const state: UpdateSource['state'] = { updates: 0, errors: 0, problem: undefined };
  const open = createOpenUpdates({ options, state, stopping: stopping.signal });
  /** What an earlier process handled but did not confirm comes with the first answer: it confirmed before it went on. */
  let inherited = true;
  /** The offset of the newest poll: everything below it is confirmed. */
  let confirmed = 0;
  const fetchMore = async (): Promise<void> => {
    confirmed = open.beginFetch();
    const updates = await options.fetch(confirmed, open.size() === 0 ? POLL_SECONDS : 0, stopping.signal);
    await open.take(updates, inherited);
    inherited &&= updates.length === 0;
  };
  const running = (async () => {
    let failures = 0;
    let behindMs: number = BEHIND_MS.first;
    while (!stopping.signal.aborted && options.mayPoll()) {
      try {
        await fetchMore();
        failures = 0;
        if (!open.inTrouble()) state.problem = undefined;
        const moved = await open.progress(confirmed, behindMs);
        behindMs = moved ? BEHIND_MS.first : Math.min(behindMs * 2, BEHIND_MS.most);
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures += 1;
        confirmed = -1;
        state.problem = pollingProblem(error);
        const wait = retryAfterMs(error) ?? Math.min(BACK_OFF_MS.first * 2 ** (failures - 1), BACK_OFF_MS.most);
        options.logger.warn({ err: error, problem: state.problem, wait_ms: wait }, 'polling failed; trying again');
        await options.sleep(wait, stopping.signal);
      }
    }
    await open.idle();
  })();
  /** Telegram confirms by handing out what comes next: that is handled, too, so that nobody gets it a second time. */
  const confirmLast = async (): Promise<void> => {
    for (let round = 1; round <= LAST_ROUNDS && open.offset() !== confirmed && options.mayPoll(); round += 1) {
      if (open.failed()) return;
      const offset = open.beginFetch();
      const updates = await options.fetch(offset, 0, AbortSignal.timeout(3_000));
      confirmed = offset;
      if (updates.length === 0) return;
      await open.take(updates, false);
      await open.idle();
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

/** What handling an update needs. */
interface Handling {
  readonly options: UpdateSourceOptions;
  readonly state: UpdateSource['state'];
  readonly stopping: AbortSignal;
  /** How many updates wait because what they need is away. */
  waiting: number;
}

/** The updates that were fetched and are not confirmed yet. */
interface OpenUpdates {
  /** Everything below was handled. */
  offset(): number;
  /** The offset to fetch from. What is handled from now on may be handed out once more by that fetch. */
  beginFetch(): number;
  size(): number;
  /** Begins to handle what is new among these. Rejects as `handledBefore` does; then nothing of it was begun. */
  take(updates: readonly Update[], inherited: boolean): Promise<void>;
  /** Resolves when it is time to fetch again: true when there is something to confirm or nothing is open. */
  progress(polled: number, longestMs: number): Promise<boolean>;
  /** Resolves when nothing is being handled any more. */
  idle(): Promise<void>;
  /** True when something was not handled and must come again. */
  failed(): boolean;
  inTrouble(): boolean;
}

function createOpenUpdates(given: Omit<Handling, 'waiting'>): OpenUpdates {
  const handling: Handling = { ...given, waiting: 0 };
  const { options, state, stopping } = handling;
  /** In the order of their ids; true: handled. */
  const window = new Map<number, boolean>();
  const lanes = new Map<number, Promise<void>>();
  /** Handled since the last fetch began. */
  const lately = new Set<number>();
  let offset = 0;
  let failed = false;
  let changed = Promise.withResolvers<void>();

  const note = (): void => {
    for (const [updateId, handled] of window) {
      if (!handled) break;
      window.delete(updateId);
      lately.add(updateId);
      offset = updateId + 1;
    }
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const run = async (update: Update): Promise<void> => {
    if (failed) return;
    try {
      failed = !options.mayPoll() || !(await handleOne(handling, update));
      if (!failed) {
        state.updates += 1;
        await options.noteHandled(update.update_id);
        window.set(update.update_id, true);
      }
    } catch (error) {
      options.logger.error({ err: error, update_id: update.update_id }, 'an update could not be noted as handled');
      failed = true;
    }
    note();
  };
  const begin = (update: Update): void => {
    const lane = laneOf(update);
    const work = (lanes.get(lane) ?? Promise.resolve()).then(() => run(update));
    lanes.set(lane, work);
    void work.finally(() => {
      if (lanes.get(lane) === work) lanes.delete(lane);
    });
  };
  const idle = async (): Promise<void> => {
    while (lanes.size > 0) await Promise.all(lanes.values());
  };
  return {
    offset: () => offset,
    beginFetch() {
      lately.clear();
      return offset;
    },
    size: () => window.size,
    failed: () => failed,
    inTrouble: () => handling.waiting > 0,
    idle,
    async take(updates, inherited) {
      if (failed) {
        // What was not handled comes again; what was is known.
        await idle();
        window.clear();
        failed = false;
      }
      const fresh = updates.filter(({ update_id: id }) => !lately.has(id) && !window.has(id));
      if (fresh.length === 0 || !options.mayPoll()) return;
      const before = await options.handledBefore(
        fresh.map(({ update_id: id }) => id),
        inherited,
      );
      for (const update of fresh) {
        window.set(update.update_id, before.has(update.update_id));
        if (!before.has(update.update_id)) begin(update);
      }
      note();
    },
    async progress(polled, longestMs) {
      const over = new AbortController();
      const late = options.sleep(longestMs, AbortSignal.any([stopping, over.signal])).then(() => 'late' as const);
      while (window.size > 0 && !failed) {
        if (offset > polled && window.size < WINDOW) await options.sleep(GATHER_MS, stopping);
        if (offset > polled || stopping.aborted) break;
        if ((await Promise.race([changed.promise, late])) === 'late') break;
      }
      over.abort(OVER);
      return offset > polled || window.size === 0;
    },
  };
}

/** Handles one update, as often as what it needs is away. False when it was not handled and must come again. */
async function handleOne(handling: Handling, update: Update): Promise<boolean> {
  const { options, state, stopping } = handling;
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
    handling.waiting += 1;
    await options.sleep(Math.min(AGAIN_MS.first * 2 ** (failures - 1), AGAIN_MS.most), stopping);
    handling.waiting -= 1;
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
    over.abort(OVER);
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
