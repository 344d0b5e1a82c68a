/** What a person does with words and files in a chat. */
import type { SendFileInput } from '#shared/schemas/sandbox.ts';
import type { DialogMessage } from '../dialogs.ts';
import type { FileKind, NewFile } from '../files.ts';
import { imageSize } from '../image-size.ts';
import { confirmManaged } from '../managed.ts';
import { contentOfFile } from '../methods/media.ts';
import { type PersonChat, postByPerson } from '../person-post.ts';
import { entitiesOfTyped } from '../text/entity-scan.ts';
import type { MessageContent, ReplyButton } from '../types.ts';
import type { World } from '../world.ts';
import { ActError } from './act-error.ts';
import { samplePhoto, sampleVoice } from './samples.ts';

const SAMPLE_SECONDS = 2;

/** Types a text; a first `/start` is a press of Start. */
export function say(world: World, chat: PersonChat, text: string, replyTo?: number): DialogMessage {
  const replied = replyTo === undefined ? undefined : messageAt(chat, replyTo).message;
  const trimmed = text.trim();
  if (trimmed === '') throw new ActError(400, 'text_empty', 'A text must have something beside spaces.');
  return postByPerson(world, chat, { text: trimmed, entities: entitiesOfTyped(trimmed) }, replied);
}

/** Presses Start, by hand or through a deep link. The caller has unblocked the bot, as the app does. */
export function pressStart(world: World, chat: PersonChat, payload?: string): DialogMessage {
  return say(world, chat, payload === undefined ? '/start' : `/start ${payload}`);
}

/** Edits an own text. */
export function editOwn(world: World, chat: PersonChat, messageId: number, text: string): DialogMessage {
  const entry = messageAt(chat, messageId);
  if (entry.fromBot || entry.message.text === undefined) {
    throw new ActError(400, 'not_own_text', `Message ${messageId} is not a text of person ${chat.person.id}.`);
  }
  const message = { ...entry.message, text, entities: entitiesOfTyped(text), edit_date: world.seconds() };
  const edited = world.dialogs.write(chat.dialog, message, false);
  if (!world.builtIn.has(chat.bot.id)) world.updates.push(chat.bot, 'edited_message', message, chat.person.id);
  world.changed();
  return edited;
}

/** Sends a photo, a voice message or a file: given bytes or a sample. */
export function sendFile(world: World, chat: PersonChat, kind: FileKind, input: SendFileInput): DialogMessage {
  const info = world.files.add(chat.bot.id, newFile(kind, input));
  const caption = input.caption === undefined || input.caption === '' ? undefined : input.caption;
  return postByPerson(world, chat, {
    ...contentOfFile(info),
    caption,
    caption_entities: caption === undefined ? undefined : entitiesOfTyped(caption),
  });
}

function newFile(kind: FileKind, input: SendFileInput): NewFile {
  const given = input.base64 === undefined ? undefined : Buffer.from(input.base64, 'base64');
  if (kind === 'photo') {
    const bytes = given ?? samplePhoto();
    const size = imageSize(bytes);
    if (!size) throw new ActError(400, 'not_an_image', 'base64 must hold a PNG, JPEG, GIF or WebP image.');
    return { kind, bytes, ...size };
  }
  if (kind === 'voice') {
    const duration = input.duration ?? SAMPLE_SECONDS;
    return { kind, bytes: given ?? sampleVoice(duration), mimeType: input.mimeType ?? 'audio/ogg', duration };
  }
  const name = input.fileName ?? 'sample.txt';
  return { kind, bytes: given ?? Buffer.from('A sample document.\n'), name, mimeType: input.mimeType ?? 'text/plain' };
}

/** Presses a button of the keyboard that stands instead of the letters: it says its text, or shares what it asks for. */
export function pressReplyButton(world: World, chat: PersonChat, text: string): DialogMessage | string {
  const { dialog, person, bot } = chat;
  const buttons = dialog.replyKeyboard?.keyboard.flat() ?? [];
  const button = buttons.find((one) => one.text === text) ?? buttons.find((one) => one.text.includes(text));
  if (!button) {
    const shown = buttons.map((one) => `"${one.text}"`).join(', ') || 'none';
    throw new ActError(404, 'button_not_found', `No button "${text}" on the keyboard; buttons now: ${shown}.`);
  }
  const managed = button.request_managed_bot;
  if (managed) {
    const username = managed.suggested_username ?? '';
    const name = managed.suggested_name ?? username;
    const made = confirmManaged(world, person, { manager: bot.username, username, name });
    if (typeof made === 'string') throw new ActError(400, made, `The bot was not made: ${made}.`);
    return made.username;
  }
  return postByPerson(world, chat, contentOfButton(button, chat));
}

function contentOfButton(button: ReplyButton, chat: PersonChat): MessageContent {
  const { person } = chat;
  if (button.request_contact) {
    const contact = {
      phone_number: person.phone,
      first_name: person.name,
      last_name: person.lastName,
      user_id: person.id,
    };
    return { contact };
  }
  if (button.request_location) return { location: { latitude: 55.7558, longitude: 37.6173 } };
  return { text: button.text, entities: entitiesOfTyped(button.text) };
}

/** The message of this id in a chat. Throws 404. */
export function messageAt(chat: PersonChat, messageId: number): DialogMessage {
  const entry = chat.dialog.messages.get(messageId);
  if (!entry) throw new ActError(404, 'message_not_found', `There is no message ${messageId} in this chat.`);
  return entry;
}
