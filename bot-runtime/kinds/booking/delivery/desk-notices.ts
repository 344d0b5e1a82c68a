/** Owns what customers are told of the changes that the business makes. */
import { mayChange } from '../domain/booking-status.ts';
import { visitLines } from '../features/details.ts';
import { type Button, homeButton, keyboard } from '../keyboards/buttons.ts';
import type { NoticeContext, NoticeText } from './notice-text.ts';

/** The business had to cancel; another time is one press away. */
export async function deskCancelledNotice({ desk, notice, texts, formats, now }: NoticeContext): Promise<NoticeText> {
  const { booking } = notice;
  if (booking?.status !== 'cancelled') return 'superseded';
  if (now >= booking.end) return 'too_late';
  const { company } = await desk.settings();
  const { reason } = notice.details;
  const why = typeof reason === 'string' ? `\n${texts.html('desk-cancelled-why', { reason })}` : '';
  const title = `${texts.html('desk-cancelled-notice', { company })}${why}`;
  const again = keyboard([[[texts.plain('button-book'), { kind: 'services' }]], [homeButton(texts)]]);
  return { html: `${title}\n\n${visitLines({ texts, formats }, booking)}`, buttons: again };
}

/** The business has booked for them. */
export async function deskBookedNotice(context: NoticeContext): Promise<NoticeText> {
  return await aboutVisit(context, 'desk-booked-notice', {});
}

/** The business has moved their visit: another time, or another member. */
export async function deskMovedNotice(context: NoticeContext): Promise<NoticeText> {
  const { notice, formats } = context;
  const from = Number(notice.details['from']);
  return await aboutVisit(context, 'desk-moved-notice', { day: formats.day(from), time: formats.time(from) });
}

/** The business cannot keep the time: the customer chooses another one, or cancels. */
export async function deskAskMoveNotice(context: NoticeContext): Promise<NoticeText> {
  return context.notice.booking?.askedToMove === true
    ? await aboutVisit(context, 'desk-ask-move-notice', {})
    : 'superseded';
}

async function aboutVisit(
  { desk, notice, texts, formats, now }: NoticeContext,
  key: 'desk-booked-notice' | 'desk-moved-notice' | 'desk-ask-move-notice',
  facts: Readonly<Record<string, string>>,
): Promise<NoticeText> {
  const { booking } = notice;
  if (booking?.status !== 'confirmed') return 'superseded';
  if (now >= booking.start) return 'too_late';
  const { company, cancellationHours } = await desk.settings();
  const move: Button = [texts.plain('button-move'), { kind: 'move', booking: booking.id }];
  const cancel: Button = [texts.plain('button-cancel-booking'), { kind: 'askCancel', booking: booking.id }];
  const may = mayChange(booking, now, cancellationHours);
  const html = `${texts.html(key, { company, ...facts })}\n\n${visitLines({ texts, formats }, booking)}`;
  return { html, buttons: keyboard([...(may ? [[move], [cancel]] : []), [homeButton(texts)]]) };
}
