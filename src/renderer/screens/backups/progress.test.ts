import { expect, it } from 'vitest';
import { shareDone } from './progress.ts';

const at = { bytes: 0, tables: 0, tablesTotal: 0, stoppable: true };

it('tells a share only where the end is known', () => {
  expect(shareDone({ bytes: 0, progress: null })).toBeUndefined();
  expect(shareDone({ bytes: 0, progress: { ...at, phase: 'dump' } })).toBeUndefined();
  expect(shareDone({ bytes: 0, progress: { ...at, phase: 'dump', tables: 3, tablesTotal: 12 } })).toBe(0.25);
  expect(shareDone({ bytes: 0, progress: { ...at, phase: 'upload', bytes: 5 } })).toBeUndefined();
  expect(shareDone({ bytes: 200, progress: { ...at, phase: 'checksum', bytes: 50 } })).toBe(0.25);
  // What is read from a disk may be a little more than what was written down.
  expect(shareDone({ bytes: 200, progress: { ...at, phase: 'restore', bytes: 250 } })).toBe(1);
  expect(shareDone({ bytes: 0, progress: { ...at, phase: 'done' } })).toBe(1);
});
