import { expect, it } from 'vitest';
import { isSecretName, maskSecrets } from './mask.ts';

const same = (text: string): string => text;

it('hides values by the names of their fields, however deep, and keeps the rest', () => {
  const input = {
    clientId: 'client_001',
    token: '1:abc',
    users: [{ name: 'anna', password: 'hunter2', role: 'admin' }],
    more: { apiKey: 'k', YOOKASSA_SECRET_KEY: 's', none: null },
  };
  expect(maskSecrets(input, same)).toEqual({
    clientId: 'client_001',
    token: '[hidden]',
    users: [{ name: 'anna', password: '[hidden]', role: 'admin' }],
    more: { apiKey: '[hidden]', YOOKASSA_SECRET_KEY: '[hidden]', none: null },
  });
  expect(['token_id', 'tokenFingerprint', 'tokenCount'].filter(isSecretName)).toEqual([]);
});

it('scrubs texts and keeps the size bounded', () => {
  const deep = { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } };
  expect(JSON.stringify(maskSecrets(deep, same))).toBe('{"a":{"b":{"c":{"d":{"e":{"f":"…"}}}}}}');
  expect(maskSecrets({ text: 'x'.repeat(10_000) }, (text) => String(text.length))).toEqual({ text: '501' });
  expect(
    maskSecrets(
      Array.from({ length: 100 }, () => 1),
      same,
    ),
  ).toHaveLength(50);
});
