/** Owns the beginning, help, support and the choice of language. */
import { type Button, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { LOCALES, type Locale } from '#shared/schemas/tenant.ts';
import { button, data, type SalesTexts, type Turn } from '../turn.ts';

/** Greets, and offers what can be done. */
export async function welcome(turn: Turn): Promise<void> {
  const { ctx, texts, person, shop } = turn;
  await shop.people.close(person.telegramId);
  await show(ctx, texts.html('welcome', { name: person.name }), homeRows(texts));
}

/** What everybody can begin with. */
export function homeRows(texts: SalesTexts): Button[][] {
  return [
    [button(texts, 'button-buy', 'p')],
    [button(texts, 'button-mybots', 'm')],
    [button(texts, 'button-help', 'h'), button(texts, 'button-language', 'l')],
  ];
}

/** Says one thing and offers the beginning. */
export async function sayAndOfferHome(turn: Turn, html: string): Promise<void> {
  await show(turn.ctx, html, homeRows(turn.texts));
}

/** How buying goes and what comes after. */
export async function help({ ctx, texts, shop }: Turn): Promise<void> {
  await show(ctx, texts.html('help'), [...supportRows(texts, shop.config.supportUsername), [homeButton(texts)]]);
}

/** Whom to write to. */
export async function support({ ctx, texts, shop, person }: Turn): Promise<void> {
  const { supportUsername } = shop.config;
  const key = supportUsername === undefined ? 'support-none' : 'support';
  const html = texts.html(key, { id: String(person.telegramId) });
  await show(ctx, html, [...supportRows(texts, supportUsername), [homeButton(texts)]]);
}

/** The button that opens the chat with the support, if there is one. */
export function supportRows(texts: SalesTexts, username: string | undefined): Button[][] {
  return username === undefined ? [] : [[{ text: texts.plain('button-support'), url: `https://t.me/${username}` }]];
}

/** Offers the languages, each by its own name. */
export async function languages({ ctx, texts, shop }: Turn): Promise<void> {
  const names = LOCALES.map((locale) => [{ text: shop.texts(locale).plain('language-name'), data: data('g', locale) }]);
  await show(ctx, texts.html('choose-language'), [...names, [homeButton(texts)]]);
}

/** Speaks the chosen language from now on. */
export async function chooseLanguage(turn: Turn, locale: Locale): Promise<void> {
  const { shop, person, ctx } = turn;
  await shop.people.setLocale(person.telegramId, locale);
  const texts = shop.texts(locale);
  await show(ctx, texts.html('language-set'), homeRows(texts));
}

/** The button that leads back to the beginning. */
export function homeButton(texts: SalesTexts): Button {
  return button(texts, 'button-home', 'b');
}
