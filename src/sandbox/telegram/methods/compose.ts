/** Reads the parts of a message that all sending and editing methods share: text, caption, reply, markup. */
import { badRequest } from '../api-error.ts';
import type { DialogMessage } from '../dialogs.ts';
import { type PostOptions, post } from '../outbox.ts';
import { formatText, lengthOf } from '../text/format.ts';
import type { FormattedText } from '../text/markup-builder.ts';
import type { Entity, Message, MessageContent } from '../types.ts';
import type { Call } from './call.ts';
import { readMarkup } from './keyboards.ts';
import { asObject, type Params } from './params.ts';
import type { Target } from './target.ts';

const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;

function isEntity(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & Entity {
  return typeof value['type'] === 'string' && Number.isInteger(value['offset']) && Number.isInteger(value['length']);
}

function readEntities(params: Params, field: string): readonly Entity[] {
  const raw = params.json(field, "can't parse entities JSON object");
  if (!Array.isArray(raw)) return [];
  return raw.map((item: unknown) => {
    const entity = asObject(item);
    if (!entity || !isEntity(entity)) throw badRequest('can\'t parse MessageEntity: Can\'t find field "type"');
    return entity;
  });
}

/** The message text of a call, 1-4096 characters after parsing. */
export function readText(params: Params): MessageContent {
  const source = params.text('text');
  if (source === '') throw badRequest('message text is empty');
  const formatted = formatText(source, params.text('parse_mode'), readEntities(params, 'entities'));
  if (formatted.text === '') throw badRequest('text must be non-empty');
  if (formatted.text.length > MAX_TEXT && lengthOf(formatted.text) > MAX_TEXT) throw badRequest('message is too long');
  return { text: formatted.text, entities: entitiesOrNone(formatted) };
}

/** The caption of a call, 0-1024 characters after parsing. */
export function readCaption(params: Params): Pick<MessageContent, 'caption' | 'caption_entities'> {
  const source = params.text('caption');
  if (source === '') return {};
  const formatted = formatText(source, params.text('parse_mode'), readEntities(params, 'caption_entities'));
  if (lengthOf(formatted.text) > MAX_CAPTION) throw badRequest('message caption is too long');
  if (formatted.text === '') return {};
  return { caption: formatted.text, caption_entities: entitiesOrNone(formatted) };
}

function entitiesOrNone(formatted: FormattedText): readonly Entity[] | undefined {
  return formatted.entities.length > 0 ? formatted.entities : undefined;
}

/** The message this one answers, if the call names one. */
function readReply(params: Params, target: Target): Message | undefined {
  const given = asObject(params.json('reply_parameters', "can't parse reply parameters JSON object"));
  const id = given ? Number(given['message_id'] ?? 0) : params.int('reply_to_message_id', 0);
  if (id <= 0) return undefined;
  const entry = target.dialog.messages.get(id);
  const lenient = given ? given['allow_sending_without_reply'] === true : params.flag('allow_sending_without_reply');
  if (!entry && !lenient) throw badRequest('message to be replied not found');
  return entry?.message;
}

/** Puts a message with this content into the chat of a call, with the call's markup and reply. */
export function send(call: Call, target: Target, content: MessageContent, options: PostOptions = {}): DialogMessage {
  const { params } = call;
  const effect = params.text('message_effect_id');
  const preview = asObject(params.json('link_preview_options', "can't parse link preview options JSON object"));
  const extra = {
    ...(effect === '' ? {} : { effect_id: effect }),
    ...(preview ? { link_preview_options: preview } : {}),
    ...options.extra,
  };
  const markup = options.markup ?? readMarkup(params);
  return post(call.world, call.bot, target, content, { ...options, markup, replyTo: readReply(params, target), extra });
}
