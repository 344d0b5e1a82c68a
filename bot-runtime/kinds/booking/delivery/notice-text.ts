/** Owns what the writer of one kind of notice gets and gives. */
import type { InlineKeyboard } from 'grammy';
import type { Desk } from '../dialog/turn.ts';
import type { ClaimedNotice } from '../repository/notices.ts';
import type { Formats } from '../texts/format.ts';
import type { Texts } from '../texts/texts.ts';

/** What a notice is written with. */
export interface NoticeContext {
  readonly desk: Desk;
  readonly notice: ClaimedNotice;
  readonly texts: Texts;
  readonly formats: Formats;
  readonly now: number;
}

/** What is to be said, or a message to be copied, or why nothing is said any more. */
export type NoticeText =
  | { readonly html: string; readonly buttons: InlineKeyboard }
  | { readonly copyOf: { readonly chatId: number; readonly messageId: number }; readonly buttons: InlineKeyboard }
  | 'superseded'
  | 'too_late';

/** Writes one kind of notice. */
export type NoticeWriter = (context: NoticeContext) => Promise<NoticeText>;
