/** Owns what customers are told of the changes that the business makes. */
import { visitLines } from '../features/details.ts';
import { homeButton, keyboard } from '../keyboards/buttons.ts';
import type { NoticeContext, NoticeText } from './notice-text.ts';

/** The business had to cancel; another time is one press away. */
export async function deskCancelledNotice({ desk, notice, texts, formats, now }: NoticeContext): Promise<NoticeText> {
  const { booking } = notice;
  if (booking?.status !== 'cancelled') return 'superseded';
  if (now >= booking.end) return 'too_late';
  const { company } = await desk.settings();
  const title = texts.html('desk-cancelled-notice', { company });
  const again = keyboard([[[texts.plain('button-book'), { kind: 'services' }]], [homeButton(texts)]]);
  return { html: `${title}\n\n${visitLines({ texts, formats }, booking)}`, buttons: again };
}
