/** Owns the loop that sends reminders when they are due. It sleeps until the next one is, or until somebody wakes it. */
import { type Api, GrammyError } from 'grammy';
import { isUnwelcome } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Desk } from '../dialog/turn.ts';
import { judgeReminder } from '../domain/reminders.ts';
import { type ClaimedReminder, claimReminder, finish, nextDue, type Outcome, postpone } from '../repository/queue.ts';
import { sendReminder } from './reminder.ts';

/** The running loop. */
export interface Delivery {
  /** Looks again now: something may be due earlier than it thought. */
  wake(): void;
  /** Resolves when nothing is being sent any more. */
  stop(): Promise<void>;
}

/** Nothing sleeps longer: what another program wrote is found then. */
const LONGEST_SLEEP_MS = 60_000;
const TROUBLE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;

/** Starts it. Trouble with the database or with Telegram is waited out; it never ends by itself. */
export function startDelivery(desk: Desk, api: Api): Delivery {
  const stopping = new AbortController();
  let woken = new AbortController();
  const { services } = desk;
  const pass = async (): Promise<number> => {
    while (!stopping.signal.aborted && (await deliverOne(desk, api)));
    const due = await nextDue(services.database);
    return Math.min(LONGEST_SLEEP_MS, Math.max(0, (due ?? Number.POSITIVE_INFINITY) - services.now()));
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = new AbortController();
      const pause = await pass().catch((error: unknown) => {
        services.logger.warn({ err: error }, 'reminders that are due cannot be sent now; trying again');
        return TROUBLE_MS;
      });
      await services.sleep(pause, AbortSignal.any([stopping.signal, woken.signal]));
    }
  };
  const ended = run();
  return {
    wake: () => woken.abort(),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Sends the reminder that has been due for longest; false when none is. */
async function deliverOne(desk: Desk, api: Api): Promise<boolean> {
  const { database, now } = desk.services;
  const claimed = await claimReminder(database, now());
  if (claimed === undefined) return false;
  const outcome = await attempt(desk, api, claimed);
  if (typeof outcome === 'number') await postpone(database, claimed.id, now() + outcome);
  else await finish(database, claimed.id, outcome, now());
  return true;
}

/** How it ended, or in how many milliseconds it is to be tried again. */
async function attempt(desk: Desk, api: Api, claimed: ClaimedReminder): Promise<Outcome | number> {
  const { logger, now } = desk.services;
  const { booking, laterIsDue } = claimed;
  const verdict = judgeReminder({ start: booking.start, now: now(), laterIsDue });
  if (verdict !== 'send') return verdict;
  if (booking.status !== 'pending' && booking.status !== 'confirmed') return 'superseded';
  try {
    await sendReminder(desk, api, claimed);
    return 'sent';
  } catch (error) {
    if (isUnwelcome(error)) return 'unwelcome';
    logger.warn({ err: error, reminder: claimed.id, attempts: claimed.attempts }, 'a reminder was not sent');
    return error instanceof GrammyError && error.error_code === 400 ? 'failed' : pauseAfter(error, claimed.attempts);
  }
}

/** Telegram's own wish, or longer with each attempt. */
function pauseAfter(error: unknown, attempts: number): number {
  const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
  return Math.max(asked, Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(attempts, 10)));
}
