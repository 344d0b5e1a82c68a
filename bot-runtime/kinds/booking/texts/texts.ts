/** Owns what the bot says: the catalogue in Fluent, a tenant's own texts over it. It parses a language at first use. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { catalogue, type MessageKey } from '../locales/catalogue.generated.ts';
import { escapeHtml, isTelegramHtml } from './html.ts';
import type { Locale } from './locale.ts';

/** Facts that a text mentions by name. */
export type TextArgs = Readonly<Record<string, string | number>>;

/** The texts of one language. */
export interface Texts {
  readonly locale: Locale;
  /** A text with Telegram's HTML in it; facts are escaped. */
  html(key: MessageKey, args?: TextArgs): string;
  /** A text for a button or a pop-up, where Telegram knows no markup. */
  plain(key: MessageKey, args?: TextArgs): string;
}

/** A text of the tenant's own, as the table `text_templates` holds it. */
export interface OwnText {
  readonly key: string;
  readonly locale: Locale;
  readonly text: string;
}

const catalogues = new Map<Locale, FluentBundle>();

/** The texts of a language, with the tenant's own in place of the catalogue's. An unreadable one of its own is left out. */
export function createTexts(locale: Locale, ownTexts: readonly OwnText[]): Texts {
  const own = ownBundle(locale, ownTexts);
  const say = (key: MessageKey, args: Record<string, FluentVariable>): string =>
    (own === undefined ? undefined : format(own, key, args)) ?? format(catalogueFor(locale), key, args) ?? key;
  return {
    locale,
    html: (key, args = {}) =>
      say(key, Object.fromEntries(Object.entries(args).map(([name, value]) => [name, safe(value)]))),
    plain: (key, args = {}) => say(key, { ...args }),
  };
}

/**
 * A text of the tenant's own as people would read it, with these facts; undefined when it would not be understood, and the
 * catalogue's would be said in its place.
 */
export function previewOwnText(own: OwnText, args: TextArgs): string | undefined {
  const bundle = ownBundle(own.locale, [own]);
  const facts = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, safe(value)]));
  return bundle === undefined ? undefined : format(bundle, own.key, facts);
}

function safe(value: string | number): string | number {
  return typeof value === 'string' ? escapeHtml(value) : value;
}

function catalogueFor(locale: Locale): FluentBundle {
  const kept = catalogues.get(locale);
  if (kept !== undefined) {
    return kept;
  }
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(catalogue[locale]));
  catalogues.set(locale, bundle);
  return bundle;
}

function ownBundle(locale: Locale, ownTexts: readonly OwnText[]): FluentBundle | undefined {
  const lines = ownTexts
    .filter((each) => each.locale === locale && isTelegramHtml(each.text))
    .map(
      ({ key, text }) =>
        `${key} =\n${text
          .split('\n')
          .map((line) => `    ${line}`)
          .join('\n')}`,
    );
  if (lines.length === 0) {
    return undefined;
  }
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(lines.join('\n')), { allowOverrides: true });
  return bundle;
}

/** Undefined when the bundle has no such text, or one that asks for a fact it does not get. */
function format(bundle: FluentBundle, key: string, args: Record<string, FluentVariable>): string | undefined {
  const pattern = bundle.getMessage(key)?.value;
  if (pattern === undefined || pattern === null) {
    return undefined;
  }
  const errors: Error[] = [];
  const text = bundle.formatPattern(pattern, args, errors);
  return errors.length === 0 ? text : undefined;
}
