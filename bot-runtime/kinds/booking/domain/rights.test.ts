import { expect, test } from 'vitest';
import { may, RIGHTS, type ROLES } from './rights.ts';

const allowed = (role: (typeof ROLES)[number], rights: readonly string[] = []) =>
  RIGHTS.filter((right) => may({ role, rights }, right));

test('owners may do everything, managers everything but say who may, staff look after their own calendar', () => {
  expect(allowed('owner')).toEqual(RIGHTS);
  expect(allowed('manager')).toEqual(RIGHTS.filter((right) => right !== 'roles'));
  expect(allowed('staff')).toEqual(['calendar_own']);
});

test('rights can be added to a role, but not the one to hand out rights', () => {
  expect(allowed('staff', ['customers', 'statistics'])).toEqual(['calendar_own', 'customers', 'statistics']);
  expect(allowed('staff', ['roles', 'toString', 'unheard_of'])).toEqual(['calendar_own']);
  expect(allowed('manager', ['roles'])).not.toContain('roles');
});
