/** The register of activations in PostgreSQL: which process serves which tenant, since when, and how it ended. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { TenantCredentials } from '#core/tenants/storage.ts';
import { type Acknowledgement, type Outcome, outcomeSchema, stageTimingsSchema } from '#shared/schemas/pool.ts';
import { ACTIVATION_STATES } from '#shared/state/tenant-state.ts';

const activationRowSchema = z
  .object({
    id: z.string(),
    client_id: z.string(),
    fence: z.coerce.number(),
    container: z.string(),
    boot_id: z.string(),
    public_key: z.string(),
    state: z.enum(ACTIVATION_STATES),
    outcome: z.string().nullable(),
    stages: stageTimingsSchema,
    credentials_sealed: z.string().nullable(),
    token_fingerprint: z.string().nullable(),
    drop_pending_updates: z.boolean(),
    deliveries: z.number(),
    claimed_at: z.date(),
    acknowledged_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    clientId: row.client_id,
    fence: row.fence,
    container: row.container,
    bootId: row.boot_id,
    publicKey: row.public_key,
    state: row.state,
    outcome: outcomeSchema.safeParse(row.outcome).data,
    stages: row.stages,
    credentialsSealed: row.credentials_sealed,
    tokenFingerprint: row.token_fingerprint,
    dropPending: row.drop_pending_updates,
    deliveries: row.deliveries,
    claimedAt: row.claimed_at,
    acknowledgedAt: row.acknowledged_at,
  }));

/** One activation as PostgreSQL knows it. */
export type Activation = z.output<typeof activationRowSchema>;

/** How an activation ended, for those who wait for it. */
export interface Settlement {
  readonly outcome: Outcome;
  readonly details: Acknowledgement;
}

/** What those who wait for this activation are to be told; `undefined` while it is under way. */
export function settlementOf({ state, outcome, clientId }: Activation): Settlement | undefined {
  if (state === 'claimed') return undefined;
  if (state === 'active') return { outcome: 'active', details: {} };
  if (outcome !== undefined && outcome !== 'active') return { outcome, details: {} };
  return { outcome: 'client_not_active', details: { data: { clientId, state: 'suspended' } } };
}

const COLUMNS = `id, client_id, fence, container, boot_id, public_key, state, outcome, stages, credentials_sealed,
  token_fingerprint, drop_pending_updates, deliveries, claimed_at, acknowledged_at`;

const credentialsSchema = z.object({ login: z.string(), postgresPassword: z.string(), redisPassword: z.string() });

/** Every activation that has not ended. */
export async function listOpen(db: Queryable): Promise<readonly Activation[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.activations WHERE ended_at IS NULL ORDER BY claimed_at`,
  );
  return rows.map((row) => activationRowSchema.parse(row));
}

/** The open activation of one tenant. */
export async function findOpen(db: Queryable, clientId: string): Promise<Activation | undefined> {
  return await findOne(db, 'client_id = $1 AND ended_at IS NULL', clientId);
}

/** The open activations of one container: its process serves one; one of an earlier process may not be ended yet. */
export async function listOpenOfContainer(db: Queryable, container: string): Promise<readonly Activation[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.activations WHERE container = $1 AND ended_at IS NULL`,
    [container],
  );
  return rows.map((row) => activationRowSchema.parse(row));
}

/** Activations of one container that ended in the last so many milliseconds. */
export async function listJustEnded(db: Queryable, container: string, ms: number): Promise<readonly Activation[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.activations
     WHERE container = $1 AND ended_at > clock_timestamp() - $2 * interval '1 millisecond'`,
    [container, ms],
  );
  return rows.map((row) => activationRowSchema.parse(row));
}

/** By container, how many activations ended after its instant otherwise than by the loss of their process. */
export async function countSentHome(
  db: Queryable,
  since: ReadonlyMap<string, Date>,
): Promise<ReadonlyMap<string, number>> {
  if (since.size === 0) return new Map();
  const { rows } = await db.query<{ container: string; count: number }>(
    `SELECT container, count(*)::int FROM control.activations
     JOIN unnest($1::text[], $2::timestamptz[]) AS looked (container, at) USING (container)
     WHERE ended_at > looked.at AND outcome <> 'bot_lost' GROUP BY container`,
    [[...since.keys()], [...since.values()]],
  );
  return new Map(rows.map(({ container, count }) => [container, count]));
}

/** The activation that one process was claimed for, ended or not. */
export async function findOfProcess(db: Queryable, container: string, bootId: string): Promise<Activation | undefined> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM control.activations WHERE container = $1 AND boot_id = $2`, [
    container,
    bootId,
  ]);
  return rows[0] === undefined ? undefined : activationRowSchema.parse(rows[0]);
}

