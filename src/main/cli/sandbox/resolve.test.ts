import { expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { PersonView } from '#shared/schemas/sandbox.ts';
import { translate } from '#shared/texts/translate.ts';
import type { CliContext } from '../context.ts';
import { findButton, findPerson } from './resolve.ts';

const person = (id: number, name: string, username?: string): PersonView => ({
  id,
  name,
  isPremium: false,
  phone: '79990000000',
  deactivated: false,
  ...(username === undefined ? {} : { username }),
});
const say: CliContext['say'] = (key, args = {}) => translate(key, args, 'en');
const PEOPLE = [person(1, 'Anna', 'anna_k'), person(2, 'Boris'), person(3, 'boris')];

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isBotpoolError(error, 'input_invalid')) return String(error.data.problem);
  }
  return 'no failure';
}

it('finds a person by id, by username with or without @, and by a unique name', () => {
  for (const word of ['1', '@Anna_K', 'anna_k', 'ANNA']) expect(findPerson(say, PEOPLE, word).id).toBe(1);
});

it('says who is meant when a name is not unique, and who there is when it is unknown', () => {
  expect(problemOf(() => findPerson(say, PEOPLE, 'Boris'))).toContain('Boris (2), boris (3)');
  expect(problemOf(() => findPerson(say, PEOPLE, 'Clara'))).toContain('known: Anna (@anna_k)');
  expect(problemOf(() => findPerson(say, [], 'Clara'))).toContain('there is nobody yet');
});

it('finds a button by its text or a part that only one has, under messages first', () => {
  expect(findButton(say, ['10:00', '11:00'], ['🏠 Menu'], '10:00')).toEqual({ text: '10:00', place: 'inline' });
  expect(findButton(say, [], ['🏠 Menu', 'Help'], 'menu')).toEqual({ text: '🏠 Menu', place: 'reply' });
  expect(findButton(say, ['Help'], ['Help'], 'Help').place).toBe('inline');
});

it('names the buttons when the word fits none or several', () => {
  expect(problemOf(() => findButton(say, ['10:00', '11:00'], [], ':00'))).toBe(
    '“:00” means several buttons: “10:00”, “11:00”',
  );
  expect(problemOf(() => findButton(say, ['10:00'], [], 'Book'))).toBe(
    'there is no button “Book”; the chat has “10:00”',
  );
  expect(problemOf(() => findButton(say, [], [], 'Book'))).toContain('the chat has no buttons');
});
