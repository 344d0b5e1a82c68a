/**
 * Fetches updates and confirms them only after they were handled: a crash repeats an update rather than losing it.
 * Updates of one chat are handled in order, those of different chats side by side.
 */
import { GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { ErrorCode } from '#shared/errors/codes.ts';
import type { KindLogger } from './kind.ts';

/** What the source needs from outside. */
export interface UpdateSourceOptions {
  /** One getUpdates call; rejects when the signal aborts. */
  fetch(offset: number, timeoutSeconds: number, signal: AbortSignal): Promise<readonly Update[]>;
  /** Handles one update. What it throws is logged; the update counts as handled. */
  handle(update: Update): Promise<void>;
  /** Which of these were handled before, by this process or an earlier one. */
  handledBefore(updateIds: readonly number[]): Promise<ReadonlySet<number>>;
  /** Notes that an update was handled. */
  noteHandled(updateId: number): Promise<void>;
  /** False when the right to poll is over: nothing more may be handled. */
  mayPoll(): boolean;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
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
/** A handler that takes longer does not hold up the customers behind it. */
const HANDLER_MS = 30_000;
const BACK_OFF_MS = { first: 500, most: 30_000 } as const;

/** Starts to poll. */
export function startUpdateSource(options: UpdateSourceOptions): UpdateSource {
  const stopping = new AbortController();
  const state: UpdateSource['state'] = { updates: 0, errors: 0, problem: undefined };
  let offset = 0;
  /** The offset of the newest poll: everything below it is confirmed. */
  let confirmed = 0;
  const running = (async () => {
    let failures = 0;
    while (!stopping.signal.aborted && options.mayPoll()) {
      try {
        confirmed = offset;
        const updates = await options.fetch(offset, POLL_SECONDS, stopping.signal);
        failures = 0;
        state.problem = undefined;
        if (updates.length === 0 || !options.mayPoll()) continue;
        await handleBatch(options, state, updates);
        offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures += 1;
        state.problem = pollingProblem(error);
        const wait = retryAfterMs(error) ?? Math.min(BACK_OFF_MS.first * 2 ** (failures - 1), BACK_OFF_MS.most);
        options.logger.warn({ err: error, problem: state.problem, wait_ms: wait }, 'polling failed; trying again');
        await options.sleep(wait, stopping.signal);
      }
    }
  })();
  return {
    state,
    async stop(confirm) {
      stopping.abort();
      await running;
      if (!confirm || offset === confirmed || !options.mayPoll()) return;
      // What comes back is not confirmed by this call: the next poller gets it again.
      await options.fetch(offset, 0, AbortSignal.timeout(3_000)).catch((error: unknown) => {
        options.logger.warn({ err: error }, 'the last updates could not be confirmed; they will be recognised');
      });
    },
  };
}

async function handleBatch(
  options: UpdateSourceOptions,
  state: UpdateSource['state'],
  updates: readonly Update[],
): Promise<void> {
  const before = await options.handledBefore(updates.map((update) => update.update_id));
  const lanes = new Map<number, Update[]>();
  for (const update of updates) {
    if (before.has(update.update_id)) continue;
    const lane = laneOf(update);
    lanes.set(lane, [...(lanes.get(lane) ?? []), update]);
  }
  await Promise.all([...lanes.values()].map((lane) => handleLane(options, state, lane)));
}

async function handleLane(
  options: UpdateSourceOptions,
  state: UpdateSource['state'],
  lane: readonly Update[],
): Promise<void> {
  for (const update of lane) {
    try {
      await withLimit(options.handle(update), HANDLER_MS);
    } catch (error) {
      state.errors += 1;
      options.logger.error({ err: error, update_id: update.update_id }, 'an update could not be handled');
    }
    state.updates += 1;
    await options.noteHandled(update.update_id);
  }
}

/** Updates with the same number are handled in order: one lane per chat, else per person, else the update's own. */
function laneOf(update: Update): number {
  const chat = update.message?.chat ?? update.edited_message?.chat ?? update.callback_query?.message?.chat;
  return chat?.id ?? update.callback_query?.from.id ?? update.my_chat_member?.chat.id ?? -update.update_id;
}

async function withLimit(work: Promise<void>, ms: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no end after ${ms} ms`)), ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function pollingProblem(error: unknown): ErrorCode {
  if (!(error instanceof GrammyError)) return 'telegram_unreachable';
  if (error.error_code === 409) return 'token_in_use';
  return error.error_code === 401 || error.error_code === 404 ? 'token_invalid' : 'telegram_unreachable';
}

function retryAfterMs(error: unknown): number | undefined {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}
