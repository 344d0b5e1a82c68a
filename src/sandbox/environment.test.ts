import { expect, it } from 'vitest';
import { parseSandboxEnvironment } from './environment.ts';

it('has defaults', () => {
  expect(parseSandboxEnvironment({})).toEqual({ port: 8081, host: '127.0.0.1', dataFile: undefined });
});

it('names the bad variable', () => {
  expect(() => parseSandboxEnvironment({ SANDBOX_PORT: 'many' })).toThrow(/SANDBOX_PORT/);
});
