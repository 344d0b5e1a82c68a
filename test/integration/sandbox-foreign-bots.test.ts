/** Programs that know nothing of us work with the simulated Telegram: grammY's, bare fetch, receivers of webhooks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bot, InlineKeyboard, InputFile } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '#sandbox/clock.ts';
import { call, chat, client, sandbox, setUp, shop } from './sandbox-world.ts';

describe('a bot written with grammY', () => {
  beforeEach(() => setUp());

  it('works unchanged but for the base URL', async () => {
    const bot = new Bot(shop.token, { client: { apiRoot: sandbox.telegramApiRoot } });
    bot.command('start', (context) =>
      context.reply(`Hello, ${context.match}`, { reply_markup: new InlineKeyboard().text('Book', 'book') }),
    );
    bot.callbackQuery('book', async (context) => {
      await context.answerCallbackQuery('Booked');
      await context.editMessageText('Done');
    });
    bot.on('message:photo', async (context) => {
      const file = await context.getFile();
      await context.replyWithPhoto(
        new InputFile(new URL(`${sandbox.telegramApiRoot}/file/bot${shop.token}/${file.file_path}`)),
        { caption: 'echo' },
      );
    });
    const running = bot.start();
    await chat.start('friend');
    expect((await chat.waitFor())?.text).toBe('Hello, friend');
    const pressed = await chat.press({ text: 'Book', waitMs: 20_000 });
    expect(pressed.answer).toMatchObject({ text: 'Booked' });
    expect(await chat.waitFor({ text: 'Done' })).toMatchObject({ edited: true, buttons: [] });
    await chat.sendPhoto();
    expect((await chat.waitFor({ text: 'echo' }))?.raw['photo']).toMatchObject([{ width: 320 }]);
    await bot.stop();
    await running;
    expect((await client.recordSummary(shop.id)).bots[0]).toMatchObject({
      polls: { conflicts: 0 },
      updates: { created: 3, confirmed: 3, redelivered: 0 },
    });
  });
});

describe('a bot written with nothing but fetch', () => {
  beforeEach(() => setUp());

  it('echoes', async () => {
    const stop = new AbortController();
    const run = async (): Promise<void> => {
      let offset = 0;
      while (!stop.signal.aborted) {
        const { result } = await call('getUpdates', { offset, timeout: 30 }, shop.token, { signal: stop.signal });
        for (const update of result as { update_id: number; message?: { chat: { id: number }; text?: string } }[]) {
          offset = update.update_id + 1;
          if (update.message)
            await call('sendMessage', { chat_id: update.message.chat.id, text: `echo ${update.message.text}` });
        }
      }
    };
    const running = run().catch(() => undefined);
    for (const word of ['one', 'two', 'three']) {
      await chat.say(word);
      expect((await chat.waitFor())?.text).toBe(`echo ${word}`);
    }
    stop.abort();
    await running;
  });
});

describe('webhooks', () => {
  interface Hit {
    readonly secret: string | undefined;
    readonly update: { readonly message: { readonly text: string; readonly chat: { readonly id: number } } };
  }
  let hits: Hit[];
  let respond: (hit: Hit) => { status: number; headers?: Record<string, string>; body?: string };
  let arrived: () => void;
  let hookUrl: string;
  let stopHook: () => Promise<void>;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = createManualClock();
    await setUp({ clock });
    hits = [];
    respond = () => ({ status: 200 });
    arrived = () => undefined;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const hit: Hit = {
          secret: request.headers['x-telegram-bot-api-secret-token'] as string | undefined,
          update: JSON.parse(Buffer.concat(chunks).toString()),
        };
        hits.push(hit);
        const { status, headers = {}, body = '' } = respond(hit);
        response.writeHead(status, headers).end(body, () => arrived());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    stopHook = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
  });
  afterEach(() => stopHook());

  const hitCount = (count: number): Promise<void> =>
    new Promise((resolve) => {
      arrived = () => void (hits.length >= count && resolve());
      arrived();
    });
  const until = async (field: string, wanted: (value: unknown) => boolean): Promise<unknown> => {
    for (;;) {
      const info = (await call('getWebhookInfo')).result as Record<string, unknown>;
      if (wanted(info[field])) return info[field];
    }
  };

  it('are set, described and deleted with the exact texts', async () => {
    expect(await call('setWebhook', { url: 'nonsense' })).toMatchObject({
      description: 'Bad Request: invalid webhook URL specified',
    });
    expect(await call('setWebhook', { url: hookUrl, secret_token: 'ü' })).toMatchObject({
      description: 'Bad Request: secret token contains unallowed characters',
    });
    expect(await call('setWebhook', { url: hookUrl })).toMatchObject({
      ok: true,
      result: true,
      description: 'Webhook was set',
    });
    expect(await call('setWebhook', { url: hookUrl })).toMatchObject({ description: 'Webhook is already set' });
    expect(await call('setWebhook', { url: `${hookUrl}2` })).toMatchObject({
      status: 429,
      retryAfter: '1',
      parameters: { retry_after: 1 },
    });
    expect(await call('getUpdates')).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    expect(await call('deleteWebhook')).toMatchObject({ description: 'Webhook was deleted' });
    expect(await call('deleteWebhook')).toMatchObject({ description: 'Webhook is already deleted' });
  });

  it('get updates with the secret, and an answer with a method is run', async () => {
    respond = (hit) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        method: 'sendMessage',
        chat_id: hit.update.message.chat.id,
        text: `got ${hit.update.message.text}`,
      }),
    });
    await call('setWebhook', { url: hookUrl, secret_token: 's3cret' });
    const waiting = chat.waitFor({ text: 'got hi', since: 0 });
    await chat.say('hi');
    expect((await waiting)?.text).toBe('got hi');
    expect(hits[0]?.secret).toBe('s3cret');
    await until('pending_update_count', (value) => value === 0);
  });

  it('are tried again in order, while other chats go on', async () => {
    const boris = await client.createPerson({ name: 'Boris' });
    await call('setWebhook', { url: hookUrl });
    respond = (hit) => ({ status: hit.update.message.text === 'first' && hits.length < 3 ? 502 : 200 });
    await chat.say('first');
    await hitCount(1);
    await until('last_error_message', (value) => value === 'Wrong response from the webhook: 502 Bad Gateway');
    await chat.say('second');
    await client.chat(shop.id, boris.id).say('other');
    await hitCount(2);
    await until('pending_update_count', (value) => value === 2);
    clock.advance(1000);
    await hitCount(4);
    await until('pending_update_count', (value) => value === 0);
    expect(hits.map((hit) => hit.update.message.text)).toEqual(['first', 'other', 'first', 'second']);
  });
});
