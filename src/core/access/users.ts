/** Named users of the panel. Every change has its audit row in the same transaction. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { randomPassword } from '#core/secrets/vault.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { type Role, roleSchema } from '#shared/api/access.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { hashPassword, MIN_PASSWORD_LENGTH, verifyPassword } from './passwords.ts';

/** Who makes a change, and from where. */
export interface Author {
  readonly actor: string;
  readonly source: string;
}

const userRowSchema = z.object({
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  created_at: z.date(),
  last_sign_in_at: z.date().nullable(),
});

/** A user without the password. */
export interface User {
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

const COLUMNS = 'name, role, disabled, created_at, last_sign_in_at';

function userOf(row: unknown): User {
  const { name, role, disabled, created_at, last_sign_in_at } = userRowSchema.parse(row);
  return { name, role, disabled, createdAt: created_at, lastSignInAt: last_sign_in_at };
}

/** All users by name. */
export async function listUsers(db: Queryable): Promise<readonly User[]> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM control.users ORDER BY name`);
  return rows.map(userOf);
}

/** Adds a user. Fails with `user_exists` and with `password_weak`. */
export async function addUser(
  database: Database,
  user: { readonly name: string; readonly role: Role; readonly password: string },
  author: Author,
): Promise<User> {
  const stored = await storedPassword(user.password);
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query(
      `INSERT INTO control.users (name, role, password) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [user.name, user.role, stored],
    );
    if (rows[0] === undefined) throw new BotpoolError('user_exists', { name: user.name });
    await audit(tx, author, 'user.add', user.name, null, { role: user.role });
    return userOf(rows[0]);
  });
}

/** What may change of a user. A new password, another role or being disabled ends every session of the user. */
export interface UserChange {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

/** Changes a user. Fails with `user_unknown`, `password_weak`, and with `last_admin` when nobody could administer. */
export async function changeUser(database: Database, name: string, change: UserChange, author: Author): Promise<User> {
  const stored = change.password === undefined ? null : await storedPassword(change.password);
  return await database.transaction(async (tx) => {
    const before = await lockUser(tx, name);
    if ((change.role ?? 'admin') !== 'admin' || change.disabled === true) await refuseLastAdmin(tx, before);
    const { rows } = await tx.query(
      `UPDATE control.users SET role = coalesce($2, role), disabled = coalesce($3, disabled),
         password = coalesce($4, password), updated_at = now() WHERE name = $1 RETURNING ${COLUMNS}`,
      [name, change.role ?? null, change.disabled ?? null, stored],
    );
    await tx.query('DELETE FROM control.sessions WHERE user_name = $1', [name]);
    const after = userOf(rows[0]);
    const facts = (user: User): object => ({ role: user.role, disabled: user.disabled });
    const password = stored === null ? {} : { password: 'changed' };
    await audit(tx, author, 'user.change', name, facts(before), { ...facts(after), ...password });
    return after;
  });
}

/** Removes a user with all sessions. Fails with `user_unknown` and `last_admin`. */
export async function removeUser(database: Database, name: string, author: Author): Promise<void> {
  await database.transaction(async (tx) => {
    const before = await lockUser(tx, name);
    await refuseLastAdmin(tx, before);
    await tx.query('DELETE FROM control.users WHERE name = $1', [name]);
    await audit(tx, author, 'user.remove', name, { role: before.role }, null);
  });
}

/** A password that nobody knows: what is compared with for a name that nobody has, so that both take as long. */
let nobody: Promise<string> | undefined;

/** The user with this name and password; `undefined` for everybody else, after the same time. */
export async function checkPassword(db: Queryable, name: string, password: string): Promise<User | undefined> {
  const { rows } = await db.query(`SELECT ${COLUMNS}, password FROM control.users WHERE name = $1`, [name]);
  nobody ??= hashPassword(randomPassword());
  const stored = rows[0] === undefined ? await nobody : String(rows[0]['password']);
  const fits = await verifyPassword(password, stored);
  if (!fits || rows[0] === undefined) return undefined;
  const user = userOf(rows[0]);
  return user.disabled ? undefined : user;
}

async function storedPassword(password: string): Promise<string> {
  if (password.length < MIN_PASSWORD_LENGTH) throw new BotpoolError('password_weak', { least: MIN_PASSWORD_LENGTH });
  return await hashPassword(password);
}

async function lockUser(tx: Queryable, name: string): Promise<User> {
  const { rows } = await tx.query(`SELECT ${COLUMNS} FROM control.users WHERE name = $1 FOR UPDATE`, [name]);
  if (rows[0] === undefined) throw new BotpoolError('user_unknown', { name });
  return userOf(rows[0]);
}

/** As long as others are there, one of them stays able to let them in again. */
async function refuseLastAdmin(tx: Queryable, user: User): Promise<void> {
  if (user.role !== 'admin' || user.disabled) return;
  const { rows } = await tx.query(
    `SELECT count(*) FILTER (WHERE role = 'admin' AND NOT disabled)::int AS admins, count(*)::int AS others
     FROM (SELECT role, disabled FROM control.users WHERE name <> $1 FOR UPDATE) AS rest`,
    [user.name],
  );
  if (Number(rows[0]?.['others']) > 0 && Number(rows[0]?.['admins']) === 0) {
    throw new BotpoolError('last_admin', { name: user.name });
  }
}

async function audit(
  tx: Queryable,
  { actor, source }: Author,
  action: string,
  target: string,
  before: object | null,
  after: object | null,
): Promise<void> {
  await writeAudit(tx, actor, action, target, before, after, source);
}
