/** Owns one update on its way through the Sales Bot: who writes, in which language, and what may be used to answer. */
import type { Api, Context } from 'grammy';
import type { UserFromGetMe } from 'grammy/types';
import { encodeAction } from '#bot-runtime/runtime/dialog/action.ts';
import type { Button } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Texts } from '#bot-runtime/runtime/dialog/texts.ts';
import type { KindServices } from '#bot-runtime/runtime/kind.ts';
import type { ServiceConfig } from '#bot-runtime/runtime/service-config.ts';
import type { Buyer, SalesDesk } from '#core/billing/desk.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import type { MessageKey } from './locales/catalogue.generated.ts';
import type { People, Person } from './people.ts';

/** The texts of the Sales Bot in one language. */
export type SalesTexts = Texts<MessageKey>;

/** What every feature may use; one per process. */
export interface Shop {
  readonly services: KindServices;
  readonly config: ServiceConfig;
  readonly api: Api;
  readonly me: UserFromGetMe;
  readonly desk: SalesDesk;
  readonly people: People;
  texts(locale: Locale): SalesTexts;
}

/** One update of one person in a private chat. */
export interface Turn {
  readonly shop: Shop;
  readonly ctx: Context;
  readonly updateId: number;
  readonly chatId: number;
  readonly person: Person;
  readonly texts: SalesTexts;
}

/** How the desk knows the person. */
export function buyerOf({ person, chatId }: Pick<Turn, 'person' | 'chatId'>): Buyer {
  return { buyerId: person.telegramId, chatId, name: person.name, locale: person.locale };
}

/** What a button of this bot says back. */
export function data(code: string, ...args: readonly (string | number)[]): string {
  return encodeAction('s1', code, ...args);
}

/** A button with a text of the catalogue. */
export function button(
  texts: SalesTexts,
  key: MessageKey,
  code: string,
  ...args: readonly (string | number)[]
): Button {
  return { text: texts.plain(key), data: data(code, ...args) };
}
