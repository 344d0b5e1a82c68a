/** Owns the editor of texts: which can be changed, what they say now, a preview, and the way back to the catalogue's. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { changeTemplate, loadTemplates } from '../repository/templates.ts';
import { LOCALES, type Locale } from '../texts/locale.ts';
import { isOwnTextProblem, readOwnText, showOwnText } from '../texts/own-text.ts';
import { previewOwnText, type TextArgs } from '../texts/texts.ts';
import { type Answers, askFor, remember, type Taken } from './ask.ts';
import { backToMenu, questionLost } from './owner-menu.ts';

/** A text that the owner may change. The order is part of buttons. */
interface OwnableText {
  readonly key: MessageKey;
  readonly label: MessageKey;
  /** The facts that may stand in it. */
  facts(turn: Turn): TextArgs;
}

const nothing = (): TextArgs => ({});
const company = ({ settings }: Turn): TextArgs => ({ company: settings.company });
const OWNABLE: readonly OwnableText[] = [
  { key: 'welcome', label: 'text-welcome', facts: (turn) => ({ name: turn.name, ...company(turn) }) },
  { key: 'choose-service', label: 'text-choose-service', facts: nothing },
  { key: 'booked-title', label: 'text-booked-title', facts: nothing },
  { key: 'booked-note', label: 'text-booked-note', facts: nothing },
  { key: 'reminder-title', label: 'text-reminder', facts: nothing },
  { key: 'will-come-thanks', label: 'text-will-come', facts: nothing },
  { key: 'cancelled-title', label: 'text-cancelled', facts: nothing },
  { key: 'desk-cancelled-notice', label: 'text-desk-cancelled', facts: company },
  { key: 'desk-ask-move-notice', label: 'text-desk-ask-move', facts: company },
  { key: 'review-ask', label: 'text-review', facts: (turn) => ({ ...company(turn), service: '💇' }) },
  { key: 'review-thanks', label: 'text-review-thanks', facts: nothing },
];

/** How a text is called, by its key. */
export function textLabel(key: string): MessageKey | undefined {
  return OWNABLE.find((text) => text.key === key)?.label;
}

/** Lists them. */
export async function showTexts(turn: Turn, title?: string): Promise<void> {
  const { texts, desk } = turn;
  const own = await loadTemplates(desk.services.database);
  const rows = OWNABLE.map(({ key, label }, index): Button[] => {
    const changed = own.some((each) => each.key === key);
    return [
      [
        `${changed ? '✏️ ' : ''}${texts.plain(label)}`,
        { kind: 'ownText', text: index, locale: LOCALES.indexOf(texts.locale) },
      ],
    ];
  });
  const html = title === undefined ? texts.html('text-title') : `${title}\n\n${texts.html('text-title')}`;
  await show(turn, html, keyboard([...rows, [backToMenu(turn)]]));
}

/** Shows what a text says in a language, and asks for another one. */
export async function askOwnText(turn: Turn, index: number, localeIndex: number): Promise<void> {
  const locale = LOCALES[localeIndex];
  if (OWNABLE[index] === undefined || locale === undefined) return await isOld(turn);
  await askFor(turn, textAnswers.own_text, { field: 'own_text', id: index, more: locale });
}

/** Goes back to what the catalogue says. */
export async function resetOwnText(turn: Turn, index: number, localeIndex: number): Promise<void> {
  const [ownable, locale] = [OWNABLE[index], LOCALES[localeIndex]];
  if (ownable === undefined || locale === undefined) return await isOld(turn);
  const change = { key: ownable.key, locale, text: undefined };
  await changeTemplate(turn.desk.services.database, requestOf(turn), change, turn.now);
  turn.desk.changed();
  await showTexts(turn, turn.texts.html('text-reset'));
}

/** Saves the text whose preview is open, if the press belongs to it. */
export async function saveOwnText(turn: Turn, question: number): Promise<void> {
  const { desk, chatId, person, texts, now } = turn;
  const open = await desk.questions.read(chatId, person.telegramId);
  const savedBefore = open?.question.ask === 'done' && open.question.question === question;
  if (open?.question.ask === 'setup' && open.question.field === 'own_text_preview' && open.updateId === question) {
    const { id, more } = open.question;
    const ownable = OWNABLE[id];
    if (ownable === undefined) return await isOld(turn);
    const { locale, text } = fromMore(more);
    await changeTemplate(desk.services.database, requestOf(turn), { key: ownable.key, locale, text }, now);
    desk.changed();
  } else if (!savedBefore) {
    return await questionLost(turn);
  }
  await showTexts(turn, texts.html('text-saved'));
  await remember(turn, { ask: 'done', question });
}

