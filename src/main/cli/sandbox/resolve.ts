/** Finds whom a word on the command line means: a person or bot by id, username or unique name. Pure. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BotView, PersonView } from '#shared/schemas/sandbox.ts';
import type { CliContext } from '../context.ts';

/** How a failure is said in the operator's language. */
type Say = CliContext['say'];

interface Named {
  readonly id: number;
  readonly name: string;
  readonly username?: string | undefined;
}

/** The person meant; fails with `input_invalid`, which names those there are. */
export function findPerson(say: Say, people: readonly PersonView[], word: string): PersonView {
  return findNamed(say, 'person', people, word);
}

/** The bot meant; fails with `input_invalid`, which names those there are. */
export function findBot(say: Say, bots: readonly BotView[], word: string): BotView {
  return findNamed(say, 'bot', bots, word);
}

function findNamed<T extends Named>(say: Say, field: string, all: readonly T[], word: string): T {
  const wanted = word.replace(/^@/, '').toLowerCase();
  const rules: readonly ((one: T) => boolean)[] = [
    (one) => String(one.id) === wanted,
    (one) => one.username?.toLowerCase() === wanted,
    (one) => one.name.toLowerCase() === word.toLowerCase(),
  ];
  for (const rule of rules) {
    const found = all.filter(rule);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) throw unclear(field, say('cli-find-several', { word, names: found.map(nameOf).join(', ') }));
  }
  const key = all.length === 0 ? 'cli-find-none-yet' : 'cli-find-nobody';
  throw unclear(field, say(key, { word, names: all.map(nameOf).join(', ') }));
}

function nameOf({ id, name, username }: Named): string {
  return username === undefined ? `${name} (${id})` : `${name} (@${username})`;
}

function unclear(field: string, problem: string): BotpoolError {
  return new BotpoolError('input_invalid', { field, problem });
}

/** A button of a chat: under a message, or of the keyboard below. */
export interface FoundButton {
  readonly text: string;
  readonly place: 'inline' | 'reply';
}

/**
 * The button meant by a word: its whole text, or a part of it that only one has. `inline` texts come newest first, and
 * win over the keyboard below.
 */
export function findButton(say: Say, inline: readonly string[], reply: readonly string[], word: string): FoundButton {
  const all: readonly FoundButton[] = [
    ...inline.map((text) => ({ text, place: 'inline' as const })),
    ...reply.map((text) => ({ text, place: 'reply' as const })),
  ];
  const exact = all.find(({ text }) => text === word);
  if (exact !== undefined) return exact;
  const partly = all.filter(({ text }) => text.toLowerCase().includes(word.toLowerCase()));
  const [first] = partly;
  const texts = [...new Set(partly.map(({ text }) => text))];
  if (first !== undefined && texts.length === 1) return first;
  const names = [...new Set((first === undefined ? all : partly).map(({ text }) => `“${text}”`))].join(', ');
  const unknown = all.length === 0 ? 'cli-button-none' : 'cli-button-unknown';
  throw unclear('button', say(first === undefined ? unknown : 'cli-button-several', { word, names }));
}
