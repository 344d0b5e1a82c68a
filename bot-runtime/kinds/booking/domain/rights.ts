/** Owns what the owner and each member of the team may do in the bot. Pure. */

/** What somebody who works for the business is to the bot. */
export type Role = 'owner' | 'manager' | 'staff';

/**
 * One thing that may be allowed: the own or everybody's calendar, the customers, services with staff and hours, texts,
 * figures, messages to all customers, who may do what, and who has done what.
 */
export type Right =
  | 'calendar_own'
  | 'calendar_all'
  | 'customers'
  | 'setup'
  | 'texts'
  | 'statistics'
  | 'broadcast'
  | 'roles'
  | 'audit';

/** Every role, the mightiest first. The order is part of buttons. */
export const ROLES = ['owner', 'manager', 'staff'] as const satisfies readonly Role[];

/** Every right. The order is part of buttons. */
export const RIGHTS = [
  'calendar_own',
  'calendar_all',
  'customers',
  'setup',
  'texts',
  'statistics',
  'broadcast',
  'roles',
  'audit',
] as const satisfies readonly Right[];

/** What somebody's role and the rights that were added to it allow. */
export interface Access {
  readonly role: Role;
  /** Rights beyond those of the role. */
  readonly rights: readonly string[];
}

/** True when they may do it. Nobody but an owner decides who may do what, whatever was added. */
export function may({ role, rights }: Access, right: Right): boolean {
  if (role === 'owner') return true;
  if (right === 'roles') return false;
  return role === 'manager' || right === 'calendar_own' || rights.includes(right);
}
