/** Methods that change or remove messages, and the answer to a pressed button. */
import { badRequest } from '../api-error.ts';
import type { DialogMessage } from '../dialogs.ts';
import { lengthOf } from '../text/format.ts';
import type { InlineKeyboard, Message, MessageContent } from '../types.ts';
import type { Call, MethodTable } from './call.ts';
import { readCaption, readText } from './compose.ts';
import { readInlineOnly } from './keyboards.ts';
import { knownChat, messageOf, type Target, writableChat } from './target.ts';

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';
const QUERY_TOO_OLD = 'query is too old and response timeout expired or query ID is invalid';
const DELETE_WITHIN_S = 48 * 3600;
const MAX_DELETE = 100;
const MAX_ANSWER = 200;
const CONTENT_FIELDS = ['text', 'entities', 'caption', 'caption_entities'] as const;

function editable(call: Call): { readonly target: Target; readonly entry: DialogMessage } {
  if (call.params.text('inline_message_id') !== '') throw badRequest('MESSAGE_ID_INVALID');
  const target = writableChat(call);
  const entry = messageOf(call, target, 'message to edit not found');
  if (!entry.fromBot) throw badRequest("message can't be edited");
  return { target, entry };
}

function isSame(before: Message, content: MessageContent, keyboard: InlineKeyboard | undefined): boolean {
  const parts = (from: MessageContent): readonly unknown[] => CONTENT_FIELDS.map((field) => from[field] ?? null);
  return (
    JSON.stringify([parts(before), before.reply_markup ?? null]) ===
    JSON.stringify([parts({ ...before, ...content }), keyboard ?? null])
  );
}

function applyEdit(call: Call, target: Target, entry: DialogMessage, content: MessageContent): Message {
  const { world } = call;
  const keyboard = readInlineOnly(call.params);
  if (isSame(entry.message, content, keyboard)) throw badRequest(NOT_MODIFIED);
  const message = { ...entry.message, ...content, edit_date: world.seconds(), reply_markup: keyboard };
  world.dialogs.write(target.dialog, message, true, entry.invoicePayload);
  world.changed();
  return message;
}

function editMessageText(call: Call): unknown {
  const content = readText(call.params);
  const { target, entry } = editable(call);
  if (entry.message.text === undefined) throw badRequest('there is no text in the message to edit');
  return applyEdit(call, target, entry, { entities: undefined, ...content });
}

function editMessageCaption(call: Call): unknown {
  const content = readCaption(call.params);
  const { target, entry } = editable(call);
  const { photo, voice, document } = entry.message;
  if (!photo && !voice && !document) throw badRequest('there is no caption in the message to edit');
  return applyEdit(call, target, entry, { caption: undefined, caption_entities: undefined, ...content });
}

function editMessageReplyMarkup(call: Call): unknown {
  const { target, entry } = editable(call);
  return applyEdit(call, target, entry, {});
}

function erase(call: Call, target: Target, entry: DialogMessage): void {
  if (call.world.seconds() - entry.message.date > DELETE_WITHIN_S) {
    throw badRequest("message can't be deleted for everyone");
  }
  call.world.dialogs.erase(target.dialog, entry.message.message_id);
  call.world.changed();
}

function deleteMessage(call: Call): true {
  const target = knownChat(call);
  call.world.limits.spend(call.bot.id, undefined);
  erase(call, target, messageOf(call, target, 'message to delete not found'));
  return true;
}

function deleteMessages(call: Call): true {
  const target = knownChat(call);
  call.world.limits.spend(call.bot.id, undefined);
  const ids = call.params.json('message_ids', "can't parse message identifiers JSON object");
  if (!Array.isArray(ids) || ids.length === 0) throw badRequest('message identifiers are not specified');
  if (ids.length > MAX_DELETE) throw badRequest('too many message identifiers specified');
  for (const id of ids) {
    const entry = target.dialog.messages.get(Number(id));
    if (entry) erase(call, target, entry);
  }
  return true;
}

function answerCallbackQuery(call: Call): true {
  const { params, world, bot } = call;
  const text = params.text('text');
  if (lengthOf(text) > MAX_ANSWER) throw badRequest('MESSAGE_TOO_LONG');
  world.limits.spend(bot.id, undefined);
  const url = params.text('url');
  const answer = {
    text: text === '' ? undefined : text,
    showAlert: params.flag('show_alert'),
    url: url === '' ? undefined : url,
    cacheTime: Math.min(2_592_000, Math.max(0, params.int('cache_time', 0))),
  };
  if (!world.callbacks.answer(bot.id, params.text('callback_query_id'), answer)) throw badRequest(QUERY_TOO_OLD);
  return true;
}

function answerPreCheckoutQuery(call: Call): true {
  const { params, world, bot } = call;
  const ok = params.flag('ok');
  const message = params.text('error_message');
  if (!ok && message === '') throw badRequest('error message is empty');
  const answer = { ok, errorMessage: message === '' ? undefined : message };
  if (!world.checkouts.answer(bot.id, params.text('pre_checkout_query_id'), answer)) throw badRequest(QUERY_TOO_OLD);
  return true;
}

/** The methods of this file. */
export const editingMethods: MethodTable = {
  editmessagetext: editMessageText,
  editmessagecaption: editMessageCaption,
  editmessagereplymarkup: editMessageReplyMarkup,
  deletemessage: deleteMessage,
  deletemessages: deleteMessages,
  answercallbackquery: answerCallbackQuery,
  answerprecheckoutquery: answerPreCheckoutQuery,
};
