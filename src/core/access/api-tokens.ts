/** Tokens of programs that use the API: random, shown once, stored as a hash, limited to a scope. */
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { ACCESS_LEVELS, type AccessLevel } from '#shared/api/access.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { secretHash } from './sessions.ts';
import type { Author } from './users.ts';

/** How a token begins, so that scanners of leaked secrets and people know it. */
export const API_TOKEN_PREFIX = 'bp_';
const USED_EVERY_MS = 60_000;

const rowSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(ACCESS_LEVELS),
  created_by: z.string(),
  created_at: z.date(),
  expires_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
});

/** A token without what is secret of it. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scope: AccessLevel;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = 'id, name, scope, created_by, created_at, expires_at, last_used_at, revoked_at';

function tokenOf(raw: unknown): ApiToken {
  const row = rowSchema.parse(raw);
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}

/** All tokens, newest first; revoked ones stay for the record. */
export async function listApiTokens(db: Queryable): Promise<readonly ApiToken[]> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM control.api_tokens ORDER BY created_at DESC, id`);
  return rows.map(tokenOf);
}

/** Makes a token; its text is in the answer and nowhere else, ever. */
export async function createApiToken(
  database: Database,
  wanted: { readonly name: string; readonly scope: AccessLevel; readonly expiresAt: Date | null },
  author: Author,
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  const secret = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query(
      `INSERT INTO control.api_tokens (id, name, hash, scope, created_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
      [uuidv7(), wanted.name, secretHash(secret), wanted.scope, author.actor, wanted.expiresAt],
    );
    const token = tokenOf(rows[0]);
    const facts = { name: token.name, scope: token.scope, expires_at: token.expiresAt };
    await writeAudit(tx, author.actor, 'token.create', token.id, null, facts, author.source);
    return { token, secret };
  });
}

/** Revokes a token by its id. Fails with `token_unknown`; a revoked one stays as it is. */
export async function revokeApiToken(database: Database, id: string, author: Author): Promise<ApiToken> {
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query(
      `UPDATE control.api_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id::text = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    if (rows[0] === undefined) throw new BotpoolError('token_unknown', { id });
    const token = tokenOf(rows[0]);
    await writeAudit(tx, author.actor, 'token.revoke', token.id, { name: token.name }, null, author.source);
    return token;
  });
}

/** The token with this hash while it is good. */
export async function findApiToken(db: Queryable, hash: string): Promise<ApiToken | undefined> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS}, coalesce(last_used_at < now() - $2 * interval '1 millisecond', true) AS stale
     FROM control.api_tokens WHERE hash = $1 AND revoked_at IS NULL AND coalesce(expires_at > now(), true)`,
    [hash, USED_EVERY_MS],
  );
  if (rows[0] === undefined) return undefined;
  const token = tokenOf(rows[0]);
  if (rows[0]['stale'] === true) {
    await db.query('UPDATE control.api_tokens SET last_used_at = now() WHERE id = $1', [token.id]);
  }
  return token;
}
