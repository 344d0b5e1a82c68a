/** Owns what a customer says about a visit that is over: stars by a button, and words if they like. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { type Button, homeButton, homeKeyboard, keyboard } from '../keyboards/buttons.ts';
import { findBooking } from '../repository/bookings.ts';
import { addWords, giveStars } from '../repository/reviews.ts';
import { repeatButton } from './choose.ts';

/** Takes the stars; pressing others changes them. Then it asks for words, which nobody has to give. */
export async function takeStars(turn: Turn, bookingId: number, stars: number): Promise<void> {
  const { desk, person, texts, chatId, updateId, now } = turn;
  const booking = await findBooking(desk.services.database, person.id, bookingId);
  const over = booking !== undefined && booking.end <= now && ['confirmed', 'done'].includes(booking.status);
  if (!over || stars < 1 || stars > 5) {
    await answerPress(turn.ctx, texts.plain(booking === undefined ? 'booking-unknown' : 'button-old'), true);
    return;
  }
  await giveStars(desk.services.database, bookingId, stars, now);
  const question = { ask: 'review', booking: bookingId } as const;
  const asked = await desk.questions.ask(chatId, person.telegramId, { question, updateId }).then(
    () => true,
    () => false,
  );
  const again: Button = repeatButton(turn, booking);
  const html = `${'⭐'.repeat(stars)}\n\n${texts.html(asked ? 'review-thanks-words' : 'review-thanks')}`;
  await show(turn, html, keyboard([[again], [homeButton(texts)]]));
}

/** Takes the words. */
export async function takeWords(turn: Turn, bookingId: number, text: string): Promise<void> {
  const { desk, person, texts, chatId } = turn;
  await addWords(desk.services.database, { userId: person.id, bookingId }, text);
  await show(turn, texts.html('review-thanks'), homeKeyboard(texts, person.admin));
  await desk.questions.drop(chatId, person.telegramId);
}
