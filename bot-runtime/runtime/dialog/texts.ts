/** Owns what a service bot says: its catalogue in Fluent, parsed at the first use of a language. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { LOCALES, type Locale } from '#shared/schemas/tenant.ts';
import { escapeHtml } from './html.ts';

/** Facts that a text mentions by name. */
export type TextArgs = Readonly<Record<string, string | number>>;

/** The texts of one language. */
export interface Texts<K extends string = string> {
  readonly locale: Locale;
  /** A text with Telegram's HTML in it; facts are escaped. */
  html(key: K, args?: TextArgs): string;
  /** A text for a button or a pop-up, where Telegram knows no markup. */
  plain(key: K, args?: TextArgs): string;
}

/** Opens a catalogue. */
export function openCatalogue<K extends string>(
  catalogue: Readonly<Record<Locale, string>>,
): (locale: Locale) => Texts<K> {
  const opened = new Map<Locale, Texts<K>>();
  return (locale) => {
    const texts = opened.get(locale) ?? openLanguage<K>(locale, catalogue[locale]);
    opened.set(locale, texts);
    return texts;
  };
}

function openLanguage<K extends string>(locale: Locale, text: string): Texts<K> {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(text));
  const say = (key: K, args: Record<string, FluentVariable>): string => {
    const pattern = bundle.getMessage(key)?.value;
    return pattern === undefined || pattern === null ? key : bundle.formatPattern(pattern, args, []);
  };
  return {
    locale,
    html: (key, args = {}) =>
      say(key, Object.fromEntries(Object.entries(args).map(([name, value]) => [name, safe(value)]))),
    plain: (key, args = {}) => say(key, { ...args }),
  };
}

function safe(value: string | number): string | number {
  return typeof value === 'string' ? escapeHtml(value) : value;
}

const RUSSIAN_SPEAKING = new Set(['ru', 'be', 'uk', 'kk', 'ky', 'uz', 'tg', 'tt']);

/** The language for Telegram's `language_code` (`ru`, `pt-br`…). */
export function localeOf(languageCode: string | undefined): Locale {
  const language = languageCode?.toLowerCase().split('-')[0] ?? '';
  return RUSSIAN_SPEAKING.has(language) ? LOCALES[0] : LOCALES[1];
}
