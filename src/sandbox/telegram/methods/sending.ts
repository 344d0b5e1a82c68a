/** Methods that put words, places and signs of life into a chat. */
import { badRequest } from '../api-error.ts';
import { formatText, lengthOf } from '../text/format.ts';
import type { Call, MethodTable } from './call.ts';
import { readCaption, readText, send } from './compose.ts';
import { knownChat, messageOf, writableChat } from './target.ts';

const ACTION_MS = 5000;
const ACTIONS: ReadonlySet<string> = new Set([
  'cancel',
  'typing',
  'record_video',
  'upload_video',
  'record_audio',
  'upload_audio',
  'record_voice',
  'upload_voice',
  'upload_photo',
  'upload_document',
  'choose_sticker',
  'pick_up_location',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

function sendMessage(call: Call): unknown {
  const content = readText(call.params);
  return send(call, writableChat(call), content).message;
}

function sendMessageDraft(call: Call): true {
  const { params, world } = call;
  const id = params.int('draft_id', 0);
  if (id === 0) throw badRequest('draft_id must be non-zero');
  const target = writableChat(call);
  const formatted = formatText(params.text('text'), params.text('parse_mode'), []);
  if (lengthOf(formatted.text) > 4096) throw badRequest('message is too long');
  target.dialog.draft = { id, text: formatted.text };
  world.dialogs.touch(target.dialog);
  return true;
}

function sendLocation(call: Call): unknown {
  const latitude = call.params.number('latitude');
  const longitude = call.params.number('longitude');
  if (latitude === undefined) throw badRequest('latitude is empty');
  if (longitude === undefined) throw badRequest('longitude is empty');
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest('wrong location specified');
  return send(call, writableChat(call), { location: { latitude, longitude } }).message;
}

function sendContact(call: Call): unknown {
  const { params } = call;
  const phone = params.text('phone_number');
  const first = params.text('first_name');
  if (phone === '') throw badRequest('phone number is empty');
  if (first === '') throw badRequest('first name is empty');
  const last = params.text('last_name');
  const contact = { phone_number: phone, first_name: first, last_name: last === '' ? undefined : last };
  return send(call, writableChat(call), { contact }).message;
}

function sendChatAction(call: Call): true {
  const name = call.params.text('action').toLowerCase();
  if (name === '') throw badRequest('wrong parameter action in request');
  if (!ACTIONS.has(name)) throw badRequest('wrong parameter action in request');
  const { dialog } = writableChat(call);
  dialog.action = name === 'cancel' ? undefined : { name, until: call.world.clock.now() + ACTION_MS };
  return true;
}

function forwardMessage(call: Call): unknown {
  const target = writableChat(call);
  const { message } = messageOf(call, knownChat(call, 'from_chat_id'), 'message to forward not found');
  const {
    message_id: _id,
    from,
    chat: _chat,
    date,
    reply_markup: _markup,
    reply_to_message: _reply,
    ...content
  } = message;
  const origin = message.forward_origin ?? { type: 'user' as const, sender_user: from, date };
  return send(call, target, content, { extra: { forward_origin: origin }, markup: { kind: 'none' } }).message;
}

function copyMessage(call: Call): unknown {
  const target = writableChat(call);
  const { message } = messageOf(call, knownChat(call, 'from_chat_id'), 'message to copy not found');
  if (message.invoice || message.successful_payment || message.managed_bot_created) {
    throw badRequest("message can't be copied");
  }
  const { text, entities, photo, voice, document, location, contact, caption, caption_entities } = message;
  const words = call.params.has('caption') ? readCaption(call.params) : { caption, caption_entities };
  const content = { text, entities, photo, voice, document, location, contact, ...words };
  return { message_id: send(call, target, content).message.message_id };
}

/** The methods of this file. */
export const sendingMethods: MethodTable = {
  sendmessage: sendMessage,
  sendmessagedraft: sendMessageDraft,
  sendlocation: sendLocation,
  sendcontact: sendContact,
  sendchataction: sendChatAction,
  forwardmessage: forwardMessage,
  copymessage: copyMessage,
};
