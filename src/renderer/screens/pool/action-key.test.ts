import { expect, it } from 'vitest';
import { contract } from '#shared/api/contract.ts';
import { listProcedures } from '#shared/api/procedures.ts';
import { actionKey } from './action-key.ts';

it('has words for what happened, whether it was done by a call or by Botpool itself', () => {
  expect(actionKey('tenant.activate')).toBe('act-tenant-activate');
  expect(actionKey('api.activations.activate')).toBe('act-tenant-activate');
  expect(actionKey('api.session.users.add')).toBe('act-user');
  expect(actionKey('api.pool.scale')).toBe('act-pool-scaled');
  expect(actionKey('api.scaling.setPolicy')).toBe('act-pool-policy');
  expect(actionKey('backup.verify')).toBe('act-backups');
  expect(actionKey('api.backups.restore')).toBe('act-tenant-restore');
  expect(actionKey('session.refuse')).toBe('act-session-refuse');
});

it('has words for every call that is written down', () => {
  const calls = listProcedures(contract).filter(({ meta }) => meta.looks !== true);
  expect(calls.map(({ path }) => path).filter((path) => actionKey(`api.${path}`) === undefined)).toEqual([]);
});

it('has none for a name that it does not know', () => {
  expect(actionKey('something.new')).toBeUndefined();
});
