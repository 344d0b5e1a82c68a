/** Owns the beginning, help and the choice of language. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { type Button, homeButton, homeKeyboard, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { chooseLocale, renamePerson, settleConsent } from '../repository/people.ts';
import { LOCALES } from '../texts/locale.ts';

/** Greets the person, who is written down by now, under the name they go by today. */
export async function welcome(turn: Turn): Promise<void> {
  const { desk, person, name, texts, settings } = turn;
  if (person.name !== name) await renamePerson(desk.services.database, person.id, name);
  const html = texts.html('welcome', { name, company: settings.company });
  await show(turn, html, homeKeyboard(texts, person.admin));
}

/** Says one sentence and offers the beginning. */
export async function sayAndOfferHome(turn: Turn, key: MessageKey): Promise<void> {
  await show(turn, turn.texts.html(key), homeKeyboard(turn.texts, turn.person.admin));
}

/** Says what the bot can do and by which rule bookings are cancelled. */
export async function help(turn: Turn): Promise<void> {
  const { texts, settings, person } = turn;
  const html = texts.html('help', {
    company: settings.company,
    hours: settings.cancellationHours,
    zone: settings.zone.name,
  });
  const more = person.admin ? `\n\n${texts.html('help-admin')}` : '';
  await show(turn, `${html}${more}`, keyboard([[newsButton(turn)], [homeButton(texts)]]));
}

/** Agrees to news, or does not want any more of them. */
export async function chooseNews(turn: Turn, on: boolean): Promise<void> {
  const { desk, person, texts, now } = turn;
  await settleConsent(desk.services.database, person.id, on, now);
  const changed: Turn = { ...turn, person: { ...person, consented: on } };
  await show(turn, texts.html(on ? 'news-on' : 'news-off'), keyboard([[newsButton(changed)], [homeButton(texts)]]));
}

/** The button that agrees to news, or ends them. */
export function newsButton({ texts, person }: Turn): Button {
  return [
    texts.plain(person.consented ? 'button-news-off' : 'button-news-on'),
    { kind: 'news', on: person.consented ? 0 : 1 },
  ];
}

/** Offers the languages, each by its own name. */
export async function languages(turn: Turn): Promise<void> {
  const names = await Promise.all(
    LOCALES.map(async (locale) => (await turn.desk.texts(locale)).plain('language-name')),
  );
  const rows = names.map((name, locale) => [[name, { kind: 'language', locale }] as const]);
  await show(turn, turn.texts.html('choose-language'), keyboard([...rows, [homeButton(turn.texts)]]));
}

/** Speaks the chosen language from now on. */
export async function chooseLanguage(turn: Turn, choice: number): Promise<void> {
  const locale = LOCALES[choice];
  if (locale === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await chooseLocale(turn.desk.services.database, turn.person.id, locale);
  const texts = await turn.desk.texts(locale);
  await show(turn, texts.html('language-set'), homeKeyboard(texts, turn.person.admin));
}