/** What is written in the editor. */
export const textAnswers: Answers<'own_text' | 'own_text_preview'> = {
  own_text: {
    async prompt(turn, { id, more }) {
      const { texts, desk } = turn;
      const ownable = OWNABLE[id];
      if (ownable === undefined) return texts.html('button-old');
      const locale = localeOf(more);
      const own = (await loadTemplates(desk.services.database)).find(
        (each) => each.key === ownable.key && each.locale === locale,
      );
      const facts = ownable.facts(turn);
      const spoken = await desk.texts(locale);
      const asWritten = own === undefined ? '' : texts.html('text-as-written', { text: showOwnText(own.text) });
      const names = Object.keys(facts).map((name) => `{${name}}`);
      return [
        texts.html('text-now', { name: texts.plain(ownable.label), language: spoken.plain('language-name') }),
        '',
        spoken.html(ownable.key, facts),
        ...(asWritten === '' ? [] : ['', asWritten]),
        '',
        texts.html('text-how'),
        ...(names.length === 0 ? [] : [texts.html('text-facts', { facts: names.join(' ') })]),
      ].join('\n');
    },
    back: () => ({ kind: 'ownTexts' }),
    more: ({ id, more }, { texts }) => [
      [
        [texts.plain('button-text-reset'), { kind: 'resetText', text: id, locale: LOCALES.indexOf(localeOf(more)) }],
        [
          texts.plain('button-text-language'),
          { kind: 'ownText', text: id, locale: (LOCALES.indexOf(localeOf(more)) + 1) % LOCALES.length },
        ],
      ],
    ],
    async take(turn, { id, more }, written): Promise<Taken> {
      return await preview(turn, id, localeOf(more), written);
    },
  },
  own_text_preview: {
    prompt: (turn, { id, more }) => previewOf(turn, id, more),
    back: ({ id, more }) => ({ kind: 'ownText', text: id, locale: LOCALES.indexOf(localeOf(more)) }),
    // Whoever writes on has changed their mind about the text.
    async take(turn, { id, more }, written): Promise<Taken> {
      return await preview(turn, id, localeOf(more), written);
    },
  },
};

async function preview(turn: Turn, id: number, locale: Locale, written: string): Promise<Taken> {
  const { texts, updateId } = turn;
  const ownable = OWNABLE[id];
  if (ownable === undefined) return { problem: texts.html('button-old') };
  const facts = ownable.facts(turn);
  const text = readOwnText(written, Object.keys(facts));
  if (isOwnTextProblem(text)) return { problem: texts.html(`text-bad-${text.problem}`, { at: text.at }) };
  if (previewOwnText({ key: ownable.key, locale, text }, facts) === undefined)
    return { problem: texts.html('text-bad-markup') };
  const more = `${locale}${text}`;
  await remember(turn, { ask: 'setup', field: 'own_text_preview', id, more });
  const save: Button = [texts.plain('button-save-hours'), { kind: 'saveText', question: updateId }];
  const again: Button = [
    texts.plain('button-text-again'),
    { kind: 'ownText', text: id, locale: LOCALES.indexOf(locale) },
  ];
  await show(turn, previewOf(turn, id, more), keyboard([[save], [again]]));
  return 'asked';
}

function previewOf(turn: Turn, id: number, more: string): string {
  const ownable = OWNABLE[id];
  const { locale, text } = fromMore(more);
  const read =
    ownable === undefined ? undefined : previewOwnText({ key: ownable.key, locale, text }, ownable.facts(turn));
  return `${turn.texts.html('text-preview')}\n\n${read ?? ''}`;
}

/** The language's two letters, then the text. */
function fromMore(more: string): { readonly locale: Locale; readonly text: string } {
  return { locale: localeOf(more), text: more.slice(2) };
}

function localeOf(more: string): Locale {
  return more.startsWith('ru') ? 'ru' : 'en';
}

async function isOld(turn: Turn): Promise<void> {
  await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
}
