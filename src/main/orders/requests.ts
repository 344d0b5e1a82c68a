/** What buyers ask for about their bots: suspend, resume, another token, their data, the end. */
import * as z from 'zod';
import { requestTokenPlace } from '#core/billing/box.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { getTenant, type Tenant, tokenPlace } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES } from '#shared/errors/codes.ts';
import { BUYER_ACTIONS } from '#shared/state/order-state.ts';
import { acting, type SalesContext, WORKER } from './context.ts';
import { pauseAfter } from './rules.ts';

const requestSchema = z.object({
  id: z.string(),
  client_id: z.string(),
  buyer_id: z.coerce.number(),
  action: z.enum(BUYER_ACTIONS),
  token_boxed: z.string().nullable(),
  state: z.string(),
  tries: z.number(),
});

type RequestRow = z.infer<typeof requestSchema>;

const MOST_TRIES = 8;

/** Does what one request asks for. */
export async function tendRequest(context: SalesContext, id: string): Promise<void> {
  const { rows } = await context.database.query(
    `UPDATE control.buyer_requests SET tries = tries + 1 WHERE id = $1
     RETURNING ${Object.keys(requestSchema.shape).join(', ')}`,
    [id],
  );
  const request = requestSchema.parse(rows[0]);
  if (request.state !== 'open') return;
  try {
    const result = await carryOut(context, request);
    await settle(context, request, 'done', null, result);
  } catch (error) {
    await failed(context, request, error);
  }
}

async function carryOut(context: SalesContext, request: RequestRow): Promise<Buffer | null> {
  const { client_id: clientId, buyer_id: buyer } = request;
  const actor = `buyer:${buyer}`;
  const tenant = await getTenant(context.database, clientId);
  switch (request.action) {
    case 'suspend':
      await context.pool.deactivateBot(clientId, { actor, reason: 'asked for by its owner' });
      return null;
    case 'resume':
      await resume(context, tenant, await storedToken(context, clientId), actor);
      return null;
    case 'new_token': {
      const token = context.box.open(request.token_boxed ?? '', requestTokenPlace(request.id));
      if (tenant.state === 'active') await context.pool.deactivateBot(clientId, { actor, reason: 'another token' });
      await resume(context, tenant, token, actor);
      return null;
    }
    case 'export':
      return await exportTenant(context.database, tenant);
    case 'delete': {
      await context.pool.deleteTenant(clientId, { actor, reason: 'asked for by its owner', keepData: false });
      return null;
    }
  }
}

async function resume(context: SalesContext, tenant: Tenant, token: string, actor: string): Promise<void> {
  const { clientId, company, kind, locale, timeZone, ownerId } = tenant;
  try {
    await context.pool.activateBot({ clientId, token, company, kind, locale, timeZone, ownerId }, actor);
  } catch (error) {
    // It is queued, and served by itself: what was asked for is on its way.
    if (!isBotpoolError(error, 'pool_empty')) throw error;
  }
}

async function storedToken(context: SalesContext, clientId: string): Promise<string> {
  const { rows } = await context.database.query<{ token_sealed: string | null }>(
    'SELECT token_sealed FROM control.tenants WHERE client_id = $1',
    [clientId],
  );
  return context.vault.open(rows[0]?.token_sealed ?? '', tokenPlace(clientId));
}

/** Every table of a client's schema as JSON, read in one snapshot. */
async function exportTenant(database: SalesContext['database'], tenant: Tenant): Promise<Buffer> {
  return await database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await tx.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY 1`,
      [tenant.clientId],
    );
    const tables: Record<string, unknown> = {};
    for (const { name } of rows) tables[name] = await rowsOf(tx, tenant.clientId, name);
    const { clientId, company, kind, locale, timeZone } = tenant;
    return Buffer.from(JSON.stringify({ clientId, company, kind, locale, timeZone, tables }, undefined, 1));
  });
}

async function rowsOf(tx: Queryable, clientId: string, table: string): Promise<unknown> {
  // The id has passed its pattern, and the table's name is quoted by PostgreSQL.
  const { rows } = await tx.query<{ all: unknown }>(
    `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') AS all FROM ${clientId}.${table} t`,
  );
  return rows[0]?.all;
}

async function settle(
  context: SalesContext,
  request: RequestRow,
  state: 'done' | 'failed',
  outcome: string | null,
  result: Buffer | null,
): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    await tx.query(
      `UPDATE control.buyer_requests SET state = $2, outcome = $3, result = $4, next_at = NULL, token_boxed = NULL,
         done_at = clock_timestamp() WHERE id = $1 AND state = 'open'`,
      [request.id, state, outcome, result],
    );
  });
}

async function failed(context: SalesContext, request: RequestRow, error: unknown): Promise<void> {
  const code = isBotpoolError(error) ? error.code : 'internal';
  if (code === 'control_plane_unreachable') return;
  context.logger.warn({ err: error, client_id: request.client_id, action: request.action }, 'a buyer’s wish failed');
  if (ERROR_CODES[code].retry === 'never' || request.tries >= MOST_TRIES) {
    await settle(context, request, 'failed', code, null);
    return;
  }
  await context.database.query(
    `UPDATE control.buyer_requests SET next_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`,
    [request.id, pauseAfter(request.tries)],
  );
}
