/** The panel's texts: one language at a time, loaded when it is chosen. Knows no screen. */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Locale } from '#shared/schemas/tenant.ts';
import type { MessageKey } from './keys.generated.ts';

/** Facts that a text mentions by name. */
export type TextArgs = Readonly<Record<string, string | number>>;

/** Turns a key into a sentence of one language. A key that is missing shows as itself. */
export type Say = (key: MessageKey, args?: TextArgs) => string;

interface Language {
  readonly locale: Locale;
  readonly say: Say;
}

const STORAGE_KEY = 'botpool.language';

const language = createStore<Language>(() => ({ locale: 'en', say: (key) => key }));

/** The language that was chosen last, else the browser's, else English. */
export function preferredLocale(): Locale {
  const kept = localStorage.getItem(STORAGE_KEY);
  if (kept === 'ru' || kept === 'en') return kept;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('ru')) ? 'ru' : 'en';
}

/** Loads a language and shows it everywhere; remembered for the next visit. */
export async function chooseLocale(locale: Locale): Promise<void> {
  const { text } = locale === 'ru' ? await import('./ru.generated.ts') : await import('./en.generated.ts');
  localStorage.setItem(STORAGE_KEY, locale);
  document.documentElement.lang = locale;
  language.setState({ locale, say: sayIn(locale, text) });
}

/** The pure part: a catalogue becomes a function. */
export function sayIn(locale: Locale, text: string): Say {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(text));
  return (key, args = {}) => {
    const pattern = bundle.getMessage(key)?.value;
    return pattern === undefined || pattern === null ? key : bundle.formatPattern(pattern, { ...args }, []);
  };
}

/** For components: says keys in the language of the moment, and renders again when that changes. */
export function useSay(): Say {
  return useStore(language, (state) => state.say);
}

/** The language of the moment, for components. */
export function useLocale(): Locale {
  return useStore(language, (state) => state.locale);
}

/** The language of the moment, outside of components. */
export function currentLanguage(): Language {
  return language.getState();
}
