/**
 * Plays one activation and one `/start` through before anybody waits for it: with the real database, the real Redis and
 * a Telegram of one's own on loopback. Code that has run once answers several times faster; nothing of it stays but that.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REHEARSAL_LOGIN, rehearsalName } from '#shared/util/rehearsal.ts';
import { startTenantBot } from './activation.ts';
import type { RuntimeClock } from './clock.ts';
import type { BotRuntimeConfig } from './config.ts';
import type { BotKind, KindLogger } from './kind.ts';

/** What a rehearsal is made of. */
export interface RehearsalOptions {
  readonly runtime: BotRuntimeConfig;
  readonly kind: BotKind;
  readonly clock: RuntimeClock;
  readonly logger: KindLogger;
}

const LIMIT_MS = 5_000;
/** One pass in each language; the second runs what the first one compiled, and finds its inline caches filled. */
const PASSES = ['ru', 'en'] as const;

/** Rehearses. Never fails: a bot that could not rehearse is only slower once. */
export async function rehearse(options: RehearsalOptions): Promise<void> {
  const { logger, clock } = options;
  if (options.runtime.rehearsalPassword === undefined) return;
  const begun = clock.monotonic();
  try {
    for (const locale of PASSES) await playOnce(options, locale);
    logger.info({ ms: Math.round(clock.monotonic() - begun) }, 'rehearsed');
  } catch (error) {
    logger.warn({ err: error }, 'the rehearsal failed; the first activation will be slower');
  }
}

async function playOnce(options: RehearsalOptions, locale: (typeof PASSES)[number]): Promise<void> {
  const { runtime, kind, clock, logger } = options;
  const quiet: KindLogger = {
    info: () => undefined,
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
  const name = rehearsalName(runtime.poolId);
  const stage = await openStage(runtime.poolId * PASSES.length + PASSES.indexOf(locale), locale, clock.now());
  const bot = await startTenantBot({
    // Without limits: the customer of the second pass would be told to wait, and that of the next start nothing at all.
    runtime: {
      ...runtime,
      telegramApiRoot: stage.url,
      limits: { ...runtime.limits, rateLimitMessageSeconds: 0, rateLimitCallbackSeconds: 0 },
    },
    config: {
      activation_id: name,
      client_id: name,
      fence: 0,
      kind: kind.name,
      company: name,
      locale,
      time_zone: 'UTC',
      owner_id: 1,
      token: `1:${'rehearsal'.repeat(4)}`,
      token_fingerprint: name,
      drop_pending_updates: false,
      postgres: { user: REHEARSAL_LOGIN, password: runtime.rehearsalPassword ?? '' },
      redis: { user: runtime.redis.username, password: runtime.redis.password },
    },
    holder: name,
    kind,
    clock,
    logger: quiet,
  }).catch((error: unknown) => {
    stage.close();
    throw error;
  });
  try {
    const timeout = clock.sleep(LIMIT_MS).then(() => {
      throw new Error(`no answer within ${LIMIT_MS} ms`);
    });
    await Promise.race([stage.answered, timeout]);
  } finally {
    await bot.stop();
    stage.close();
  }
}

interface Stage {
  readonly url: string;
  /** Resolves when the bot has answered. */
  readonly answered: Promise<void>;
  close(): void;
}

/** A Telegram with one customer, who says `/start`. */
async function openStage(customerId: number, language: string, now: number): Promise<Stage> {
  const answered = Promise.withResolvers<void>();
  const update = startUpdate(customerId, language, now);
  let told = false;
  let ended = false;
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    request.resume();
    request.once('end', () => {
      const polling = method === 'getUpdates';
      // The second poll waits, as polls do, until the bot has answered and ends it.
      if (polling && told && !ended) return;
      answer(response, polling ? (told ? [] : [update]) : ANSWERS[method]);
      told ||= polling;
      ended ||= method === 'sendMessage';
      if (ended) answered.resolve();
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return { url: `http://127.0.0.1:${portOf(server)}`, answered: answered.promise, close: () => closeStage(server) };
}

function closeStage(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const CHAT = { id: 1, type: 'private', first_name: 'Rehearsal' } as const;
const ME = { id: 1, is_bot: true, first_name: 'Rehearsal', username: 'rehearsal_bot' } as const;
const ANSWERS: Readonly<Record<string, unknown>> = {
  getMe: ME,
  sendMessage: { message_id: 2, from: ME, chat: CHAT, date: 0, text: 'Rehearsal' },
};

function startUpdate(customerId: number, language: string, now: number): object {
  const from = { id: customerId, is_bot: false, first_name: 'Rehearsal', language_code: language };
  return {
    update_id: now % 2_000_000_000,
    message: {
      message_id: 1,
      from,
      chat: { ...CHAT, id: customerId },
      date: Math.floor(now / 1_000),
      text: '/start',
      entities: [{ offset: 0, length: 6, type: 'bot_command' }],
    },
  };
}

function answer(response: ServerResponse, result: unknown = true): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ok: true, result }));
}
