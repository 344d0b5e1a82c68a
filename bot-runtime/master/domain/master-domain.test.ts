import { expect, it } from 'vitest';
import { bar, percent } from './bars.ts';
import { clientIdOf } from './client-id.ts';

it('fills as many cells as the share says, and shows a little as something', () => {
  expect([bar(0), bar(0.001), bar(0.5), bar(1), bar(7)]).toEqual([
    '░░░░░░░░░░',
    '█░░░░░░░░░',
    '█████░░░░░',
    '██████████',
    '██████████',
  ]);
  expect(percent(0.666)).toBe(67);
});

it('understands a client by its number, with or without the word', () => {
  expect(['3', '003', 'client_003', ' 12 ', '123456'].map(clientIdOf)).toEqual([
    'client_003',
    'client_003',
    'client_003',
    'client_012',
    'client_123456',
  ]);
  expect(['', 'x', '1234567', 'client_', '3; DROP'].map(clientIdOf)).toEqual(Array(5).fill(undefined));
});
