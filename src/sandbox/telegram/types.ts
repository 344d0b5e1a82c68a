/** The wire shapes of the Bot API that the sandbox speaks. Field names are Telegram's own. */

/** A person or a bot, as bots see them. */
export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
  readonly is_premium?: true | undefined;
}

/** The chat between a bot and a person; its id is the person's. */
export interface PrivateChat {
  readonly id: number;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly type: 'private';
}

/** A formatted or recognised part of a text; `offset` and `length` count UTF-16 units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
  readonly language?: string | undefined;
  readonly user?: User | undefined;
  readonly custom_emoji_id?: string | undefined;
}

/** One button under a message: `text` and exactly one action. */
export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
  readonly pay?: boolean | undefined;
  readonly [action: string]: unknown;
}

/** The keyboard under a message. */
export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly InlineButton[])[];
}

/** A managed-bot request behind a reply-keyboard button. */
export interface RequestManagedBot {
  readonly request_id: number;
  readonly suggested_name?: string | undefined;
  readonly suggested_username?: string | undefined;
}

/** One button of the keyboard that stands instead of the letters. */
export interface ReplyButton {
  readonly text: string;
  readonly request_contact?: boolean | undefined;
  readonly request_location?: boolean | undefined;
  readonly request_managed_bot?: RequestManagedBot | undefined;
}

/** The keyboard that stands instead of the letters. */
export interface ReplyKeyboard {
  readonly keyboard: readonly (readonly ReplyButton[])[];
  readonly one_time_keyboard: boolean;
  readonly input_field_placeholder?: string | undefined;
}

/** What every kind of file has in common in a message. */
interface FileRef {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size: number;
}

/** One size of a photo, in pixels. */
export interface PhotoSize extends FileRef {
  readonly width: number;
  readonly height: number;
}

/** A voice message; `duration` in seconds. */
export interface Voice extends FileRef {
  readonly duration: number;
  readonly mime_type?: string | undefined;
}

/** A file sent as a file. */
export interface Document extends FileRef {
  readonly file_name?: string | undefined;
  readonly mime_type?: string | undefined;
}

/** A shared contact. */
interface Contact {
  readonly phone_number: string;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly user_id?: number | undefined;
}

/** A bill shown in a chat; amounts in the smallest units of the currency. */
export interface Invoice {
  readonly title: string;
  readonly description: string;
  readonly start_parameter: string;
  readonly currency: string;
  readonly total_amount: number;
}

/** The service message after a payment inside Telegram. */
interface SuccessfulPayment {
  readonly currency: string;
  readonly total_amount: number;
  readonly invoice_payload: string;
  readonly telegram_payment_charge_id: string;
  readonly provider_payment_charge_id: string;
}

/** What a message carries, whoever sent it. */
export interface MessageContent {
  readonly text?: string | undefined;
  readonly entities?: readonly Entity[] | undefined;
  readonly photo?: readonly PhotoSize[] | undefined;
  readonly voice?: Voice | undefined;
  readonly document?: Document | undefined;
  readonly caption?: string | undefined;
  readonly caption_entities?: readonly Entity[] | undefined;
  readonly location?: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly contact?: Contact | undefined;
  readonly invoice?: Invoice | undefined;
  readonly successful_payment?: SuccessfulPayment | undefined;
  readonly managed_bot_created?: { readonly bot: User } | undefined;
  readonly media_group_id?: string | undefined;
}

/** A message as a bot sees it; `date` and `edit_date` in Unix seconds. */
export interface Message extends MessageContent {
  readonly message_id: number;
  readonly from: User;
  readonly chat: PrivateChat;
  readonly date: number;
  readonly edit_date?: number | undefined;
  readonly reply_to_message?: Message | undefined;
  readonly forward_origin?: { readonly type: 'user'; readonly sender_user: User; readonly date: number } | undefined;
  readonly reply_markup?: InlineKeyboard | undefined;
  readonly effect_id?: string | undefined;
  readonly link_preview_options?: Readonly<Record<string, unknown>> | undefined;
}

/** A command in a bot's menu. */
export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

/** All kinds of updates a bot may ask for in `allowed_updates`. */
export const UPDATE_KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'stopped_message_generation',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
] as const;

/** The name of one kind of update. */
export type UpdateKind = (typeof UPDATE_KINDS)[number];

const ASKED_ONLY: ReadonlySet<UpdateKind> = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** Whether a bot that never set `allowed_updates` gets this kind. */
export function isDefaultKind(kind: UpdateKind): boolean {
  return !ASKED_ONLY.has(kind);
}
