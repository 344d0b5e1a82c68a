import { expect, test } from 'vitest';
import { isBacklog } from './pace.ts';

const SERVING_SINCE = 1_000_000;

test.each([
  ['before this process served', SERVING_SINCE - 1, SERVING_SINCE, true],
  ['since then, and just now', SERVING_SINCE, SERVING_SINCE + 5_000, false],
  ['since then, but long before it was looked at', SERVING_SINCE, SERVING_SINCE + 5_001, true],
  ['nobody knows when', undefined, SERVING_SINCE, false],
])('what was sent %s', (_when, sentAt, now, waited) => {
  expect(isBacklog(sentAt, SERVING_SINCE, now)).toBe(waited);
});
