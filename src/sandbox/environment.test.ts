import { expect, it } from 'vitest';
import { parseSandboxEnvironment } from './environment.ts';

it('has defaults', () => {
  const defaults = { port: 8081, host: '127.0.0.1', dataFile: undefined, allowedHosts: [] };
  expect(parseSandboxEnvironment({})).toEqual(defaults);
  expect(parseSandboxEnvironment({ SANDBOX_PORT: '', SANDBOX_DATA: '', SANDBOX_ALLOWED_HOSTS: '' })).toEqual(defaults);
});

it('takes host names between commas', () => {
  const { allowedHosts } = parseSandboxEnvironment({ SANDBOX_ALLOWED_HOSTS: 'booking-sandbox, sandbox,' });
  expect(allowedHosts).toEqual(['booking-sandbox', 'sandbox']);
});

it('names the bad variable', () => {
  expect(() => parseSandboxEnvironment({ SANDBOX_PORT: 'many' })).toThrow(/SANDBOX_PORT/);
});
