/** The register of tenants: who they are and what the operator wants of them. Every change leaves an audit row. */
import * as z from 'zod';
import { resolveAlert } from '#core/alerts/alerts.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { tokenFingerprint, type Vault } from '#core/secrets/vault.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type ActivationRequest, LOCALES } from '#shared/schemas/tenant.ts';
import { TENANT_STATES, type TenantState } from '#shared/state/tenant-state.ts';

const bigintNumber = z.coerce.number().int();

const tenantRowSchema = z
  .object({
    client_id: z.string(),
    company: z.string(),
    kind: z.string(),
    locale: z.enum(LOCALES),
    time_zone: z.string(),
    owner_id: bigintNumber,
    state: z.enum(TENANT_STATES),
    fence: bigintNumber,
    token_sealed: z.string().nullable(),
    token_fingerprint: z.string().nullable(),
    bot_username: z.string().nullable(),
    queued_at: z.date().nullable(),
    first_active_at: z.date().nullable(),
    created_at: z.date(),
  })
  .transform((row) => ({
    clientId: row.client_id,
    company: row.company,
    kind: row.kind,
    locale: row.locale,
    timeZone: row.time_zone,
    ownerId: row.owner_id,
    state: row.state,
    fence: row.fence,
    tokenSealed: row.token_sealed,
    tokenFingerprint: row.token_fingerprint,
    botUsername: row.bot_username,
    queuedAt: row.queued_at,
    firstActiveAt: row.first_active_at,
    createdAt: row.created_at,
  }));

/** One tenant as PostgreSQL knows it. */
export type Tenant = z.output<typeof tenantRowSchema>;

const COLUMNS = `client_id, company, kind, locale, time_zone, owner_id, state, fence, token_sealed, token_fingerprint,
  bot_username, queued_at, first_active_at, created_at`;

/** Where a tenant's token is sealed to. */
export function tokenPlace(clientId: string): string {
  return `tenant:${clientId}:token`;
}

