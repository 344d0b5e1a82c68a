/**
 * The gateway: what providers call. A notification is a hint that goes into the inbox in PostgreSQL, once, before it is
 * answered; nothing that it says is believed. Nothing else can be reached here.
 */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { isWithin, type Ranges, senderOf, YOOKASSA_RANGES } from './source-address.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly healthPort: number;
  readonly trusted: Ranges;
  /** Under the gateway's own login, which may drop hints and nothing else. */
  readonly database: Queryable;
  readonly logger: Logger;
}

/** A running gateway. */
export interface Gateway {
  readonly port: number;
  readonly healthPort: number;
  close(): Promise<void>;
}

/** What an inbox needs to know of a notification of YooKassa; the rest of it is fetched there. */
const notificationSchema = z.object({
  type: z.literal('notification'),
  event: z.string().regex(/^[a-z_]{1,32}\.[a-z_]{1,31}$/),
  object: z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) }),
});

const LARGEST_BODY = 64 * 1024;
const REQUEST_MS = 10_000;

/** Starts it. Fails when a port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const webhooks = server();
  webhooks.post('/yookassa', (request, reply) => takeNotification(options, request, reply));
  const health = server();
  // Alive: the loop turns. Ready: a hint would reach the inbox.
  health.get('/health', (_request, reply) => reply.send({ alive: true }));
  health.get('/ready', async (_request, reply) => {
    const ready = await isReady(options.database);
    return await reply.code(ready ? 200 : 503).send({ ready });
  });
  const { host } = options;
  try {
    await webhooks.listen({ host, port: options.port });
    await health.listen({ host, port: options.healthPort });
  } catch (error) {
    await webhooks.close();
    throw error;
  }
  return {
    port: portOf(webhooks),
    healthPort: portOf(health),
    async close() {
      await Promise.all([webhooks.close(), health.close()]);
    },
  };
}

function server(): FastifyInstance {
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_MS,
    logger: false,
    forceCloseConnections: true,
  });
  app.setErrorHandler((error: { readonly statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status >= 400 && status < 500 ? status : 503).send();
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  return app;
}

/** 200 means: it is in the inbox. Anything else is sent again by the provider. */
async function takeNotification(
  { database, logger, trusted }: GatewayOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const header = request.headers['x-forwarded-for'];
  const forwarded = Array.isArray(header) ? header.join(',') : header;
  const sender = senderOf(request.socket.remoteAddress ?? '', forwarded, trusted);
  if (sender === undefined || !isWithin(sender, YOOKASSA_RANGES)) {
    logger.warn({ sender: sender ?? 'unknown' }, 'a notification of a stranger was refused');
    return await reply.code(403).send();
  }
  const parsed = notificationSchema.safeParse(request.body);
  if (!parsed.success) {
    logger.warn({ sender }, 'a notification could not be understood');
    return await reply.code(400).send();
  }
  const { event, object } = parsed.data;
  try {
    await database.query('SELECT control.gateway_take_hint($1, $2, $3, $4)', ['yookassa', event, object.id, sender]);
  } catch (error) {
    logger.error({ err: error, event }, 'a notification could not be written down; it is sent again');
    return await reply.code(503).send();
  }
  return await reply.code(200).send();
}

async function isReady(database: Queryable): Promise<boolean> {
  try {
    const { rows } = await database.query<{ ready: boolean }>('SELECT control.gateway_ready() AS ready');
    return rows[0]?.ready === true;
  } catch {
    return false;
  }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
