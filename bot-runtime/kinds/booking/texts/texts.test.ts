import { FluentResource } from '@fluent/bundle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue, type MessageKey } from '../locales/catalogue.generated.ts';
import { durationText, formatsFor } from './format.ts';
import { clipMessage, escapeHtml, isTelegramHtml } from './html.ts';
import { LOCALES, localeFor } from './locale.ts';
import { createTexts } from './texts.ts';

/** The facts that a text mentions, by name. */
const factsOf = (pattern: unknown) =>
  [...JSON.stringify(pattern).matchAll(/"type":"var","name":"(\w+)"/g)].map(([, name]) => name ?? '');
const messages = (locale: 'en' | 'ru') =>
  new Map(
    new FluentResource(catalogue[locale]).body.map(({ id, value }) => [id, [...new Set(factsOf(value))].toSorted()]),
  );

describe('the catalogue', () => {
  test('has the same texts with the same facts in every language', () => {
    const [english, russian] = [messages('en'), messages('ru')];
    expect(Object.fromEntries(russian)).toEqual(Object.fromEntries(english));
    expect(english.size).toBeGreaterThan(80);
  });

  test('can be said in every language, as HTML that Telegram takes, whatever the facts hold', () => {
    for (const locale of LOCALES) {
      const texts = createTexts(locale, []);
      for (const [key, facts] of messages(locale)) {
        const args = Object.fromEntries(
          facts.map((fact) => [
            fact,
            ['hours', 'minutes', 'limit', 'max', 'seats', 'count'].includes(fact) ? 5 : '<b>&"',
          ]),
        );
        const html = texts.html(key as MessageKey, args);
        expect(html).not.toBe(key);
        expect(html).not.toContain('{');
        expect(isTelegramHtml(html), html).toBe(true);
        if (key.startsWith('command-')) {
          expect(html.length).toBeLessThanOrEqual(256);
        }
      }
    }
  });

  test('counts in Russian', () => {
    const texts = createTexts('ru', []);
    const said = [1, 2, 5, 21].map((limit) => texts.plain('too-many', { limit }));
    expect(said.map((text) => /запис\S+/u.exec(text)?.[0])).toEqual(['запись.', 'записи,', 'записей,', 'запись.']);
  });
});

describe('a tenant’s own texts', () => {
  const own = (text: string, key = 'choose-service') => createTexts('en', [{ key, locale: 'en', text }]);

  test('replace the catalogue’s in their language', () => {
    expect(own('What shall it be?\n\n<b>Choose</b>').html('choose-service')).toBe('What shall it be?\n\n<b>Choose</b>');
    expect(own('Hi { $name } at { $company }', 'welcome').html('welcome', { name: '<i>', company: 'X' })).toBe(
      'Hi &lt;i&gt; at X',
    );
    expect(createTexts('ru', [{ key: 'choose-service', locale: 'en', text: 'x' }]).plain('choose-service')).toBe(
      'На что вас записать?',
    );
  });

  test('are left out where Telegram or the catalogue would not take them', () => {
    for (const text of ['<b>open', '</b>', '<script>x</script>', 'a < b', '{ $nobody }', '{ broken', 'a & b']) {
      expect(own(text).plain('choose-service'), text).toBe('What would you like to book?');
    }
  });
});

describe('what people read', () => {
  test('is escaped so that Telegram shows it letter by letter', () => {
    fc.assert(fc.property(fc.string(), (text) => isTelegramHtml(escapeHtml(text))));
  });

  test('is cut at a line where one message cannot hold it', () => {
    const long = Array.from({ length: 400 }, (_, line) => `<b>line</b> ${line}`).join('\n');
    expect(clipMessage(long).length).toBeLessThanOrEqual(4_096);
    expect(isTelegramHtml(clipMessage(long))).toBe(true);
    expect(clipMessage('short')).toBe('short');
  });

  test('has dates, times and money of its language, in the tenant’s zone', () => {
    const at = Date.parse('2026-11-23T22:30:00Z');
    const [russian, english] = [formatsFor('ru', 'Europe/Moscow'), formatsFor('en', 'America/New_York')];
    expect([russian.day(at), russian.time(at)]).toEqual(['Вт, 24 ноября', '01:30']);
    expect([english.day(at), english.time(at)]).toEqual(['Mon 23 November', '17:30']);
    expect(russian.month('2026-11-01')).toBe('Ноябрь 2026');
    expect([1, 7].map((day) => english.weekday(day))).toEqual(['Mon', 'Sun']);
    expect(russian.money(150_050, 'RUB').replaceAll(/\s/gu, ' ')).toBe('1 500,50 ₽');
    expect(english.money(150_000, 'RUB').replaceAll(/\s/gu, ' ')).toBe('₽1,500');
    expect([45, 60, 90].map((minutes) => durationText(createTexts('en', []), minutes))).toEqual([
      '45 min',
      '1 h',
      '1 h 30 min',
    ]);
  });

  test('begins in the language of their Telegram', () => {
    expect(localeFor('ru', 'en')).toBe('ru');
    expect(localeFor('pt-br', 'ru')).toBe('en');
    expect(localeFor(undefined, 'ru')).toBe('ru');
  });
});
