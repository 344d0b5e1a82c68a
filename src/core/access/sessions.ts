/** Sessions of browsers: what a browser holds is random; PostgreSQL knows only its hash. They outlive the host. */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { type Role, roleSchema } from '#shared/api/access.ts';

/** Whoever has not been seen for so long must sign in again. */
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1_000;
/** However busy: after so long, everybody must sign in again. */
const SESSION_MOST_MS = 30 * 24 * 60 * 60 * 1_000;
/** Being seen is written down at most this often. */
const SEEN_EVERY_MS = 60_000;

/** The name of whoever has come in by a one-time link of this machine. */
export const LOCAL_OPERATOR = 'operator';

/** Whose session it is. `hash` names it in the database. */
export interface Session {
  readonly hash: string;
  readonly user: string;
  readonly role: Role;
}

/** What is stored of a random text that lets somebody in. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Opens a session; `user` null is the operator of this machine. Returns what the browser is to hold. */
export async function openSession(database: Database, user: string | null, source: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await database.transaction(async (tx) => {
    await tx.query('INSERT INTO control.sessions (hash, user_name, source) VALUES ($1, $2, $3)', [
      secretHash(secret),
      user,
      source,
    ]);
    if (user !== null) await tx.query('UPDATE control.users SET last_sign_in_at = now() WHERE name = $1', [user]);
    await tx.query(`DELETE FROM control.sessions s WHERE ${OVER}`, [SESSION_IDLE_MS, SESSION_MOST_MS]);
  });
  return secret;
}

const OVER = `(s.seen_at < clock_timestamp() - $1 * interval '1 millisecond'
  OR s.created_at < clock_timestamp() - $2 * interval '1 millisecond')`;

const rowSchema = z.object({ hash: z.string(), user_name: z.string().nullable(), role: roleSchema.nullable() });

/** The session with this hash while it is good and its user may come in; counts as being seen. */
export async function findSession(db: Queryable, hash: string): Promise<Session | undefined> {
  const { rows } = await db.query(
    `SELECT s.hash, s.user_name, u.role, s.seen_at < clock_timestamp() - $3 * interval '1 millisecond' AS stale
     FROM control.sessions s LEFT JOIN control.users u ON u.name = s.user_name
     WHERE s.hash = $4 AND NOT coalesce(u.disabled, false) AND NOT ${OVER}`,
    [SESSION_IDLE_MS, SESSION_MOST_MS, SEEN_EVERY_MS, hash],
  );
  if (rows[0] === undefined) return undefined;
  if (rows[0]['stale'] === true) {
    await db.query('UPDATE control.sessions SET seen_at = clock_timestamp() WHERE hash = $1', [hash]);
  }
  const { user_name, role } = rowSchema.parse(rows[0]);
  return { hash, user: user_name ?? LOCAL_OPERATOR, role: role ?? 'admin' };
}

/** Ends a session; nothing happens when it has ended already. */
export async function closeSession(db: Queryable, hash: string): Promise<void> {
  await db.query('DELETE FROM control.sessions WHERE hash = $1', [hash]);
}
