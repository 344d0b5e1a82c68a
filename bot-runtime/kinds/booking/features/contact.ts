/** Owns asking a new customer, once, how to reach them. They may say no, and nothing depends on an answer. */
import { Keyboard } from 'grammy';
import type { Contact } from 'grammy/types';
import type { Question } from '../dialog/question.ts';
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { parsePhone } from '../domain/amounts.ts';
import { keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { settleContact } from '../repository/people.ts';
import { adoptVisits } from '../repository/place.ts';
import type { Choice } from './choice.ts';
import { askConfirm } from './confirm.ts';

type ContactQuestion = Extract<Question, { ask: 'contact' }>;

/** Goes on with the chosen time: to the question how to reach them if it is still open, else to the last question. */
export async function takeTime(turn: Turn, choice: Choice, minute: number): Promise<void> {
  if (turn.person.contactSettled || !turn.settings.askContact) {
    await askConfirm(turn, choice, minute);
    return;
  }
  const { texts } = turn;
  const about = { services: choice.services, staff: choice.staff, minute };
  const buttons = keyboard([
    [[texts.plain('button-share-contact'), { kind: 'shareContact', ...about }]],
    [[texts.plain('button-skip-contact'), { kind: 'skipContact', ...about }]],
  ]);
  await show(turn, texts.html('ask-contact', { company: turn.settings.company }), buttons);
}

/** They would rather not say: nobody asks again. */
export async function skipContact(turn: Turn, choice: Choice, minute: number): Promise<void> {
  await settleContact(turn.desk.services.database, turn.person.id, null, turn.now);
  await askConfirm(turn, choice, minute);
}

/** Telegram hands a number out by a keyboard below the chat only; an answer by hand is as good. */
export async function offerContactKeyboard(turn: Turn, choice: Choice, minute: number): Promise<void> {
  const { desk, chatId, person, updateId } = turn;
  const question: ContactQuestion = { ask: 'contact', services: [...choice.services], staff: choice.staff, minute };
  try {
    await desk.questions.ask(chatId, person.telegramId, { question, updateId });
  } catch (error) {
    desk.services.logger.warn({ err: error }, 'a customer was not asked for a number: Redis did not answer');
    await skipContact(turn, choice, minute);
    return;
  }
  await promptContact(turn);
}

/** Asks by the keyboard below the chat. */
export async function promptContact(turn: Turn): Promise<void> {
  await promptBelow(turn, 'contact-how');
  await answerPress(turn.ctx);
}

/** A contact came: only one's own counts. Without an open question it is kept all the same. */
export async function takeContact(turn: Turn, contact: Contact, question: ContactQuestion | undefined): Promise<void> {
  const { person } = turn;
  const phone = contact.user_id === person.telegramId ? parsePhone(contact.phone_number) : undefined;
  if (phone === undefined) {
    await promptBelow(turn, 'contact-strange');
    return;
  }
  // Only Telegram itself proves a number: one that is written by hand is nobody's proof.
  await adoptVisits(turn.desk.services.database, turn.desk.services, { id: person.id, phone }, turn.now);
  turn.desk.wake();
  await settle(turn, phone, question);
}

/** A text came while the question is open: a number, a "later", or something else. */
export async function takeContactText(turn: Turn, text: string, question: ContactQuestion): Promise<void> {
  const phone = parsePhone(text);
  const later = text.trim() === turn.texts.plain('contact-later');
  if (phone === undefined && !later) {
    await promptBelow(turn, 'contact-unclear');
    return;
  }
  await settle(turn, phone ?? null, question);
}

async function settle(turn: Turn, phone: string | null, question: ContactQuestion | undefined): Promise<void> {
  const { desk, chatId, person, texts } = turn;
  await settleContact(desk.services.database, person.id, phone, turn.now);
  const thanks = texts.html(phone === null ? 'contact-skipped' : 'contact-thanks');
  await turn.ctx.reply(thanks, { parse_mode: 'HTML', reply_markup: { remove_keyboard: true } });
  if (question !== undefined) {
    await askConfirm(turn, { services: question.services, staff: question.staff }, question.minute);
  }
  // Last, so that a process that dies on the way asks the same again.
  await desk.questions.drop(chatId, person.telegramId);
}

async function promptBelow({ ctx, texts }: Turn, key: MessageKey): Promise<void> {
  const below = new Keyboard()
    .requestContact(texts.plain('contact-send'))
    .row()
    .text(texts.plain('contact-later'))
    .resized()
    .oneTime();
  await ctx.reply(texts.html(key), { parse_mode: 'HTML', reply_markup: below });
}
