/** Signing in and out of the panel: a one-time link or a password becomes a cookie that scripts cannot read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { closeSession, openSession } from '#core/access/sessions.ts';
import { checkPassword } from '#core/access/users.ts';
import type { Database } from '#core/postgres/database.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { sourceOf } from './guard.ts';
import { describe, type Identities } from './identity.ts';
import type { SignInBrake, Tickets } from './sign-in.ts';

/** What signing in needs. */
export interface SessionRoutesOptions {
  readonly database: Database;
  readonly identities: Identities;
  readonly tickets: Tickets;
  readonly brake: SignInBrake;
  readonly cookieName: string;
  /** The cookie goes over TLS only. */
  readonly secureCookie: boolean;
  /** Called when a session has ended, so that its connections end, too. */
  readonly onEnded: (hash: string) => void;
}

const ticketSchema = z.object({ ticket: z.string().min(1).max(200) });
const passwordSchema = z.object({
  name: z.string().trim().toLowerCase().min(1).max(40),
  password: z.string().min(1).max(1_000),
});

/** At most so many passwords are looked at together: each costs memory and time on purpose. */
const MOST_CHECKS = 2;

/** Adds the routes below `/session`. */
export function addSessionRoutes(app: FastifyInstance, options: SessionRoutesOptions): void {
  const { database, tickets, brake } = options;
  let checks = 0;
  const signIn = { config: { policy: 'sign-in' as const }, bodyLimit: 4_096 };
  const anybody = { config: { policy: { access: 'read' as const } } };

  app.post('/session/exchange', signIn, async (request, reply) => {
    const { ticket } = parse(ticketSchema, request.body);
    const keys = [`address ${request.ip}`];
    brake.check(keys);
    if (!tickets.redeem(ticket)) {
      brake.failed(keys);
      throw new BotpoolError('ticket_used', {});
    }
    return await begin(request, reply, null);
  });

  app.post('/session/password', signIn, async (request, reply) => {
    const { name, password } = parse(passwordSchema, request.body);
    const keys = [`address ${request.ip}`, `name ${name}`];
    brake.check(keys);
    if (checks >= MOST_CHECKS) throw new BotpoolError('sign_in_paused', { seconds: 1 });
    // Counted before it is known: a hundred guesses at once are a hundred, not one.
    brake.failed(keys);
    checks += 1;
    const user = await checkPassword(database, name, password).finally(() => {
      checks -= 1;
    });
    if (user === undefined) {
      await writeAudit(database, name, 'session.refuse', name, null, null, sourceOf(request));
      throw new BotpoolError('sign_in_failed', {});
    }
    brake.succeeded(keys);
    return await begin(request, reply, user.name);
  });

  app.get('/session', anybody, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return request.identity === undefined ? undefined : describe(request.identity);
  });

  app.delete('/session', anybody, async (request, reply) => {
    const { identity } = request;
    if (identity?.via === 'session') {
      await closeSession(database, identity.hash);
      await writeAudit(
        database,
        identity.caller.actor,
        'session.end',
        identity.caller.actor,
        null,
        null,
        sourceOf(request),
      );
      options.onEnded(identity.hash);
    }
    reply.header('set-cookie', cookie('', 0)).code(204);
  });

  async function begin(request: FastifyRequest, reply: FastifyReply, user: string | null): Promise<unknown> {
    const secret = await openSession(database, user, sourceOf(request));
    const identity = await options.identities.find({
      authorization: undefined,
      cookie: secret,
      source: sourceOf(request),
    });
    if (identity === undefined) throw new BotpoolError('signed_out', {});
    const { actor } = identity.caller;
    await writeAudit(
      database,
      actor,
      'session.begin',
      actor,
      null,
      { by: user === null ? 'link' : 'password' },
      sourceOf(request),
    );
    reply.header('set-cookie', cookie(secret, COOKIE_SECONDS)).header('cache-control', 'no-store');
    return describe(identity);
  }

  function cookie(value: string, seconds: number): string {
    const parts = [`${options.cookieName}=${value}`, 'HttpOnly', 'SameSite=Strict', 'Path=/', `Max-Age=${seconds}`];
    return [...parts, ...(options.secureCookie ? ['Secure'] : [])].join('; ');
  }
}

/** The server ends sessions earlier; this only keeps a browser from holding a dead one for ever. */
const COOKIE_SECONDS = 30 * 24 * 60 * 60;

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BotpoolError('input_invalid', {
    field: issue?.path.map(String).join('.') || 'request',
    problem: issue?.message ?? 'not understood',
  });
}
