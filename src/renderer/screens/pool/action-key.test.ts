import { expect, it } from 'vitest';
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

it('has none for a name that it does not know', () => {
  expect(actionKey('something.new')).toBeUndefined();
});
