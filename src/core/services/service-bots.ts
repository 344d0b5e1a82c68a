/**
 * The register of the installation's own bots in PostgreSQL: whose token, which process, under which fence. They live
 * by the rules of tenants' bots: PostgreSQL decides, Redis delivers, and every process gets logins that no other has.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { scramVerifier } from '#core/secrets/scram.ts';
import { tokenFingerprint, type Vault } from '#core/secrets/vault.ts';
import { createCredentials, type TenantCredentials } from '#core/tenants/storage.ts';

/** The bots of an installation: each has a schema, a role and a prefix of this name. */
export const SERVICE_NAMES = ['sales_bot', 'master_bot'] as const;

/** See {@link SERVICE_NAMES}. */
export type ServiceName = (typeof SERVICE_NAMES)[number];

const rowSchema = z
  .object({
    name: z.enum(SERVICE_NAMES),
    fence: z.coerce.number(),
    token_sealed: z.string().nullable(),
    token_fingerprint: z.string().nullable(),
    bot_username: z.string().nullable(),
    activation_id: z.string().nullable(),
    boot_id: z.string().nullable(),
    credentials_sealed: z.string().nullable(),
    state: z.enum(['idle', 'claimed', 'active', 'failed']),
    outcome: z.string().nullable(),
    first_active_at: z.date().nullable(),
    changed_at: z.date(),
  })
  .transform((row) => ({
    name: row.name,
    fence: row.fence,
    tokenSealed: row.token_sealed,
    tokenFingerprint: row.token_fingerprint,
    botUsername: row.bot_username,
    activationId: row.activation_id,
    bootId: row.boot_id,
    credentialsSealed: row.credentials_sealed,
    state: row.state,
    outcome: row.outcome,
    firstActiveAt: row.first_active_at,
    changedAt: row.changed_at,
  }));

/** One bot as PostgreSQL knows it. */
export type ServiceBot = z.output<typeof rowSchema>;

const credentialsSchema = z.object({ login: z.string(), postgresPassword: z.string(), redisPassword: z.string() });

/** One bot of the installation. */
export async function getServiceBot(db: Queryable, name: ServiceName): Promise<ServiceBot> {
  const { rows } = await db.query('SELECT * FROM control.service_bots WHERE name = $1', [name]);
  return rowSchema.parse(rows[0]);
}

/** Stores the token of a bot; another one than before makes its process start anew. True when it was another one. */
export async function storeServiceToken(
  db: Queryable,
  vault: Vault,
  name: ServiceName,
  token: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE control.service_bots SET token_sealed = $2, token_fingerprint = $3, first_active_at = NULL, outcome = NULL,
       changed_at = clock_timestamp()
     WHERE name = $1 AND token_fingerprint IS DISTINCT FROM $3`,
    [name, vault.seal(token, tokenPlace(name)), tokenFingerprint(token)],
  );
  return rowCount > 0;
}

/** The token of a bot. Fails with `secret_unreadable`. */
export function openServiceToken(vault: Vault, bot: ServiceBot): string | undefined {
  return bot.tokenSealed === null ? undefined : vault.open(bot.tokenSealed, tokenPlace(bot.name));
}

/** Gives the next fence to this process; `undefined` when it is this process's already. */
export async function claimService(
  db: Queryable,
  name: ServiceName,
  process: { readonly activationId: string; readonly container: string; readonly bootId: string },
): Promise<number | undefined> {
  const { activationId, container, bootId } = process;
  const { rows } = await db.query('SELECT control.claim_service($1, $2, $3, $4) AS fence', [
    name,
    activationId,
    container,
    bootId,
  ]);
  return z.coerce
    .number()
    .optional()
    .parse(rows[0]?.['fence'] ?? undefined);
}

/** The logins of the newest fence, made at the first call; every earlier one is ended before this resolves. */
export async function openService(database: Database, vault: Vault, bot: ServiceBot): Promise<TenantCredentials> {
  const kept = openServiceCredentials(vault, bot);
  if (kept !== undefined) return kept;
  const fresh = createCredentials(bot.name, bot.fence);
  await database.transaction(async (tx) => {
    await tx.query('SELECT control.open_service($1, $2, $3)', [
      bot.name,
      bot.fence,
      scramVerifier(fresh.postgresPassword),
    ]);
    await tx.query('UPDATE control.service_bots SET credentials_sealed = $3 WHERE name = $1 AND fence = $2', [
      bot.name,
      bot.fence,
      vault.seal(JSON.stringify(fresh), credentialsPlace(bot)),
    ]);
  });
  return fresh;
}

/** The logins of the newest fence, when they have been made. */
export function openServiceCredentials(vault: Vault, bot: ServiceBot): TenantCredentials | undefined {
  if (bot.credentialsSealed === null) return undefined;
  return credentialsSchema.parse(JSON.parse(vault.open(bot.credentialsSealed, credentialsPlace(bot))));
}

/** Writes down how the newest fence's start went; false when another has begun meanwhile. */
export async function settleService(
  db: Queryable,
  bot: ServiceBot,
  outcome: string,
  told: { readonly username?: string | undefined; readonly botId?: number | undefined } = {},
): Promise<boolean> {
  const active = outcome === 'active';
  const { rowCount } = await db.query(
    `UPDATE control.service_bots SET state = $3, outcome = $4, bot_username = coalesce($5, bot_username),
       bot_id = coalesce($6, bot_id), first_active_at = CASE WHEN $7 THEN coalesce(first_active_at, now()) ELSE first_active_at END,
       changed_at = clock_timestamp()
     WHERE name = $1 AND activation_id = $2 AND state = 'claimed'`,
    [
      bot.name,
      bot.activationId,
      active ? 'active' : 'failed',
      outcome,
      told.username ?? null,
      told.botId ?? null,
      active,
    ],
  );
  return rowCount > 0;
}

function tokenPlace(name: ServiceName): string {
  return `service:${name}:token`;
}

function credentialsPlace(bot: ServiceBot): string {
  return `service:${bot.name}:credentials:${bot.fence}`;
}
