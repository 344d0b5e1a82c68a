import { expect, test } from 'vitest';
import { findZones, likelyZones, zoneLabel, zoneNumber, zoneOfNumber } from './time-zones.ts';
import { isZoneName } from './zone.ts';

test('cities are found by their beginning, in both languages, also those without a zone of their own', () => {
  expect(findZones('казань')).toEqual(['Europe/Moscow']);
  expect(findZones(' Perm ')).toEqual(['Asia/Yekaterinburg']);
  expect(findZones('петербург')).toEqual(['Europe/Moscow']);
  expect(findZones('new york')).toContain('America/New_York');
  expect(findZones('Montevideo')).toEqual(['America/Montevideo']);
  expect(findZones('Asia/Tokyo')).toEqual(['Asia/Tokyo']);
  for (const nothing of ['', 'x', '🙂', '!!', 'qqqqqq', 'a'.repeat(4_096)]) expect(findZones(nothing)).toEqual([]);
});

test('a number in a button stands for one zone', () => {
  const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), ...likelyZones('ru'), ...likelyZones('en')])];
  expect(new Set(zones.map(zoneNumber)).size).toBe(zones.length);
  expect(zones.every((zone) => zoneOfNumber(zoneNumber(zone)) === zone && isZoneName(zone))).toBe(true);
  expect(zoneOfNumber(1)).toBeUndefined();
});

test('zones are called by their city', () => {
  expect([zoneLabel('Europe/Moscow', 'ru'), zoneLabel('Europe/Moscow', 'en')]).toEqual(['Москва', 'Moscow']);
  expect(zoneLabel('America/Argentina/San_Juan', 'ru')).toBe('San Juan');
});
