/** What buyers ask for about their bots: suspend, resume, another token, their data, the end. */
import * as z from 'zod';
import { requestTokenPlace } from '#core/billing/box.ts';
import { exportTenant } from '#core/tenants/export.ts';
import { getTenant } from '#core/tenants/tenants.ts';
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
  switch (request.action) {
    case 'suspend':
      await context.pool.deactivateBot(clientId, { actor, reason: 'asked for by its owner' });
      return null;
    case 'resume':
      await onItsWay(context.pool.resumeBot(clientId, actor));
      return null;
    case 'new_token': {
      const token = context.box.open(request.token_boxed ?? '', requestTokenPlace(request.id));
      await onItsWay(context.pool.changeToken({ clientId, token }, actor));
      return null;
    }
    case 'export':
      return Buffer.from(await exportTenant(context.database, await getTenant(context.database, clientId)));
    case 'delete': {
      await context.pool.deleteTenant(clientId, { actor, reason: 'asked for by its owner', keepData: false });
      return null;
    }
  }
}

/** A client that no bot is free for is queued, and served by itself: what was asked for is on its way. */
async function onItsWay(activation: Promise<unknown>): Promise<void> {
  try {
    await activation;
  } catch (error) {
    if (!isBotpoolError(error, 'pool_empty')) throw error;
  }
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
