/** What a person does with the buttons under messages: press them, pay bills. */
import type { PayInvoiceResult, PressResult } from '#shared/schemas/sandbox.ts';
import { randomText } from '../../random.ts';
import type { DialogMessage } from '../dialogs.ts';
import { userOf } from '../people.ts';
import { type PersonChat, postByPerson } from '../person-post.ts';
import type { InlineButton } from '../types.ts';
import type { World } from '../world.ts';
import { ActError } from './act-error.ts';
import { messageAt } from './speak.ts';

/** Which button. */
export interface ButtonChoice {
  readonly text?: string | undefined;
  readonly data?: string | undefined;
  readonly messageId?: number | undefined;
}

/** Presses a button and, if asked, waits up to `waitMs` for what the bot answers. */
export async function press(
  world: World,
  chat: PersonChat,
  choice: ButtonChoice,
  waitMs: number,
): Promise<PressResult> {
  const { entry, data } = findButton(chat, choice);
  const { bot, person, dialog } = chat;
  const { message } = entry;
  const id = world.callbacks.open(bot.id);
  world.dialogs.personActed(dialog);
  const builtIn = world.builtIn.get(bot.id);
  if (builtIn) builtIn.hearsButton(person.id, message.message_id, data, id);
  else {
    const query = { id, from: userOf(person), message, chat_instance: dialog.chatInstance, data };
    world.updates.push(bot, 'callback_query', query, person.id);
  }
  world.changed();
  const answer = await world.callbacks.waitFor(id, waitMs);
  return { callbackQueryId: id, messageId: message.message_id, data, answer: answer ?? null };
}

function findButton(chat: PersonChat, choice: ButtonChoice): { readonly entry: DialogMessage; readonly data: string } {
  const entries = choice.messageId === undefined ? newestFirst(chat) : [messageAt(chat, choice.messageId)];
  for (const fits of [exactly(choice), loosely(choice)]) {
    for (const entry of entries) {
      const button = entry.message.reply_markup?.inline_keyboard.flat().find(fits);
      if (button?.callback_data !== undefined) return { entry, data: button.callback_data };
    }
  }
  const shown = entries.find((entry) => entry.message.reply_markup)?.message.reply_markup?.inline_keyboard.flat() ?? [];
  const names = shown.map((button) => `"${button.text}"`).join(', ') || 'none';
  throw new ActError(
    404,
    'button_not_found',
    `No such button (${choice.data ?? choice.text}); newest keyboard: ${names}.`,
  );
}

function newestFirst(chat: PersonChat): readonly DialogMessage[] {
  return [...chat.dialog.messages.values()]
    .filter((entry) => entry.message.reply_markup)
    .sort((left, right) => right.message.message_id - left.message.message_id);
}

function exactly(choice: ButtonChoice): (button: InlineButton) => boolean {
  return (button) =>
    (choice.data === undefined || button.callback_data === choice.data) &&
    (choice.text === undefined || button.text === choice.text);
}

function loosely(choice: ButtonChoice): (button: InlineButton) => boolean {
  const { text } = choice;
  return (button) =>
    button.callback_data !== undefined &&
    (choice.data === undefined || button.callback_data === choice.data) &&
    (text === undefined || button.text.includes(text));
}

/** Pays a bill shown in the chat: asks the bot first, then leaves the service message. */
export async function payInvoice(
  world: World,
  chat: PersonChat,
  messageId: number | undefined,
  waitMs: number,
): Promise<PayInvoiceResult> {
  const entry = invoiceAt(chat, messageId);
  const { bot, person } = chat;
  const { invoice } = entry.message;
  if (!invoice) throw new ActError(404, 'invoice_not_found', `Message ${entry.message.message_id} is no invoice.`);
  const { currency, total_amount } = invoice;
  const payload = entry.invoicePayload ?? '';
  const id = world.checkouts.open(bot.id);
  const query = { id, from: userOf(person), currency, total_amount, invoice_payload: payload };
  world.updates.push(bot, 'pre_checkout_query', query, person.id);
  const answer = await world.checkouts.waitFor(id, waitMs);
  if (!answer?.ok)
    return { preCheckoutQueryId: id, paid: false, error: answer?.errorMessage ?? 'BOT_PRECHECKOUT_TIMEOUT' };
  const charge = `stx${randomText(world.random, 40)}`;
  postByPerson(world, chat, {
    successful_payment: {
      currency,
      total_amount,
      invoice_payload: payload,
      telegram_payment_charge_id: charge,
      provider_payment_charge_id: `${person.id}_0`,
    },
  });
  return { preCheckoutQueryId: id, paid: true };
}

function invoiceAt(chat: PersonChat, messageId: number | undefined): DialogMessage {
  if (messageId !== undefined) return messageAt(chat, messageId);
  const newest = [...chat.dialog.messages.values()].filter((entry) => entry.message.invoice).at(-1);
  if (!newest) throw new ActError(404, 'invoice_not_found', 'There is no invoice in this chat.');
  return newest;
}
