import { describe, expect, it } from 'vitest';
import { ERROR_CODE_NAMES, ERROR_CODES } from '../errors/codes.ts';
import { LOCALES } from '../schemas/tenant.ts';
import { catalogue } from './catalogue.generated.ts';
import { describeError, translate } from './translate.ts';

/** The messages of one language: key and everything up to the next key. */
function messages(text: string): Map<string, string> {
  const found = [...text.matchAll(/^([a-z][\w-]*)\s*=([\s\S]*?)(?=^[a-z#]|(?![\s\S]))/gm)];
  return new Map(found.map(([, key = '', body = '']) => [key, body]));
}

function placeables(body: string): string[] {
  return [...new Set([...body.matchAll(/\$(\w+)/g)].map(([, name = '']) => name))].sort();
}

const expectedKeys = ERROR_CODE_NAMES.flatMap((code) => {
  const key = `error-${code.replaceAll('_', '-')}`;
  return ERROR_CODES[code].buyer ? [key, `${key}-buyer`] : [key];
});

describe.each(LOCALES)('the texts in %s', (locale) => {
  const texts = messages(catalogue[locale]);

  it('have one text for each error code, one for buyers where buyers meet it, and no other', () => {
    expect([...texts.keys()].filter((key) => key.startsWith('error-')).sort()).toEqual([...expectedKeys].sort());
  });

  it.each(ERROR_CODE_NAMES)('mention only facts that %s carries', (code) => {
    const key = `error-${code.replaceAll('_', '-')}`;
    const known: readonly string[] = ERROR_CODES[code].data;
    for (const name of [key, `${key}-buyer`]) {
      expect(placeables(texts.get(name) ?? '').filter((fact) => !known.includes(fact))).toEqual([]);
    }
    expect(placeables(texts.get(key) ?? '')).toEqual([...known].sort());
  });

  it.each(ERROR_CODE_NAMES)('can be said for %s without leaving braces', (code) => {
    const data = Object.fromEntries(ERROR_CODES[code].data.map((name) => [name, `«${name}»`]));
    expect(describeError(code, data, locale, 'operator')).not.toMatch(/[{}]|^error-/);
    expect(describeError(code, data, locale, 'buyer')).not.toMatch(/[{}]|^error-/);
  });

  it('keep the facts of a sentence when they are said', () => {
    for (const other of LOCALES) {
      for (const [key, body] of messages(catalogue[other])) {
        expect(placeables(texts.get(key) ?? ''), key).toEqual(placeables(body));
      }
    }
  });
});

it('says process ids as they are, without grouping', () => {
  const text = describeError('already_running', { pid: 15_432, folder: '/srv/botpool' }, 'en', 'operator');
  expect(text).toContain('process 15432');
});

it('apologises to a buyer who meets a code that is not for buyers, without its facts', () => {
  const text = describeError('config_invalid', { problems: 'POSTGRES_PASSWORD' }, 'en', 'buyer');
  expect(text).not.toContain('POSTGRES');
  expect(text).toContain('on our side');
});

it('shows the name of a fact that is missing instead of failing', () => {
  expect(describeError('client_unknown', {}, 'en', 'operator')).toContain('{$clientId}');
  expect(translate('error-client-unknown', { clientId: 'client_007' }, 'ru')).toContain('client_007');
});
