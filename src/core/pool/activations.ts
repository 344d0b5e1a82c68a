/** The register of activations in PostgreSQL: which process serves which tenant, since when, and how it ended. */
import { z } from 'zod';
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
    dropPending: row.drop_pending_updates,
    deliveries: row.deliveries,
    claimedAt: row.claimed_at,
    acknowledgedAt: row.acknowledged_at,
  }));

/** One activation as PostgreSQL knows it. */
export type Activation = z.output<typeof activationRowSchema>;

const COLUMNS = `id, client_id, fence, container, boot_id, public_key, state, outcome, stages, credentials_sealed,
  drop_pending_updates, deliveries, claimed_at, acknowledged_at`;

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

/** The open activation of one container. */
export async function findOpenByContainer(db: Queryable, container: string): Promise<Activation | undefined> {
  return await findOne(db, 'container = $1 AND ended_at IS NULL', container);
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

/** Keeps the credentials of an activation, sealed, so that any control plane can deliver it again. */
export async function storeCredentials(
  db: Queryable,
  vault: Vault,
  activationId: string,
  credentials: TenantCredentials,
): Promise<void> {
  const sealed = vault.seal(JSON.stringify(credentials), credentialsPlace(activationId));
  await db.query('UPDATE control.activations SET credentials_sealed = $2 WHERE id = $1', [activationId, sealed]);
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

/** Records that a claimed activation serves its tenant. Returns false when it was settled before (by anybody). */
export async function settleActive(db: Queryable, id: string, details: Acknowledgement): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH settled AS (
       UPDATE control.activations SET state = 'active', outcome = 'active', acknowledged_at = clock_timestamp(),
         stages = stages || $2
       WHERE id = $1 AND state = 'claimed' RETURNING client_id)
     UPDATE control.tenants t SET first_active_at = coalesce(first_active_at, now()), bot_username = coalesce($3, bot_username),
       bot_id = coalesce($4, bot_id), queued_at = NULL, updated_at = now()
     FROM settled WHERE t.client_id = settled.client_id`,
    [id, JSON.stringify(details.stages ?? {}), details.username ?? null, details.bot_id ?? null],
  );
  return rowCount === 1;
}

/** Ends an open activation. Returns false when it had ended before (by anybody). */
export async function endActivation(
  db: Queryable,
  id: string,
  state: 'ended' | 'failed',
  outcome: Outcome | 'deactivated',
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE control.activations SET state = $2, outcome = $3, ended_at = clock_timestamp(), credentials_sealed = NULL
     WHERE id = $1 AND ended_at IS NULL`,
    [id, state, outcome],
  );
  return rowCount === 1;
}
