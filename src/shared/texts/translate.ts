/** Turns keys and error codes into sentences. Pure: a language is parsed at its first use and kept. */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import type { Locale } from '../schemas/tenant.ts';
import { catalogue, type MessageKey } from './catalogue.generated.ts';

/** Facts that a text mentions by name. Numbers choose plural forms and get their thousands grouped; text does not. */
export type TextArgs = Readonly<Record<string, string | number>>;

/** Who reads a text: an operator, who knows the words of this product, or a buyer, who does not. */
export type Audience = 'operator' | 'buyer';

const bundles = new Map<Locale, FluentBundle>();

/** The sentence of a key. A fact that is missing shows as its name in braces; it never fails. */
export function translate(key: MessageKey, args: TextArgs, locale: Locale): string {
  return find(key, args, locale) ?? key;
}

/**
 * The sentence for an error: what happened, what was expected, the next step. A buyer who meets a code that is not
 * for buyers reads the general apology.
 */
export function describeError(code: ErrorCode, data: TextArgs, locale: Locale, audience: Audience): string {
  const known = audience === 'operator' || ERROR_CODES[code].buyer ? code : 'internal';
  const words = known.replaceAll('_', '-');
  // Process ids and ports are names, not amounts: 15432 must not become 15,432.
  const facts = Object.fromEntries(Object.entries({ id: '?', ...data }).map(([name, fact]) => [name, String(fact)]));
  const key = audience === 'buyer' ? `error-${words}-buyer` : `error-${words}`;
  return find(key, facts, locale) ?? code;
}

function find(key: string, args: TextArgs, locale: Locale): string | undefined {
  const bundle = bundleOf(locale);
  const pattern = bundle.getMessage(key)?.value;
  if (pattern === undefined || pattern === null) return undefined;
  // With a list for its complaints, formatting goes on past a fact that is missing.
  return bundle.formatPattern(pattern, { ...args }, []);
}

function bundleOf(locale: Locale): FluentBundle {
  const kept = bundles.get(locale);
  if (kept !== undefined) return kept;
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(catalogue[locale]));
  bundles.set(locale, bundle);
  return bundle;
}
