/** Owns what the notices say, each kind in its own file. A kind that this version does not know stays unsaid. */
import type { Api } from 'grammy';
import type { Desk } from '../dialog/turn.ts';
import type { ClaimedNotice } from '../repository/notices.ts';
import type { Outcome } from '../repository/queue.ts';
import { formatsFor } from '../texts/format.ts';
import { clipMessage } from '../texts/html.ts';
import { broadcastNotice, offerLapsedNotice, offerNotice, reviewNotice } from './customer-notices.ts';
import { deskAskMoveNotice, deskBookedNotice, deskCancelledNotice, deskMovedNotice } from './desk-notices.ts';
import { digestNotice } from './digest.ts';
import type { NoticeWriter } from './notice-text.ts';
import { withinClaim } from './within-claim.ts';

const WRITERS: ReadonlyMap<string, NoticeWriter> = new Map([
  ['broadcast', broadcastNotice],
  ['desk_ask_move', deskAskMoveNotice],
  ['desk_booked', deskBookedNotice],
  ['desk_cancelled', deskCancelledNotice],
  ['desk_moved', deskMovedNotice],
  ['digest', digestNotice],
  ['offer', offerNotice],
  ['offer_lapsed', offerLapsedNotice],
  ['review', reviewNotice],
]);

/** Says a notice. Fails as Telegram does. */
export async function sendNotice(desk: Desk, api: Api, notice: ClaimedNotice): Promise<Outcome> {
  const write = WRITERS.get(notice.kind);
  if (write === undefined) return 'failed';
  const { zone } = await desk.settings();
  const texts = await desk.texts(notice.locale);
  const formats = formatsFor(notice.locale, zone.name);
  const written = await write({ desk, notice, texts, formats, now: desk.services.now() });
  if (typeof written === 'string') return written;
  await desk.services.spare(notice.telegramId);
  if ('copyOf' in written) {
    const { chatId, messageId } = written.copyOf;
    await api.copyMessage(notice.telegramId, chatId, messageId, { reply_markup: written.buttons }, withinClaim());
    return 'sent';
  }
  const options = { parse_mode: 'HTML', reply_markup: written.buttons } as const;
  await api.sendMessage(notice.telegramId, clipMessage(written.html), options, withinClaim());
  return 'sent';
}
