/** Owns how a person is shown something: a screen in place of the pressed one, a pop-up, a message that changes. */
import { type Api, type Context, GrammyError, HttpError, InlineKeyboard } from 'grammy';
import { clipMessage } from './html.ts';

/** One button: what it shows, and what it says back or where it leads. */
export type Button = { readonly text: string } & ({ readonly data: string } | { readonly url: string });

/** Rows of buttons. */
export type Rows = readonly (readonly Button[])[];

// Telegram's answers to an edit that has nothing to change, and to one whose message is out of reach.
const UNCHANGED = ['message is not modified'];
const OUT_OF_REACH = ["message can't be edited", 'message to edit not found', 'message identifier is not specified'];
const EXPIRED_QUERY = ['query is too old'];

const answered = new WeakSet<Context>();

/** A keyboard of rows; empty rows are left out. */
export function keyboardOf(rows: Rows): InlineKeyboard {
  return new InlineKeyboard(
    rows
      .filter((row) => row.length > 0)
      .map((row) =>
        row.map((button) =>
          'url' in button ? InlineKeyboard.url(button.text, button.url) : InlineKeyboard.text(button.text, button.data),
        ),
      ),
  );
}

/** Shows a screen in place of the one whose button was pressed, otherwise as a new message. Returns its message. */
export async function show(ctx: Context, html: string, rows: Rows = []): Promise<number | undefined> {
  const pressed = ctx.callbackQuery?.message;
  if (pressed !== undefined && ctx.chat !== undefined) {
    if (await change(ctx.api, { chatId: ctx.chat.id, messageId: pressed.message_id }, html, rows)) {
      return pressed.message_id;
    }
  }
  const chatId = ctx.chat?.id ?? ctx.from?.id;
  return chatId === undefined ? undefined : await tell(ctx.api, chatId, html, rows);
}

/** Writes a new message and returns its id. */
export async function tell(api: Api, chatId: number, html: string, rows: Rows = []): Promise<number> {
  const sent = await api.sendMessage(chatId, clipMessage(html), {
    parse_mode: 'HTML',
    reply_markup: keyboardOf(rows),
    link_preview_options: { is_disabled: true },
  });
  return sent.message_id;
}

/** Changes a message; true when it now looks so. False when it is out of reach. */
export async function change(
  api: Api,
  at: { readonly chatId: number; readonly messageId: number },
  html: string,
  rows: Rows = [],
): Promise<boolean> {
  try {
    await api.editMessageText(at.chatId, at.messageId, clipMessage(html), {
      parse_mode: 'HTML',
      reply_markup: keyboardOf(rows),
      link_preview_options: { is_disabled: true },
    });
    return true;
  } catch (error) {
    if (isRefusal(error, UNCHANGED)) return true;
    if (isRefusal(error, OUT_OF_REACH)) return false;
    throw error;
  }
}

/** Answers a press with a pop-up; without a text it only stops the button's spinner. Only the first one counts. */
export async function answerPress(ctx: Context, text?: string, alert = false): Promise<void> {
  if (ctx.callbackQuery === undefined || answered.has(ctx)) return;
  answered.add(ctx);
  try {
    await ctx.answerCallbackQuery(text === undefined ? {} : { text: text.slice(0, 200), show_alert: alert });
  } catch (error) {
    if (!isRefusal(error, EXPIRED_QUERY)) throw error;
  }
}

/** True when the person does not want to hear the bot, or is not there any more. */
export function isUnwelcome(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 403 || isRefusal(error, ['chat not found']));
}

/** True when a call did not reach Telegram, or Telegram itself failed: nobody knows what came of it. */
export function isTelegramAway(error: unknown): boolean {
  return error instanceof HttpError || (error instanceof GrammyError && error.error_code >= 500);
}

/** True when Telegram understood and will never take it: another try would come to the same. */
export function isRefusedForGood(error: unknown): boolean {
  return (
    error instanceof GrammyError &&
    error.error_code >= 400 &&
    error.error_code < 500 &&
    ![401, 429].includes(error.error_code)
  );
}

function isRefusal(error: unknown, texts: readonly string[]): boolean {
  return (
    error instanceof GrammyError && error.error_code === 400 && texts.some((text) => error.description.includes(text))
  );
}
