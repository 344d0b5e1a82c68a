/** Owns one update on its way through the bot: who asks, in which language, and how they are answered. */
import { type Context, GrammyError, type InlineKeyboard } from 'grammy';
import type { KindServices } from '#bot-runtime/runtime/kind.ts';
import type { OwnerRequest } from '../repository/admin-actions.ts';
import type { Person } from '../repository/people.ts';
import type { BookingSettings } from '../repository/settings.ts';
import type { Formats } from '../texts/format.ts';
import { clipMessage } from '../texts/html.ts';
import type { Locale } from '../texts/locale.ts';
import type { Texts } from '../texts/texts.ts';
import type { Questions } from './question.ts';

/** What every feature may use; one per installed bot. */
export interface Desk {
  readonly services: KindServices;
  /** When this process began to serve the tenant, milliseconds since the epoch. */
  readonly servingSince: number;
  readonly questions: Questions;
  /** Something is due then (by default: now): the delivery looks again, unless it would have done so by then. */
  wake(due?: number): void;
  /** A time has become free: whoever is next in line is offered it. Call it after every cancel, move and lifted block. */
  freed(): void;
  /** Settings or texts have changed: this process forgets what it knew, others do within a minute. */
  changed(): void;
  /** The tenant's settings, at most a minute old. */
  settings(): Promise<BookingSettings>;
  /** The texts of a language, the tenant's own ones at most a minute old. */
  texts(locale: Locale): Promise<Texts>;
}

/** One update of one person in a private chat. */
export interface Turn {
  readonly desk: Desk;
  readonly ctx: Context;
  readonly updateId: number;
  readonly chatId: number;
  readonly person: Person;
  /** The name to greet them by. */
  readonly name: string;
  readonly settings: BookingSettings;
  readonly texts: Texts;
  readonly formats: Formats;
  /** Milliseconds since the epoch, once per update. */
  readonly now: number;
}

/** Who asks for a change, and by which update: what admins change is written down under it. */
export function requestOf({ person, updateId }: Pick<Turn, 'person' | 'updateId'>): OwnerRequest {
  return { telegramId: person.telegramId, updateId };
}

// Telegram's answers to an edit that has nothing to change, and to one whose message is out of reach.
const UNCHANGED = 'message is not modified';
const OUT_OF_REACH = [
  "message can't be edited",
  'message to edit not found',
  'message identifier is not specified',
  'there is no text in the message to edit',
];
const EXPIRED_QUERY = 'query is too old';

const answered = new WeakSet<Context>();

/** Shows a screen: in place of the one whose button was pressed, otherwise as a new message. */
export async function show({ ctx }: Pick<Turn, 'ctx'>, html: string, keyboard: InlineKeyboard): Promise<void> {
  const text = clipMessage(html);
  const options = { parse_mode: 'HTML', reply_markup: keyboard } as const;
  if (ctx.callbackQuery?.message !== undefined && (await edited(ctx, text, options))) {
    return;
  }
  await ctx.reply(text, options);
}

/** Answers a button press with a pop-up; without a text it only stops the button's spinner. Only the first one counts. */
export async function answerPress(ctx: Context, text?: string, alert = false): Promise<void> {
  if (answered.has(ctx)) {
    return;
  }
  answered.add(ctx);
  try {
    await ctx.answerCallbackQuery(text === undefined ? {} : { text: text.slice(0, 200), show_alert: alert });
  } catch (error) {
    if (!isRefusal(error, [EXPIRED_QUERY])) {
      throw error;
    }
  }
}

/** True when the screen was edited, or already looked like this. */
async function edited(
  ctx: Context,
  text: string,
  options: { readonly parse_mode: 'HTML'; readonly reply_markup: InlineKeyboard },
): Promise<boolean> {
  try {
    await ctx.editMessageText(text, options);
    return true;
  } catch (error) {
    if (isRefusal(error, OUT_OF_REACH)) {
      return false;
    }
    if (isRefusal(error, [UNCHANGED])) {
      return true;
    }
    throw error;
  }
}

function isRefusal(error: unknown, texts: readonly string[]): boolean {
  return (
    error instanceof GrammyError && error.error_code === 400 && texts.some((text) => error.description.includes(text))
  );
}
