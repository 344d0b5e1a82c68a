/**
 * Owns the loop that says by itself what is due: reminders, notices, offers to those in line. It sleeps until the next one
 * is, or until somebody wakes it.
 */
import { type Api, GrammyError } from 'grammy';
import { isUnwelcome } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Desk } from '../dialog/turn.ts';
import { judgeReminder } from '../domain/reminders.ts';
import { type ClaimedNotice, claimNotice, finishNotice, postponeNotice } from '../repository/notices.ts';
import { lapseOffers, offerFreed } from '../repository/offering.ts';
import { type ClaimedReminder, claimReminder, finish, nextWork, type Outcome, postpone } from '../repository/queue.ts';
import { leaveLine } from '../repository/waiting.ts';
import { createDigestPlan } from './digest.ts';
import { sendNotice } from './notices.ts';
import { sendReminder } from './reminder.ts';

/** The running loop. */
export interface Delivery {
  /** Looks again, unless it will anyway before `due`. */
  wake(due?: number): void;
  /** Looks again, and whether anything has become free for those in line. */
  freed(): void;
  /** Resolves when nothing is being sent any more. */
  stop(): Promise<void>;
}

const TROUBLE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;

/**
 * Starts it. Trouble with the database or with Telegram is waited out; it never ends by itself.
 * @param longestSleepMs what another program wrote is found by then
 */
export function startDelivery(desk: Desk, api: Api, longestSleepMs: number): Delivery {
  const stopping = new AbortController();
  const { services } = desk;
  let woken = new AbortController();
  /** When it looks again by itself; while it is looking nobody knows what it has seen already. */
  let looksAgain = Number.POSITIVE_INFINITY;
  let look = { freed: true, since: Number.NEGATIVE_INFINITY };
  /** Only somebody in line makes the look worth its while; it happens seldom unless something was freed. */
  const offer = async (): Promise<void> => {
    const { freed, since } = look;
    if (!freed && services.now() - since < longestSleepMs) return;
    look = { freed: false, since: services.now() };
    try {
      await lapseOffers(services.database, services.now());
      await offerFreed(services.database, services, services.now());
    } catch (error) {
      look = { ...look, freed: true };
      throw error;
    }
  };
  const planDigest = createDigestPlan(desk);
  const pass = async (): Promise<number> => {
    await planDigest();
    const before = await nextWork(services.database);
    const isDue = before.due !== undefined && before.due <= services.now();
    if (isDue && (await lapseOffers(services.database, services.now())) > 0) look = { ...look, freed: true };
    if (before.inLine) await offer();
    if (!isDue && !before.inLine) return untilDue(before.due);
    while (!stopping.signal.aborted && ((await remindOne(desk, api)) || (await noticeOne(desk, api))));
    return untilDue((await nextWork(services.database)).due);
  };
  const untilDue = (due = Number.POSITIVE_INFINITY): number =>
    Math.min(longestSleepMs, Math.max(0, due - services.now()));
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = new AbortController();
      looksAgain = Number.POSITIVE_INFINITY;
      const pause = await pass().catch((error: unknown) => {
        services.logger.warn({ err: error }, 'what is due cannot be sent now; trying again');
        return TROUBLE_MS;
      });
      looksAgain = services.now() + pause;
      await services.sleep(pause, AbortSignal.any([stopping.signal, woken.signal]));
    }
  };
  const ended = run();
  return {
    wake(due = Number.NEGATIVE_INFINITY) {
      if (due < looksAgain) woken.abort();
    },
    freed() {
      look = { ...look, freed: true };
      woken.abort();
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Sends the reminder that has been due for longest; false when none is. */
async function remindOne(desk: Desk, api: Api): Promise<boolean> {
  const { database, now } = desk.services;
  const claimed = await claimReminder(database, now());
  if (claimed === undefined) return false;
  const outcome = await tryOnce(desk, claimed, () => remind(desk, api, claimed));
  if (typeof outcome === 'number') await postpone(database, claimed, now() + outcome);
  else await finish(database, claimed, outcome, now());
  return true;
}

/** Sends the notice that has been due for longest; false when none is. */
async function noticeOne(desk: Desk, api: Api): Promise<boolean> {
  const { database, now } = desk.services;
  const claimed = await claimNotice(database, now());
  if (claimed === undefined) return false;
  const outcome = await tryOnce(desk, claimed, () => sendNotice(desk, api, claimed));
  if (typeof outcome === 'number') {
    await postponeNotice(database, claimed.id, now() + outcome);
    return true;
  }
  await finishNotice(database, claimed.id, outcome, now());
  if (claimed.kind === 'offer' && (outcome === 'unwelcome' || outcome === 'failed')) {
    // Whoever cannot be reached keeps nobody else waiting.
    await leaveLine(database, claimed.userId, Number(claimed.details['entry']), now());
    desk.freed();
  }
  return true;
}

async function remind(desk: Desk, api: Api, claimed: ClaimedReminder): Promise<Outcome> {
  const { booking, laterIsDue } = claimed;
  const verdict = judgeReminder({ start: booking.start, now: desk.services.now(), laterIsDue });
  if (verdict !== 'send') return verdict;
  if (booking.status !== 'pending' && booking.status !== 'confirmed') return 'superseded';
  await desk.services.spare(claimed.telegramId);
  await sendReminder(desk, api, claimed);
  return 'sent';
}

/** How it ended, or in how many milliseconds it is to be tried again. */
async function tryOnce(
  { services }: Desk,
  claimed: ClaimedReminder | ClaimedNotice,
  send: () => Promise<Outcome>,
): Promise<Outcome | number> {
  try {
    return await send();
  } catch (error) {
    if (isUnwelcome(error)) return 'unwelcome';
    services.logger.warn(
      { err: error, id: claimed.id, attempts: claimed.attempts },
      'a message that is due was not sent',
    );
    return error instanceof GrammyError && error.error_code === 400 ? 'failed' : pauseAfter(error, claimed.attempts);
  }
}

/** Telegram's own wish, or longer with each attempt. */
function pauseAfter(error: unknown, attempts: number): number {
  const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
  return Math.max(asked, Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(attempts, 10)));
}
