/** Owns which languages the bot speaks and which of them a person gets first. Pure. */

/** The languages of the catalogue. */
export const LOCALES = ['en', 'ru'] as const;

/** One of them. */
export type Locale = (typeof LOCALES)[number];

const RUSSIAN_SPEAKING = new Set(['ru', 'be', 'uk', 'kk', 'ky', 'uz', 'tg', 'tt']);

/** The language for Telegram's `language_code` (`ru`, `pt-br`…); without one, the tenant's own. */
export function localeFor(languageCode: string | undefined, fallback: Locale): Locale {
  const language = languageCode?.toLowerCase().split('-')[0];
  if (language === undefined || language === '') {
    return fallback;
  }
  return RUSSIAN_SPEAKING.has(language) ? 'ru' : 'en';
}
