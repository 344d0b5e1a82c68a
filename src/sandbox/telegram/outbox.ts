/** Puts a bot's message into a chat: the one way for API methods and for built-in bots. */
import { type Bot, userOfBot } from './bots.ts';
import type { Dialog, DialogMessage } from './dialogs.ts';
import type { ReplyMarkup } from './methods/keyboards.ts';
import { chatOf, type Person } from './people.ts';
import type { Message, MessageContent } from './types.ts';
import type { World } from './world.ts';

/** What goes along with a message beside its content. */
export interface PostOptions {
  readonly markup?: ReplyMarkup | undefined;
  readonly replyTo?: Message | undefined;
  readonly extra?: Partial<Pick<Message, 'forward_origin' | 'effect_id' | 'link_preview_options'>> | undefined;
  readonly invoicePayload?: string | undefined;
}

/** Adds a bot's message to a chat and brings its keyboard up. */
export function post(
  world: World,
  bot: Bot,
  to: { dialog: Dialog; person: Person },
  content: MessageContent,
  options: PostOptions = {},
): DialogMessage {
  const { markup, replyTo, extra, invoicePayload } = options;
  const message: Message = {
    message_id: bot.nextMessageId,
    from: userOfBot(bot),
    chat: chatOf(to.person),
    date: world.seconds(),
    ...extra,
    reply_to_message: replyTo ? { ...replyTo, reply_to_message: undefined } : undefined,
    ...content,
    reply_markup: markup?.kind === 'inline' ? markup.keyboard : undefined,
  };
  bot.nextMessageId += 1;
  if (markup?.kind === 'reply') to.dialog.replyKeyboard = markup.keyboard;
  if (markup?.kind === 'remove') to.dialog.replyKeyboard = undefined;
  const entry = world.dialogs.write(to.dialog, message, true, invoicePayload);
  world.record.messageSent(bot.id, to.person.id);
  world.changed();
  return entry;
}
