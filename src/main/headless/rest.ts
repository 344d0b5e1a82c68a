/** Serves the contract as REST below `/api/v1`, and describes it as OpenAPI 3.1 at `/api/openapi.json`. */
import { SmartCoercionPlugin } from '@orpc/json-schema';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contract } from '#shared/api/contract.ts';
import { FAILURE, failureSchema } from '#shared/api/failure.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { describeError } from '#shared/texts/translate.ts';
import type { createRouter } from '../api/router.ts';

const PREFIX = '/api/v1';
const converters = { schemaConverters: [new ZodToJsonSchemaConverter()] };

/** Adds the routes. Who may call which procedure is decided by the router, like for every other face. */
export function addRest(app: FastifyInstance, router: ReturnType<typeof createRouter>): void {
  const handler = new OpenAPIHandler(router, {
    // What stands in an address is text; the contract says what it means.
    plugins: [new SmartCoercionPlugin(converters)],
    customErrorResponseBodyEncoder: (error) => failureBody(error.code === FAILURE ? error.data : undefined),
  });
  const policy = { access: 'read' } as const;
  let document: Promise<object> | undefined;
  app.get('/api/openapi.json', { config: { policy } }, async (_request, reply) => {
    document ??= describeApi();
    return await reply.header('cache-control', 'no-cache').send(await document);
  });
  app.register((api, _options, done) => {
    // The handler reads bodies itself, by the contract.
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null, undefined));
    api.all(`${PREFIX}/*`, { config: { policy } }, async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store');
      const { matched } = await handler.handle(request, reply, {
        prefix: PREFIX,
        context: { caller: request.identity?.caller },
      });
      if (matched) return;
      const route = `${request.method} ${request.url.split('?')[0]?.slice(0, 100)}`;
      throw new BotpoolError('route_unknown', { route });
    });
    done();
  });
}

/** What a failed call answers: the code with its facts, and a sentence for people. */
function failureBody(data: unknown): object | undefined {
  const failure = failureSchema.safeParse(data).data;
  if (failure === undefined) return undefined;
  return { ...failure, message: describeError(failure.code, failure.data, 'en', 'operator') };
}

/** The description of the whole contract. */
export async function describeApi(): Promise<object> {
  const generator = new OpenAPIGenerator(converters);
  const document = await generator.generate(contract, {
    info: {
      title: 'Botpool',
      version: '1',
      description:
        'Tokens: npx botpool tokens create. Failures answer {code, data, message}; docs/errors.md lists codes.',
    },
    servers: [{ url: PREFIX }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
  for (const operations of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(operations ?? {})) describeFailure(operation);
  }
  return document;
}

const FAILURE_RESPONSE = {
  description: 'A failure: 400 bad input, 401 nobody, 403 not allowed, 404 unknown, 409 in the way, 503 later, 500 bug',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['code', 'data', 'message'],
        properties: { code: { type: 'string' }, data: { type: 'object' }, message: { type: 'string' } },
      },
    },
  },
};

/** One form for all of them, whatever the status. */
function describeFailure(operation: unknown): void {
  if (typeof operation !== 'object' || operation === null || !('responses' in operation)) return;
  const responses = operation.responses as Record<string, unknown>;
  delete responses['500'];
  responses['default'] = FAILURE_RESPONSE;
}
