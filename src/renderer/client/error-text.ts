/** The sentences of errors, which come after the first screen: they are many, and seldom needed. */
import { useEffect, useState } from 'react';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { currentLanguage, useLocale } from '../i18n/i18n.ts';

type Translate = typeof import('#shared/texts/translate.ts');

let loaded: Translate | undefined;

/** Fetches them; called when the page is idle, and by whoever needs one earlier. */
export async function loadErrorTexts(): Promise<Translate> {
  loaded ??= await import('#shared/texts/translate.ts');
  return loaded;
}

/** What happened, what was expected, the next step. */
export async function errorText(error: BotpoolError, locale: Locale = currentLanguage().locale): Promise<string> {
  const { describeError } = await loadErrorTexts().catch(() => ({ describeError: () => error.code }));
  return describeError(error.code, error.data, locale, 'operator');
}

/** For components. The code stands for the sentence until that is there. */
export function useErrorText(error: BotpoolError | undefined): string {
  const locale = useLocale();
  const known = error === undefined ? '' : loaded?.describeError(error.code, error.data, locale, 'operator');
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (loaded === undefined) void loadErrorTexts().then(() => setTurn((turn) => turn + 1));
  }, []);
  return known ?? error?.code ?? '';
}
