/** Who may do what: three levels, each of which includes the ones before it. */
import * as z from 'zod';

/** `read`: look. `operate`: act on clients, bots and orders. `admin`: users, tokens, settings, the host itself. */
export const ACCESS_LEVELS = ['read', 'operate', 'admin'] as const;

/** See {@link ACCESS_LEVELS}. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What named users are. A viewer may read, an operator operate, an admin everything. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** See {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Checks a role. */
export const roleSchema = z.enum(ROLES);

/** What a role may do. */
export function accessOf(role: Role): AccessLevel {
  return ({ viewer: 'read', operator: 'operate', admin: 'admin' } as const)[role];
}

/** The role that may do exactly this much. */
export function roleOf(access: AccessLevel): Role {
  return ({ read: 'viewer', operate: 'operator', admin: 'admin' } as const)[access];
}

/** True when somebody with `granted` may do what asks for `needed`. Nothing asked for means: nobody may. */
export function allows(granted: AccessLevel, needed: AccessLevel | undefined): boolean {
  return needed !== undefined && ACCESS_LEVELS.indexOf(granted) >= ACCESS_LEVELS.indexOf(needed);
}
