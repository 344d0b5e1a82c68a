/** Owns the loop that sends what is due. It sleeps until the next message is, or until somebody wakes it. */
import { type Api, GrammyError } from 'grammy';
import { isUnwelcome } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Desk } from '../dialog/turn.ts';
import { judgeReminder } from '../domain/reminders.ts';
import {
  type ClaimedNotice,
  type ClaimedReminder,
  claimNotice,
  claimReminder,
  finish,
  nextDue,
  type Outcome,
  postpone,
} from '../repository/queue.ts';
import { sendNotice } from './notices.ts';
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
        services.logger.warn({ err: error }, 'messages that are due cannot be sent now; trying again');
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

/** Sends the message that has been due for longest; false when none is. */
async function deliverOne(desk: Desk, api: Api): Promise<boolean> {
  const { database, now } = desk.services;
  const claimed = (await claimReminder(database, now())) ?? (await claimNotice(database, now()));
  if (claimed === undefined) return false;
  const outcome = await attempt(desk, api, claimed);
  if (typeof outcome === 'number') await postpone(database, claimed, now() + outcome);
  else await finish(database, claimed, outcome, now());
  return true;
}

/** How it ended, or in how many milliseconds it is to be tried again. */
async function attempt(desk: Desk, api: Api, claimed: ClaimedReminder | ClaimedNotice): Promise<Outcome | number> {
  const { logger } = desk.services;
  try {
    return claimed.table === 'notices' ? await sendNotice(desk, api, claimed) : await remind(desk, api, claimed);
  } catch (error) {
    if (isUnwelcome(error)) return 'unwelcome';
    const refused = error instanceof GrammyError && error.error_code >= 400 && error.error_code < 429;
    logger.warn({ err: error, [claimed.table]: claimed.id, attempts: claimed.attempts }, 'a message was not sent');
    if (refused) return 'failed';
    const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
    return Math.max(asked, Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(claimed.attempts, 10)));
  }
}

async function remind(desk: Desk, api: Api, claimed: ClaimedReminder): Promise<Outcome> {
  const { booking, telegramId, laterIsDue } = claimed;
  const ahead = booking.status === 'pending' || booking.status === 'confirmed';
  const verdict = judgeReminder({ start: booking.start, now: desk.services.now(), laterIsDue });
  if (verdict !== 'send') return verdict;
  if (!ahead) return 'superseded';
  if (telegramId === undefined) return 'unwelcome';
  await sendReminder(desk, api, { ...claimed, telegramId });
  return 'sent';
}
