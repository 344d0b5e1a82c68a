/** Owns what a reminder says, and which buttons it has. */
import type { Api } from 'grammy';
import type { Desk } from '../dialog/turn.ts';
import { mayChange } from '../domain/booking-status.ts';
import { visitLines } from '../features/details.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { ClaimedReminder } from '../repository/queue.ts';
import { formatsFor } from '../texts/format.ts';
import { withinClaim } from './within-claim.ts';

/** Reminds a customer of a visit. Fails as Telegram does. */
export async function sendReminder(
  desk: Desk,
  api: Api,
  { booking, telegramId, locale }: ClaimedReminder,
): Promise<void> {
  const settings = await desk.settings();
  const texts = await desk.texts(locale);
  const formats = formatsFor(locale, settings.zone.name);
  const will: Button = [texts.plain('button-will-come'), { kind: 'willCome', booking: booking.id }];
  const move: Button = [texts.plain('button-move'), { kind: 'move', booking: booking.id }];
  const cancel: Button = [texts.plain('button-cancel-booking'), { kind: 'askCancel', booking: booking.id }];
  const may = mayChange(booking, desk.services.now(), settings.cancellationHours);
  const text = `${texts.html('reminder-title')}\n\n${visitLines({ texts, formats }, booking)}`;
  const buttons = keyboard([booking.customerConfirmed ? [] : [will], may ? [move] : [], may ? [cancel] : []]);
  await api.sendMessage(telegramId, text, { parse_mode: 'HTML', reply_markup: buttons }, withinClaim());
}
