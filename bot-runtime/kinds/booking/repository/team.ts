/** Owns who may do what in the bot: the admins, their rights, and the links that let somebody in. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { type Right, ROLES, type Role } from '../domain/rights.ts';
import { asAdmin, type OwnerRequest, writeAction } from './admin-actions.ts';

/** Somebody who works here. */
export interface Admin {
  readonly id: number;
  readonly telegramId: number;
  readonly name: string;
  readonly role: Role;
  /** Rights beyond those of the role. */
  readonly rights: readonly string[];
}

/** A link that nobody has used. */
export interface Invitation {
  readonly id: number;
  readonly role: Role;
  /** Whose account it is to be, if it is for a member of staff. */
  readonly staff: string | undefined;
  readonly expiresAt: number;
}

/** What became of opening a link. */
export type Accepted = { readonly kind: 'joined'; readonly role: Role } | { readonly kind: 'gone' };

const LIVES_MS = 7 * 86_400_000;
const role = z.enum(ROLES);
const adminRow = z
  .object({
    id: z.coerce.number().int(),
    telegram_id: z.coerce.number().int(),
    name: z.string(),
    role,
    rights: z.array(z.string()),
  })
  .transform(({ telegram_id: telegramId, ...row }): Admin => ({ ...row, telegramId }));
const invitationRow = z
  .object({ id: z.coerce.number().int(), role, staff: z.string().nullable(), expires_at: z.date() })
  .transform(
    ({ expires_at: expiresAt, staff, ...row }): Invitation => ({
      ...row,
      staff: staff ?? undefined,
      expiresAt: expiresAt.getTime(),
    }),
  );
const openRow = z.object({
  id: z.coerce.number().int(),
  role,
  staff_id: z.coerce.number().int().nullable(),
  used_by: z.string().nullable(),
  open: z.boolean(),
});
const SELECT = `SELECT a.id, a.telegram_id, a.role, a.rights,
  coalesce(a.name, u.name, a.telegram_id::text) AS name
  FROM admins a LEFT JOIN users u ON u.telegram_id = a.telegram_id WHERE a.removed_at IS NULL`;

/** Everybody who works here, the mightiest first, at most 50. */
export async function listAdmins(source: Queryable): Promise<Admin[]> {
  const { rows } = await source.query(`${SELECT} ORDER BY array_position($1, a.role), a.id LIMIT 50`, [ROLES]);
  return rows.map((row) => adminRow.parse(row));
}

/** One of them. */
export async function findAdmin(source: Queryable, id: number): Promise<Admin | undefined> {
  const { rows } = await source.query(`${SELECT} AND a.id = $1`, [id]);
  return rows[0] === undefined ? undefined : adminRow.parse(rows[0]);
}

/** The links that can still be used, at most 20. */
export async function listInvitations(source: Queryable, now: number): Promise<Invitation[]> {
  const { rows } = await source.query(
    `SELECT i.id, i.role, m.name AS staff, i.expires_at FROM invitations i LEFT JOIN staff m ON m.id = i.staff_id
     WHERE i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $1 ORDER BY i.id DESC LIMIT 20`,
    [new Date(now)],
  );
  return rows.map((row) => invitationRow.parse(row));
}

/** Makes a link. The same update again gives the same link another secret: the first one may never have been read. */
export async function invite(
  database: Database,
  request: OwnerRequest,
  wish: { readonly role: Role; readonly staffId: number | undefined; readonly secret: string },
  now: number,
): Promise<void> {
  const staff = wish.staffId ?? null;
  const details = { role: wish.role, staff };
  const isNew = await asAdmin(database, request, { action: 'team.invite', details }, now, async (tx) => {
    await tx.query(
      `INSERT INTO invitations (secret_sha256, role, staff_id, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)`,
      [digest(wish.secret), wish.role, staff, new Date(now + LIVES_MS), new Date(now)],
    );
  });
  if (isNew) return;
  await database.query(
    `UPDATE invitations SET secret_sha256 = $1 WHERE id = (
       SELECT max(id) FROM invitations WHERE role = $2 AND staff_id IS NOT DISTINCT FROM $3 AND used_at IS NULL)`,
    [digest(wish.secret), wish.role, staff],
  );
}

