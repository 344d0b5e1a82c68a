/** Owns the notices to customers: an offer to the next in line, its end, and the question how a visit was. */
import { visitLines } from '../features/details.ts';
import { type Button, homeButton, keyboard } from '../keyboards/buttons.ts';
import type { AgendaEntry } from '../repository/bookings.ts';
import { findBroadcast } from '../repository/broadcasts.ts';
import { hasConsented } from '../repository/people.ts';
import { offerOf } from '../repository/waiting.ts';
import type { NoticeContext, NoticeText } from './notice-text.ts';

/** How many stars there are. */
const STARS = [1, 2, 3, 4, 5] as const;

/** A time has become free, and is kept for them for a while. */
export async function offerNotice({ desk, notice, texts, formats, now }: NoticeContext): Promise<NoticeText> {
  const { booking } = notice;
  const entry = booking === undefined ? undefined : await offerOf(desk.services.database, booking.id);
  if (booking === undefined || entry?.offeredUntil === undefined) return 'superseded';
  if (now >= entry.offeredUntil) return 'too_late';
  const about = { entry: entry.id, minute: Math.floor(booking.start / 60_000) };
  const buttons: Button[][] = [
    [[texts.plain('button-take-offer'), { kind: 'takeOffer', ...about }]],
    [[texts.plain('button-refuse-offer'), { kind: 'refuseOffer', ...about }]],
  ];
  const until = texts.html('offer-until', { time: formats.time(entry.offeredUntil) });
  const html = `${texts.html('offer-title')}\n\n${visitLines({ texts, formats }, withoutNumber(booking))}\n\n${until}`;
  return { html, buttons: keyboard(buttons) };
}

/** Nobody answered in time; they stay in line for other times of that day. */
export async function offerLapsedNotice({ notice, texts }: NoticeContext): Promise<NoticeText> {
  const entry = Number(notice.details['entry']);
  const buttons = keyboard([[[texts.plain('button-leave-line'), { kind: 'leaveLine', entry }]], [homeButton(texts)]]);
  return await Promise.resolve({ html: texts.html('offer-lapsed'), buttons });
}

/** The visit is over: how was it? */
export async function reviewNotice({ desk, notice, texts, now }: NoticeContext): Promise<NoticeText> {
  const { booking } = notice;
  if (booking === undefined || booking.end > now) return 'superseded';
  if (booking.status !== 'confirmed' && booking.status !== 'done') return 'superseded';
  const { company } = await desk.settings();
  const stars = STARS.map((count): Button => [`${count} ⭐`, { kind: 'stars', booking: booking.id, stars: count }]);
  return { html: texts.html('review-ask', { company, service: booking.service }), buttons: keyboard([stars]) };
}

/** An offer is no booking yet, so it has no number to be called by. */
function withoutNumber({ id: _number, ...visit }: AgendaEntry): Omit<AgendaEntry, 'id'> {
  return visit;
}

/** What the business writes to everyone who agreed; whoever has changed their mind since gets nothing. */
export async function broadcastNotice({ desk, notice, texts }: NoticeContext): Promise<NoticeText> {
  const { database } = desk.services;
  const id = Number(notice.details['broadcast']);
  const [broadcast, agrees] = await Promise.all([findBroadcast(database, id), hasConsented(database, notice.userId)]);
  if (broadcast === undefined || broadcast.stopped || !agrees) return 'superseded';
  const { chatId, messageId } = broadcast;
  const book: Button = [texts.plain('button-book'), { kind: 'services' }];
  const enough: Button = [texts.plain('button-news-off'), { kind: 'news', on: 0 }];
  return { copyOf: { chatId, messageId }, buttons: keyboard([[book], [enough]]) };
}
