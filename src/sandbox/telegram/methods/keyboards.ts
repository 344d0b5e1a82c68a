/** `reply_markup`: reads and checks the four kinds, with Telegram's error texts. */
import { ApiError, badRequest } from '../api-error.ts';
import type { InlineButton, InlineKeyboard, ReplyButton, ReplyKeyboard, RequestManagedBot } from '../types.ts';
import { asObject, type Params } from './params.ts';

/** What came in `reply_markup`. */
export type ReplyMarkup =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly keyboard: InlineKeyboard }
  | { readonly kind: 'reply'; readonly keyboard: ReplyKeyboard }
  | { readonly kind: 'remove' }
  | { readonly kind: 'force' };

const NONE: ReplyMarkup = { kind: 'none' };
const MAX_MARKUP_BYTES = 10 * 1024;
const MAX_BUTTONS = 100;
const MAX_DATA_BYTES = 64;
const ACTIONS = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
];

/** Reads `reply_markup` of a call. Throws 400. */
export function readMarkup(params: Params): ReplyMarkup {
  if (!params.has('reply_markup')) return NONE;
  const raw = params.json('reply_markup', "can't parse reply keyboard markup JSON object");
  if (raw === undefined) return NONE;
  const markup = asObject(raw);
  if (!markup) throw badRequest('object expected as reply markup');
  if ('inline_keyboard' in markup) return readInline(markup['inline_keyboard']);
  if ('keyboard' in markup) return readReply(markup);
  if (markup['remove_keyboard'] === true) return { kind: 'remove' };
  if (markup['force_reply'] === true) return { kind: 'force' };
  return NONE;
}

/** Reads `reply_markup` where only an inline keyboard may stand; undefined: none. */
export function readInlineOnly(params: Params): InlineKeyboard | undefined {
  const markup = readMarkup(params);
  if (markup.kind === 'inline') return markup.keyboard;
  if (markup.kind !== 'none') throw badRequest('inline keyboard expected');
  return undefined;
}

function readRows(value: unknown, field: string): readonly (readonly unknown[])[] {
  if (!Array.isArray(value)) throw badRequest(`field "${field}" of the ${owner(field)} must be an Array`);
  return value.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest(`field "${field}" of the ${owner(field)} must be an Array of Arrays`);
    return row;
  });
}

function owner(field: string): string {
  return field === 'keyboard' ? 'ReplyKeyboardMarkup' : 'InlineKeyboardMarkup';
}

function readInline(value: unknown): ReplyMarkup {
  const rows = readRows(value, 'inline_keyboard')
    .map((row) => row.map(readInlineButton))
    .filter((row) => row.length > 0);
  if (rows.length === 0) return NONE;
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  if (count > MAX_BUTTONS || Buffer.byteLength(JSON.stringify(rows)) > MAX_MARKUP_BYTES) {
    throw badRequest('reply markup is too long');
  }
  return { kind: 'inline', keyboard: { inline_keyboard: rows } };
}

function readInlineButton(value: unknown): InlineButton {
  const button = asObject(value);
  if (!button) throw buttonError('inline', 'Object expected as inline keyboard button');
  const { text } = button;
  if (typeof text !== 'string') throw buttonError('inline', `Can't find field "text"`);
  if (!ACTIONS.some((action) => button[action] !== undefined && button[action] !== false)) {
    throw buttonError('inline', 'Text buttons are unallowed in the inline keyboard');
  }
  const data = button['callback_data'];
  if (data !== undefined) checkData(data);
  const url = button['url'];
  if (url !== undefined) checkUrl(url);
  return { ...button, text };
}

function checkData(data: unknown): void {
  const size = typeof data === 'string' ? Buffer.byteLength(data) : 0;
  if (size === 0 || size > MAX_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID');
}

function checkUrl(url: unknown): void {
  const text = typeof url === 'string' ? url : '';
  const full = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`;
  const fine =
    URL.canParse(full) &&
    (/^(tg|ton|mailto|tel):/i.test(full) ||
      new URL(full).hostname.includes('.') ||
      /^https?:\/\/localhost/i.test(full));
  if (!fine) throw new ApiError(400, `Bad Request: inline keyboard button URL '${text}' is invalid: Wrong HTTP URL`);
}

function buttonError(kind: 'inline' | 'reply', reason: string): ApiError {
  const what = kind === 'inline' ? 'inline keyboard button' : 'keyboard button';
  return new ApiError(400, `Bad Request: can't parse ${what}: ${reason}`);
}

function readReply(markup: Readonly<Record<string, unknown>>): ReplyMarkup {
  const rows = readRows(markup['keyboard'], 'keyboard')
    .map((row) => row.map(readReplyButton))
    .filter((row) => row.length > 0);
  if (rows.length === 0) return NONE;
  const placeholder = markup['input_field_placeholder'];
  return {
    kind: 'reply',
    keyboard: {
      keyboard: rows,
      one_time_keyboard: markup['one_time_keyboard'] === true,
      input_field_placeholder: typeof placeholder === 'string' ? placeholder : undefined,
    },
  };
}

function readReplyButton(value: unknown): ReplyButton {
  if (typeof value === 'string') return { text: value };
  const button = asObject(value);
  const text = button?.['text'];
  if (!button || typeof text !== 'string') throw buttonError('reply', `Can't find field "text"`);
  const request = asObject(button['request_managed_bot']);
  return {
    text,
    request_contact: button['request_contact'] === true ? true : undefined,
    request_location: button['request_location'] === true ? true : undefined,
    request_managed_bot: request ? readManagedRequest(request) : undefined,
  };
}

function readManagedRequest(request: Readonly<Record<string, unknown>>): RequestManagedBot {
  const { request_id: id, suggested_name: name, suggested_username: username } = request;
  return {
    request_id: typeof id === 'number' ? id : 0,
    suggested_name: typeof name === 'string' ? name : undefined,
    suggested_username: typeof username === 'string' ? username : undefined,
  };
}
