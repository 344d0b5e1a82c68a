/**
 * The two servers of the gateway: webhooks of providers, and its own health. It writes one row into an inbox and answers;
 * whoever acts on the row asks the provider itself what is true.
 */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { type Hint, PROVIDERS, type Provider } from './providers.ts';
import { isWithin, parseRanges, type Range, senderOf } from './sender.ts';

/** What a gateway works with. */
export interface GatewayOptions {
  /** Under a login that may drop hints and nothing else. */
  readonly database: Queryable;
  readonly logger: Logger;
  /** Our own proxies: the only ones whose word about a sender counts. */
  readonly proxies: readonly Range[];
}

/** Both servers, not listening yet. */
export interface Gateway {
  readonly webhooks: FastifyInstance;
  readonly health: FastifyInstance;
}

/** A notification has a few kilobytes. */
const BODY_LIMIT = 65_536;
const REQUEST_MS = 10_000;
const LIMITS = { bodyLimit: BODY_LIMIT, requestTimeout: REQUEST_MS, connectionTimeout: 2 * REQUEST_MS } as const;

/** Builds both servers. */
export function createGateway(options: GatewayOptions): Gateway {
  const webhooks = bare();
  for (const provider of PROVIDERS) addProvider(webhooks, provider, options);
  return { webhooks, health: healthServer(options) };
}

/** A server that says nothing about itself and takes nothing but JSON. */
function bare(): FastifyInstance {
  const app = fastify({ ...LIMITS, logger: false, exposeHeadRoutes: false, forceCloseConnections: true });
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler(async (_request, reply) => await reply.code(404).send());
  app.setErrorHandler(async (error, _request, reply) => await reply.code(statusOf(error)).send());
  return app;
}

/** Fastify's refusals (too large, no JSON, …) carry their status; anything else is for the provider to try again. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 503;
}

function addProvider(app: FastifyInstance, provider: Provider, options: GatewayOptions): void {
  const senders = parseRanges(provider.senders);
  const { logger, database, proxies } = options;
  const refuse = (request: FastifyRequest, why: string): void =>
    logger.warn({ provider: provider.name, sender: sender(request) ?? 'unknown', why }, 'a notification was refused');
  const sender = ({ socket, headers }: FastifyRequest): string | undefined => {
    const forwarded = headers['x-forwarded-for'];
    return senderOf(socket.remoteAddress ?? '', Array.isArray(forwarded) ? forwarded.join(',') : forwarded, proxies);
  };
  app.route({
    method: 'POST',
    url: provider.path,
    // Before the body is read: a stranger costs nothing.
    onRequest: async (request, reply) => {
      const from = sender(request);
      if (from !== undefined && isWithin(from, senders)) return;
      refuse(request, 'not one of its senders');
      await reply.code(403).send();
    },
    handler: async (request, reply) => {
      const hint = provider.read(request.body);
      if (hint === undefined) {
        refuse(request, 'not understood');
        return await reply.code(400).send();
      }
      try {
        await take(database, provider.name, hint, sender(request) ?? null);
      } catch (error) {
        logger.warn({ err: error, provider: provider.name }, 'a notification was not written down; it comes again');
        return await reply.code(503).send();
      }
      return await reply.code(200).send();
    },
  });
}

async function take(database: Queryable, provider: string, hint: Hint, sender: string | null): Promise<void> {
  await database.query('SELECT control.gateway_take_hint($1, $2, $3, $4)', [
    provider,
    hint.event,
    hint.objectId,
    sender,
  ]);
}

/** 200 while notifications can be written down, 503 otherwise. */
function healthServer({ database, logger }: GatewayOptions): FastifyInstance {
  const app = bare();
  app.get('/health', async (_request, reply) => {
    try {
      const { rows } = await database.query<{ ready: boolean }>('SELECT control.gateway_ready() AS ready');
      const ready = rows[0]?.ready === true;
      return await reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'inbox not ready' });
    } catch (error) {
      logger.warn({ err: error }, 'the inbox does not answer');
      return await reply.code(503).send({ status: 'postgres_unreachable' });
    }
  });
  return app;
}
