import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { limitVariables, parseEnvironment, portVariable } from './environment.ts';

const schema = z.object({ PORT: portVariable.default(5432), NAME: z.string().min(1), PASSWORD: z.string().optional() });

it('takes what is there, and defaults for what is not', () => {
  expect(parseEnvironment(schema, { NAME: 'a', OTHER: 'b' })).toEqual({ PORT: 5432, NAME: 'a' });
});

it('names every variable that is wrong, in one error and in plain words', () => {
  expect(() => parseEnvironment(schema, { PORT: '70000' })).toThrow(/PORT: .*NAME: expected a string/);
  expect(() => parseEnvironment(schema, { PORT: 'x', NAME: 'a' })).toThrow(/PORT: expected a number/);
});

it('takes an empty variable as one that is not set', () => {
  expect(parseEnvironment(schema, { PORT: '', NAME: 'a', PASSWORD: '' })).toEqual({ PORT: 5432, NAME: 'a' });
});

it('reads a secret from the file that NAME_FILE names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'environment-'));
  writeFileSync(join(folder, 'password'), 'secret\n');
  const parsed = parseEnvironment(schema, { NAME: 'a', PASSWORD_FILE: join(folder, 'password') });
  expect(parsed.PASSWORD).toBe('secret');
  rmSync(folder, { recursive: true });
});

it('has the limits that operators know as defaults', () => {
  expect(parseEnvironment(z.object(limitVariables), {})).toEqual({
    MAX_BOOKINGS_PER_USER: 5,
    CANCELLATION_HOURS: 24,
    WORK_HOURS_START: 9,
    WORK_HOURS_END: 18,
    RATE_LIMIT_MESSAGE: 0.5,
    RATE_LIMIT_CALLBACK: 0.3,
  });
});