/** Makes a link useless. */
export async function revokeInvitation(
  database: Database,
  request: OwnerRequest,
  id: number,
  now: number,
): Promise<void> {
  await asAdmin(database, request, { action: 'team.revoke', details: { invitation: id } }, now, async (tx) => {
    await tx.query('UPDATE invitations SET revoked_at = $2 WHERE id = $1 AND used_at IS NULL', [id, new Date(now)]);
  });
}

/**
 * Lets somebody in who has opened a link: whoever opens it first, once. With a member of staff the account is theirs from
 * then on. Who works here already keeps the mightier role.
 */
export async function acceptInvitation(
  database: Database,
  person: { readonly telegramId: number; readonly name: string; readonly updateId: number },
  secret: string,
  now: number,
): Promise<Accepted> {
  const { telegramId, name, updateId } = person;
  return await database.transaction(async (tx): Promise<Accepted> => {
    const { rows } = await tx.query(
      `SELECT id, role, staff_id, used_by, used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 AS open
       FROM invitations WHERE secret_sha256 = $1 FOR UPDATE`,
      [digest(secret), new Date(now)],
    );
    if (rows[0] === undefined) return { kind: 'gone' };
    const found = openRow.parse(rows[0]);
    if (found.used_by === String(telegramId)) return { kind: 'joined', role: found.role };
    if (!found.open) return { kind: 'gone' };
    await tx.query(
      `INSERT INTO admins (telegram_id, role, name) VALUES ($1, $2, $3) ON CONFLICT (telegram_id) DO UPDATE
       SET removed_at = NULL, name = excluded.name, role = CASE
         WHEN admins.removed_at IS NULL AND array_position($4, admins.role) < array_position($4, excluded.role)
         THEN admins.role ELSE excluded.role END`,
      [telegramId, found.role, name, ROLES],
    );
    if (found.staff_id !== null) {
      await tx.query('UPDATE staff SET telegram_id = NULL WHERE telegram_id = $1', [telegramId]);
      await tx.query('UPDATE staff SET telegram_id = $2 WHERE id = $1', [found.staff_id, telegramId]);
    }
    await tx.query('UPDATE invitations SET used_by = $2, used_at = $3 WHERE id = $1', [
      found.id,
      telegramId,
      new Date(now),
    ]);
    await writeAction(tx, { telegramId, updateId }, { action: 'team.join', details: { role: found.role } }, now);
    return { kind: 'joined', role: found.role };
  });
}

/** Gives somebody another role; rights that were added to the old one go. */
export async function setRole(
  database: Database,
  request: OwnerRequest,
  { id, role: next }: { readonly id: number; readonly role: Role },
  now: number,
): Promise<void> {
  await asAdmin(database, request, { action: 'team.role', details: { admin: id, role: next } }, now, async (tx) => {
    await tx.query(`UPDATE admins SET role = $2, rights = '{}' WHERE id = $1`, [id, next]);
  });
}

/** Adds a right to somebody's role, or takes it away again. */
export async function setRight(
  database: Database,
  request: OwnerRequest,
  { id, right, on }: { readonly id: number; readonly right: Right; readonly on: boolean },
  now: number,
): Promise<void> {
  const details = { admin: id, right, on };
  await asAdmin(database, request, { action: 'team.right', details }, now, async (tx) => {
    await tx.query(
      `UPDATE admins SET rights = CASE WHEN $3 THEN array_append(array_remove(rights, $2), $2)
         ELSE array_remove(rights, $2) END WHERE id = $1`,
      [id, right, on],
    );
  });
}

/** Somebody works here no longer: they see the bot as a customer from now on. */
export async function removeAdmin(database: Database, request: OwnerRequest, id: number, now: number): Promise<void> {
  await asAdmin(database, request, { action: 'team.remove', details: { admin: id } }, now, async (tx) => {
    await tx.query(
      `UPDATE staff SET telegram_id = NULL WHERE telegram_id = (SELECT telegram_id FROM admins WHERE id = $1)`,
      [id],
    );
    await tx.query(`UPDATE admins SET removed_at = $2, rights = '{}' WHERE id = $1`, [id, new Date(now)]);
  });
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