/** Those of these processes whose one activation is over. */
export async function listUsed(
  db: Queryable,
  processes: readonly { readonly container: string; readonly bootId: string }[],
): Promise<readonly { readonly container: string; readonly bootId: string }[]> {
  if (processes.length === 0) return [];
  const { rows } = await db.query<{ container: string; boot_id: string }>(
    `SELECT container, boot_id FROM control.activations JOIN unnest($1::text[], $2::text[]) AS p (container, boot_id)
       USING (container, boot_id) WHERE ended_at IS NOT NULL`,
    [processes.map(({ container }) => container), processes.map(({ bootId }) => bootId)],
  );
  return rows.map(({ container, boot_id }) => ({ container, bootId: boot_id }));
}

/**
 * Open activations of tenants that nobody wants active any more, left by a call that died. `graceMs`: how long the call
 * may take that is ending them properly.
 */
export async function listUnwanted(db: Queryable, graceMs: number): Promise<readonly Activation[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.activations WHERE ended_at IS NULL AND client_id IN (
       SELECT client_id FROM control.tenants
       WHERE state <> 'active' AND updated_at < clock_timestamp() - $1 * interval '1 millisecond')`,
    [graceMs],
  );
  return rows.map((row) => activationRowSchema.parse(row));
}

/** One activation, ended ones too. */
export async function findActivation(db: Queryable, id: string): Promise<Activation | undefined> {
  return await findOne(db, 'id = $1', id);
}

async function findOne(db: Queryable, condition: string, value: string): Promise<Activation | undefined> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM control.activations WHERE ${condition}`, [value]);
  return rows[0] === undefined ? undefined : activationRowSchema.parse(rows[0]);
}

function credentialsPlace(activationId: string): string {
  return `activation:${activationId}:credentials`;
}

/**
 * Keeps the credentials of an activation, sealed, so that any control plane can deliver it again. False when it has some
 * already or is over: then these are void, and the caller's transaction is to be undone.
 */
export async function storeCredentials(
  db: Queryable,
  vault: Vault,
  activationId: string,
  credentials: TenantCredentials,
): Promise<boolean> {
  const sealed = vault.seal(JSON.stringify(credentials), credentialsPlace(activationId));
  const { rowCount } = await db.query(
    `UPDATE control.activations a SET credentials_sealed = $2, token_fingerprint = t.token_fingerprint
     FROM control.tenants t WHERE t.client_id = a.client_id AND a.id = $1 AND a.ended_at IS NULL
       AND a.credentials_sealed IS NULL`,
    [activationId, sealed],
  );
  return rowCount > 0;
}

/** The credentials of an activation whose storage has been opened, else `undefined`. */
export function openCredentials(vault: Vault, activation: Activation): TenantCredentials | undefined {
  if (activation.credentialsSealed === null) return undefined;
  return credentialsSchema.parse(JSON.parse(vault.open(activation.credentialsSealed, credentialsPlace(activation.id))));
}

/** Notes one delivery; returns how often this activation has been delivered. */
export async function countDelivery(db: Queryable, id: string, stages: Activation['stages']): Promise<void> {
  await db.query(
    `UPDATE control.activations SET deliveries = deliveries + 1, delivered_at = clock_timestamp(), stages = stages || $2
     WHERE id = $1`,
    [id, JSON.stringify(stages)],
  );
}

const settledSchema = z.enum(['settled', 'active', 'over']);

/**
 * Records that a claimed activation serves its tenant. `active`: that was known before; `over`: it has ended, so
 * whoever says that it serves must stop.
 */
export async function settleActive(
  db: Queryable,
  id: string,
  details: Acknowledgement,
): Promise<z.infer<typeof settledSchema>> {
  const { rows } = await db.query('SELECT control.settle_active($1, $2, $3, $4) AS settled', [
    id,
    JSON.stringify(details.stages ?? {}),
    details.username ?? null,
    details.bot_id ?? null,
  ]);
  return settledSchema.parse(rows[0]?.['settled']);
}

/** Ends an open activation and the right to log in of its fence. Returns false when it had ended before (by anybody). */
export async function endActivation(
  db: Queryable,
  id: string,
  state: 'ended' | 'failed',
  outcome: Outcome | 'deactivated',
): Promise<boolean> {
  const { rows } = await db.query('SELECT control.end_activation($1, $2, $3) AS ended', [id, state, outcome]);
  return rows[0]?.['ended'] === true;
}