/** Every tenant that is not deleted, by client id. */
export async function listTenants(db: Queryable): Promise<readonly Tenant[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.tenants WHERE state <> 'deleted' ORDER BY length(client_id), client_id`,
  );
  return rows.map((row) => tenantRowSchema.parse(row));
}

/** Which of these client ids are tenants here, deleted ones too. */
export async function knownClients(db: Queryable, clientIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ client_id: string }>(
    'SELECT client_id FROM control.tenants WHERE client_id = ANY($1)',
    [clientIds],
  );
  return new Set(rows.map((row) => row.client_id));
}

/** One tenant, deleted ones too. Fails with `client_unknown`. */
export async function getTenant(db: Queryable, clientId: string, lock = false): Promise<Tenant> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.tenants WHERE client_id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [clientId],
  );
  if (rows[0] === undefined) throw new BotpoolError('client_unknown', { clientId });
  return tenantRowSchema.parse(rows[0]);
}

/**
 * Records that this client is wanted active with this token; safe to repeat.
 * Fails with `token_taken` when another client uses the token, with `client_other_token` when the client runs with
 * another one, with `client_busy` while its last bot is on its way out, and with `client_not_active` when it was deleted.
 */
export async function wantActive(
  tx: Queryable,
  vault: Vault,
  request: ActivationRequest,
  actor: string,
): Promise<Tenant> {
  const fingerprint = tokenFingerprint(request.token);
  // Two requests for one client, or with one token, decide one after the other.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended(name, 2)) FROM unnest($1::text[]) AS name', [
    [`tenant ${request.clientId}`, `token ${fingerprint}`],
  ]);
  const { rows } = await tx.query(
    'SELECT client_id FROM control.tenants WHERE token_fingerprint = $1 AND client_id <> $2 AND state <> $3',
    [fingerprint, request.clientId, 'deleted'],
  );
  if (rows[0] !== undefined) throw new BotpoolError('token_taken', { clientId: String(rows[0]['client_id']) });
  const known = await findLocked(tx, request.clientId);
  if (known?.state === 'deleted') {
    throw new BotpoolError('client_not_active', { clientId: request.clientId, state: 'deleted' });
  }
  if (known?.state === 'active' && known.tokenFingerprint !== fingerprint) {
    throw new BotpoolError('client_other_token', { clientId: request.clientId });
  }
  if (known?.state === 'active') return known;
  const { rows: leaving } = await tx.query(
    'SELECT FROM control.activations WHERE client_id = $1 AND ended_at IS NULL',
    [request.clientId],
  );
  if (leaving[0] !== undefined) throw new BotpoolError('client_busy', { clientId: request.clientId });
  const sealed = vault.seal(request.token, tokenPlace(request.clientId));
  const { rows: written } = await tx.query(
    `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state, token_sealed, token_fingerprint)
     VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)
     ON CONFLICT (client_id) DO UPDATE SET company = $2, locale = $4, time_zone = $5, owner_id = $6, state = 'active',
       token_sealed = $7, token_fingerprint = $8, updated_at = now()
     RETURNING ${COLUMNS}`,
    [
      request.clientId,
      request.company,
      request.kind,
      request.locale,
      request.timeZone,
      request.ownerId,
      sealed,
      fingerprint,
    ],
  );
  await writeAudit(
    tx,
    actor,
    'tenant.activate',
    request.clientId,
    { state: known?.state ?? null },
    { state: 'active' },
  );
  await resolveAlert(tx, clientAlert(request.clientId));
  return tenantRowSchema.parse(written[0]);
}

async function findLocked(tx: Queryable, clientId: string): Promise<Tenant | undefined> {
  const { rows } = await tx.query(`SELECT ${COLUMNS} FROM control.tenants WHERE client_id = $1 FOR UPDATE`, [clientId]);
  return rows[0] === undefined ? undefined : tenantRowSchema.parse(rows[0]);
}

/** Frees a tenant's token for others. */
export async function forgetToken(db: Queryable, clientId: string): Promise<void> {
  await db.query(
    'UPDATE control.tenants SET token_sealed = NULL, token_fingerprint = NULL, updated_at = now() WHERE client_id = $1',
    [clientId],
  );
}

/** The key of the alert about one client. */
export function clientAlert(clientId: string): string {
  return `client ${clientId}`;
}

/** Puts a tenant into another desired state, out of the queue, with its audit row. */
export async function setTenantState(
  tx: Queryable,
  clientId: string,
  state: TenantState,
  change: { readonly actor: string; readonly reason: string },
): Promise<void> {
  const before = await getTenant(tx, clientId, true);
  // Whoever decides about a client has seen what was wrong with it.
  await resolveAlert(tx, clientAlert(clientId));
  await tx.query('UPDATE control.tenants SET state = $2, queued_at = NULL, updated_at = now() WHERE client_id = $1', [
    clientId,
    state,
  ]);
  await writeAudit(
    tx,
    change.actor,
    `tenant.${state}`,
    clientId,
    { state: before.state },
    { state, reason: change.reason },
  );
}

/** Puts an active tenant into the queue for a free bot, from this many milliseconds from now on. */
export async function queueTenant(db: Queryable, clientId: string, delayMs: number): Promise<void> {
  await db.query(
    `UPDATE control.tenants SET queued_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE client_id = $1 AND state = 'active' AND queued_at IS NULL AND NOT EXISTS (
       SELECT FROM control.activations WHERE client_id = $1 AND ended_at IS NULL)`,
    [clientId, delayMs],
  );
}

/**
 * Queues tenants that are wanted active and have neither bot nor place in the queue: whoever was to see to it died on
 * the way. `graceMs`: how long that may take.
 */
export async function queueStranded(db: Queryable, graceMs: number): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE control.tenants t SET queued_at = clock_timestamp()
     WHERE state = 'active' AND queued_at IS NULL AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
       AND NOT EXISTS (
         SELECT FROM control.activations a
         WHERE a.client_id = t.client_id
           AND (a.ended_at IS NULL OR a.ended_at > clock_timestamp() - $1 * interval '1 millisecond'))`,
    [graceMs],
  );
  return rowCount;
}

/** Tenants whose turn has come, longest waiting first. */
export async function dueTenants(db: Queryable, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ client_id: string }>(
    `SELECT client_id FROM control.tenants t
     WHERE queued_at <= clock_timestamp() AND state = 'active' AND NOT EXISTS (
       SELECT FROM control.activations a WHERE a.client_id = t.client_id AND a.ended_at IS NULL)
     ORDER BY queued_at LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.client_id);
}

/** Appends one row to the audit. Values must be free of secrets. `source`: from where it came; null is the system. */
export async function writeAudit(
  db: Queryable,
  actor: string,
  action: string,
  target: string,
  before: object | null,
  after: object | null,
  source: string | null = null,
): Promise<void> {
  await db.query(
    'INSERT INTO control.audit (actor, action, target, before, after, source) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      actor,
      action,
      target,
      before === null ? null : JSON.stringify(before),
      after === null ? null : JSON.stringify(after),
      source,
    ],
  );
}
