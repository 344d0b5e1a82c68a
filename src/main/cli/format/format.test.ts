import { expect, it } from 'vitest';
import type { PoolBot, PoolStatus } from '#shared/api/pool.ts';
import type { ChatMessage } from '#shared/schemas/sandbox.ts';
import { drawMessage } from './chat-view.ts';
import { containerName, shortName } from './containers.ts';
import { drawPool } from './pool-view.ts';
import { bar, table } from './table.ts';
import { ago, parseSince } from './time.ts';

it('knows containers by their short names', () => {
  const names = ['3', 'bot-pool-3', 'booking-bot-pool-3', 'postgres', 'redis', 'sandbox'].map(containerName);
  const pool = 'booking-bot-pool-3';
  expect(names).toEqual([pool, pool, pool, 'booking-postgres', 'booking-redis', 'booking-sandbox']);
  expect(names.map(shortName)).toEqual(['bot-pool-3', 'bot-pool-3', 'bot-pool-3', 'postgres', 'redis', 'sandbox']);
});

it('keeps columns straight under wide letters and leaves no blanks at line ends', () => {
  expect(
    table(
      ['A', 'B'],
      [
        ['👩‍👧', 'x'],
        ['long', ''],
      ],
    ),
  ).toBe('A     B\n👩‍👧     x\nlong');
  expect([bar(0, 4), bar(0.5, 4), bar(2, 4)]).toEqual(['░░░░', '██░░', '████']);
});

it('says how long ago something was, and reads how long ago is meant', () => {
  expect(ago(0, 125_000, 'en')).toMatch(/2 min\.? ago/);
  expect(ago(0, 7_200_000, 'ru')).toBe('2 ч назад');
  expect([parseSince('10m', 1_000_000), parseSince('2h', 10_000_000), parseSince('soon', 0)]).toEqual([
    400_000,
    2_800_000,
    undefined,
  ]);
  expect(parseSince('1970-01-01T00:00:01Z', 0)).toBe(1_000);
});

const bot = (pool_id: number, more: Partial<PoolBot>): PoolBot => ({
  pool_id,
  container_id: `booking-bot-pool-${pool_id}`,
  status: 'waiting',
  since: 0,
  version: '1',
  ...more,
});

it('shows what is wrong with a bot first in the list, and its sentence below', () => {
  const bots = [
    bot(1, {}),
    bot(2, { status: 'active', client_id: 'client_001' }),
    bot(3, { status: 'active', client_id: 'client_002', problem: 'token_in_use' }),
  ];
  const status: PoolStatus = {
    total: 3,
    waiting: 1,
    activating: 0,
    active: 2,
    failed: 0,
    draining: 0,
    bots,
    queued: 5,
  };
  const text = drawPool(status, { locale: 'en', now: 60_000, withBar: true });
  const lines = text.split('\n');
  expect(lines[0]).toBe('████████████████░░░░░░░░ 67 % taken');
  expect(lines[1]).toContain('queued 5');
  expect(lines.slice(4, 7).map((line) => line.split(/ +/)[0])).toEqual(['bot-pool-3', 'bot-pool-2', 'bot-pool-1']);
  expect(lines.at(-1)).toMatch(/^! bot-pool-3: Another program is reading/);
  expect(drawPool(status, { locale: 'ru', now: 0, withBar: false }).split('\n')[0]).toBe('занято 67 %');
});

it('draws a message with its buttons, and names what is not text', () => {
  const message: ChatMessage = {
    id: 1,
    from: 'bot',
    date: 0,
    edited: false,
    revision: 1,
    text: 'Hello!\nWhen?',
    buttons: [
      [
        { text: '10:00', data: 'a' },
        { text: 'Site', url: 'https://example.org' },
      ],
    ],
    raw: {},
  };
  const names = { bot: 'Nails', person: 'Olga' };
  expect(drawMessage(message, names)).toBe('Nails: Hello!\n       When?\n    [ 10:00 ] [ Site → https://example.org ]');
  const photo: ChatMessage = { ...message, from: 'person', text: '', buttons: [], raw: { photo: [] } };
  expect(drawMessage(photo, names)).toBe('Olga: (photo)');
});
