import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bot, InlineKeyboard, InputFile } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { createManualClock, type ManualClock } from '#sandbox/clock.ts';
import { type Sandbox, startSandbox } from '#sandbox/server.ts';
import type { BotWithToken, PersonView } from '#shared/schemas/sandbox.ts';

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ok: boolean;
  readonly result: unknown;
  readonly error_code: number;
  readonly description: string;
  readonly parameters: unknown;
}

let sandbox: Sandbox;
let client: SandboxClient;
let anna: PersonView;
let shop: BotWithToken;
let chat: SandboxChat;

async function setUp(options: Parameters<typeof startSandbox>[0] = {}): Promise<void> {
  sandbox = await startSandbox(options);
  client = createSandboxClient(sandbox.url);
  anna = await client.createPerson({ name: 'Anna', username: 'anna_p', languageCode: 'ru' });
  shop = await client.createBot({ ownerId: anna.id, name: 'Shop', username: 'shop_bot' });
  chat = client.chat(shop.username, anna.id);
}

async function call(method: string, body?: object, token = shop.token, init: RequestInit = {}): Promise<Answer> {
  const post =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.telegramApiRoot}/bot${token}/${method}`, { ...post, ...init });
  const json = (await response.json()) as Omit<Answer, 'status' | 'retryAfter'>;
  return { ...json, status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** Resolves when a getUpdates of the bot has begun to wait. */
async function polling(): Promise<void> {
  for (;;) {
    const polls = await client.recordedPolls({ bot: shop.id });
    if (polls.some((poll) => poll.waitStartedAt !== undefined && poll.endedAt === undefined)) return;
  }
}

async function answerTo(pressing: Promise<unknown>): Promise<unknown> {
  const { result } = await call('getUpdates', { timeout: 30, offset: -1 });
  const [update] = result as { callback_query: { id: string } }[];
  await call('answerCallbackQuery', { callback_query_id: update?.callback_query.id, text: 'Taken', show_alert: true });
  return pressing;
}

afterEach(async () => {
  await sandbox.close();
});

describe('transport', () => {
  beforeEach(() => setUp());

  it('takes GET and POST, any letter case, query, form, JSON and multipart alike', async () => {
    await chat.start();
    const url = `${sandbox.telegramApiRoot}/bot${shop.token}`;
    const query = new URLSearchParams({
      chat_id: `${anna.id}`,
      text: 'hi',
      reply_markup: '{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}',
    });
    const form = new FormData();
    for (const [key, value] of query) form.append(key, value);
    const answers = await Promise.all([
      fetch(`${url}/SENDMESSAGE?${query}`),
      fetch(`${url}/sendmessage`, { method: 'POST', body: query }),
      fetch(`${url}/sendMessage`, { method: 'POST', body: form }),
      fetch(`${url}/?method=sendMessage&${query}`),
      fetch(`${url}/test/sendMessage?${query}`),
      fetch(`${url}/sendMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(query)),
      }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
    const { messages } = await chat.read();
    expect(
      messages.filter((message) => message.from === 'bot').map(({ text, buttons }) => ({ text, buttons })),
    ).toEqual(Array.from({ length: 6 }, () => ({ text: 'hi', buttons: [[{ text: 'A', data: 'a' }]] })));
  });

  it('answers bad tokens and methods with the exact texts', async () => {
    expect(await call('getMe', undefined, 'nonsense')).toMatchObject({
      ok: false,
      status: 404,
      error_code: 404,
      description: 'Not Found',
    });
    await client.setFaults({ malformedToken: '401' });
    expect(await call('getMe', undefined, 'nonsense')).toMatchObject({
      status: 401,
      description: 'Unauthorized: invalid token specified',
    });
    expect(await call('getMe', undefined, `${shop.id}:${'A'.repeat(35)}`)).toMatchObject({
      status: 401,
      description: 'Unauthorized',
    });
    expect(await call('noSuchMethod')).toMatchObject({ status: 404, description: 'Not Found: method not found' });
    expect((await fetch(`${sandbox.url}/elsewhere`)).status).toBe(404);
    expect((await call('getMe')).result).toMatchObject({
      id: shop.id,
      is_bot: true,
      username: 'shop_bot',
      can_manage_bots: false,
    });
  });

  it('makes a revoked token void at once, for a waiting poll too', async () => {
    const waiting = call('getUpdates', { timeout: 50 });
    await polling();
    const renewed = await client.revokeToken(shop.id);
    expect(await waiting).toMatchObject({ status: 401, description: 'Unauthorized' });
    expect((await call('getMe')).status).toBe(401);
    expect((await call('getMe', undefined, renewed.token)).status).toBe(200);
  });
});

describe('getUpdates', () => {
  beforeEach(() => setUp());

  it('gives the same updates until they are confirmed', async () => {
    await chat.start('from-ad');
    const first = await call('getUpdates');
    const [update] = first.result as { update_id: number; message: object }[];
    expect(update?.message).toMatchObject({
      text: '/start from-ad',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      chat: { id: anna.id, type: 'private', first_name: 'Anna' },
      from: { id: anna.id, is_bot: false, language_code: 'ru' },
    });
    expect((await call('getUpdates', { limit: 5 })).result).toEqual(first.result);
    expect((await call('getUpdates', { offset: (update?.update_id ?? 0) + 1 })).result).toEqual([]);
    const { bots } = await client.recordSummary(shop.id);
    expect(bots[0]?.updates).toMatchObject({ created: 1, delivered: 1, redelivered: 1, confirmed: 1, pending: 0 });
  });

  it('knocks the older of two waiting polls out and shows it in the record', async () => {
    const older = call('getUpdates', { timeout: 50 });
    await polling();
    const newer = call('getUpdates', { timeout: 50 });
    expect(await older).toMatchObject({
      status: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    await chat.start();
    expect((await newer).result).toHaveLength(1);
    const { bots } = await client.recordSummary(shop.id);
    expect(bots[0]?.polls).toEqual({ total: 2, overlapping: 1, conflicts: 1 });
  });

  it('frees the waiting place when the client hangs up', async () => {
    const hangUp = new AbortController();
    const waiting = call('getUpdates', { timeout: 50 }, shop.token, { signal: hangUp.signal }).catch(() => 'gone');
    await polling();
    hangUp.abort();
    expect(await waiting).toBe('gone');
    while ((await client.recordedPolls({ bot: shop.id })).some((poll) => poll.endedAt === undefined));
    const next = call('getUpdates', { timeout: 50 });
    await polling();
    await chat.start();
    expect((await next).result).toHaveLength(1);
    expect((await client.recordSummary(shop.id)).bots[0]?.polls).toEqual({ total: 2, overlapping: 0, conflicts: 0 });
  });

  it('remembers allowed_updates', async () => {
    await call('getUpdates', { allowed_updates: ['callback_query', 'nonsense'] });
    await chat.start();
    expect((await call('getUpdates', { offset: 1 })).result).toEqual([]);
    expect((await call('getWebhookInfo')).result).toMatchObject({
      url: '',
      pending_update_count: 0,
      allowed_updates: ['callback_query'],
    });
  });
});

describe('messages', () => {
  beforeEach(async () => {
    await setUp();
    await chat.start();
  });

  const text = (value: unknown, more: object = {}) => call('sendMessage', { chat_id: anna.id, text: value, ...more });
  const button = (data: string) => ({ inline_keyboard: [[{ text: 'B', callback_data: data }]] });

  it('are refused with the exact texts', async () => {
    const stranger = await client.createPerson({ name: 'Boris' });
    const cases: [Promise<Answer>, string][] = [
      [call('sendMessage', { text: 'x' }), 'Bad Request: chat_id is empty'],
      [call('sendMessage', { chat_id: 5, text: 'x' }), 'Bad Request: chat not found'],
      [
        call('sendMessage', { chat_id: stranger.id, text: 'x' }),
        "Forbidden: bot can't initiate conversation with a user",
      ],
      [text(''), 'Bad Request: message text is empty'],
      [text('x'.repeat(4097)), 'Bad Request: message is too long'],
      [
        text('<b>x', { parse_mode: 'HTML' }),
        `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
      ],
      [text('x', { reply_markup: button('я'.repeat(33)) }), 'Bad Request: BUTTON_DATA_INVALID'],
      [text('x', { reply_parameters: { message_id: 999 } }), 'Bad Request: message to be replied not found'],
      [
        call('editMessageText', { chat_id: anna.id, message_id: 999, text: 'x' }),
        'Bad Request: message to edit not found',
      ],
      [call('deleteMessage', { chat_id: anna.id, message_id: 999 }), 'Bad Request: message to delete not found'],
      [
        call('answerCallbackQuery', { callback_query_id: '1' }),
        'Bad Request: query is too old and response timeout expired or query ID is invalid',
      ],
      [call('getFile', { file_id: 'x' }), 'Bad Request: wrong file_id or the file is temporarily unavailable'],
    ];
    for (const [answer, description] of cases) expect(await answer).toMatchObject({ ok: false, description });
    expect(await text('x', { reply_markup: button('я'.repeat(32)) })).toMatchObject({ ok: true });
  });

  it('are edited, and an edit without a change is refused', async () => {
    const sent = (await text('one', { reply_markup: button('1') })).result as { message_id: number };
    const edit = { chat_id: anna.id, message_id: sent.message_id, text: 'two', reply_markup: button('2') };
    expect((await call('editMessageText', edit)).result).toMatchObject({ text: 'two', edit_date: expect.any(Number) });
    expect(await call('editMessageText', edit)).toMatchObject({
      status: 400,
      description:
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    });
    expect((await chat.waitFor({ text: 'two' }))?.buttons).toEqual([[{ text: 'B', data: '2' }]]);
  });

  it('do not reach who blocked the bot or has left Telegram', async () => {
    await chat.setBlocked(true);
    expect(await text('x')).toMatchObject({ status: 403, description: 'Forbidden: bot was blocked by the user' });
    const { result } = await call('getUpdates', { offset: -1 });
    expect(result).toMatchObject([{ my_chat_member: { new_chat_member: { status: 'kicked' } } }]);
    await chat.setBlocked(false);
    await client.setDeactivated(anna.id, true);
    expect(await text('x')).toMatchObject({ status: 403, description: 'Forbidden: user is deactivated' });
  });

  it('carry buttons whose press is answered once', async () => {
    await text('choose', { reply_markup: button('slot:1') });
    await expect(answerTo(chat.press({ text: 'B', waitMs: 30_000 }))).resolves.toMatchObject({
      data: 'slot:1',
      answer: { text: 'Taken', showAlert: true },
    });
    await expect(chat.press({ text: 'nothing' })).rejects.toMatchObject({ status: 404, code: 'button_not_found' });
  });

  it('bring reply keyboards up, share contacts and take keyboards away', async () => {
    await text('phone?', { reply_markup: { keyboard: [[{ text: 'Share', request_contact: true }], ['No']] } });
    expect((await chat.read()).replyKeyboard).toEqual([
      [{ text: 'Share', requestContact: true }],
      [{ text: 'No', requestContact: false }],
    ]);
    const pressed = await chat.pressReplyButton('Share');
    expect(pressed.message?.raw['contact']).toMatchObject({ phone_number: anna.phone, user_id: anna.id });
    await text('thanks', { reply_markup: { remove_keyboard: true } });
    expect((await chat.read()).replyKeyboard).toBeUndefined();
  });

  it('carry files both ways', async () => {
    const voice = await chat.sendVoice({ duration: 3 });
    expect(voice.raw['voice']).toMatchObject({ duration: 3, mime_type: 'audio/ogg' });
    const { file_id } = voice.raw['voice'] as { file_id: string };
    const { file_path } = (await call('getFile', { file_id })).result as { file_path: string };
    const file = await fetch(`${sandbox.telegramApiRoot}/file/bot${shop.token}/${file_path}`);
    expect(Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 4)).toBe('OggS');
    const form = new FormData();
    form.append('chat_id', `${anna.id}`);
    form.append('caption', 'the bill');
    form.append('document', new Blob(['total 5']), 'bill.txt');
    const sent = await call('sendDocument', undefined, shop.token, { method: 'POST', body: form });
    expect(sent.result).toMatchObject({ caption: 'the bill', document: { file_name: 'bill.txt', file_size: 7 } });
    const photo = await chat.sendPhoto({ caption: 'me' });
    expect(photo.raw['photo']).toMatchObject([{ width: 320, height: 320 }]);
  });

  it('sell inside Telegram', async () => {
    await call('sendInvoice', {
      chat_id: anna.id,
      title: 'T',
      description: 'D',
      payload: 'p1',
      currency: 'XTR',
      prices: [{ label: 'x', amount: 5 }],
    });
    const paying = chat.pay({ waitMs: 30_000 });
    const { result } = await call('getUpdates', { offset: -1, timeout: 30 });
    const [update] = result as { pre_checkout_query: { id: string } }[];
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: update?.pre_checkout_query.id, ok: true });
    expect(await paying).toMatchObject({ paid: true });
    expect((await call('getUpdates', { offset: -1 })).result).toMatchObject([
      { message: { successful_payment: { currency: 'XTR', total_amount: 5, invoice_payload: 'p1' } } },
    ]);
  });
});

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

describe('time', () => {
  it('makes a pressed button unanswerable after 150 s', async () => {
    const clock = createManualClock();
    await setUp({ clock });
    await chat.start();
    await call('sendMessage', {
      chat_id: anna.id,
      text: 'x',
      reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'b' }]] },
    });
    const { callbackQueryId } = await chat.press({ data: 'b' });
    clock.advance(150_000);
    expect(await call('answerCallbackQuery', { callback_query_id: callbackQueryId })).toMatchObject({ status: 400 });
    expect((await call('getUpdates')).result).toHaveLength(1);
  });
});

describe('trouble on order', () => {
  beforeEach(async () => {
    await setUp();
    await chat.start();
  });

  it('limits floods when switched on', async () => {
    await client.setLimits({ enabled: true, perChatBurst: 2 });
    const send = () => call('sendMessage', { chat_id: anna.id, text: 'x' });
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject({
      status: 429,
      retryAfter: '1',
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
  });

  it('fails the next calls as told', async () => {
    await client.failNextCalls({ times: 1, method: 'sendMessage', bot: shop.id, code: 429, retryAfter: 7 });
    expect((await call('getMe')).status).toBe(200);
    expect(await call('sendMessage', { chat_id: anna.id, text: 'x' })).toMatchObject({
      status: 429,
      parameters: { retry_after: 7 },
    });
    expect((await call('sendMessage', { chat_id: anna.id, text: 'x' })).status).toBe(200);
    await expect(client.failNextCalls({ times: 0, code: 500 })).rejects.toMatchObject({ status: 400, field: 'times' });
  });

  it('cuts connections before or after the work is done', async () => {
    const send = (text: string) => call('sendMessage', { chat_id: anna.id, text });
    await client.failNextCalls({ method: 'sendMessage', drop: 'before' });
    await expect(send('never')).rejects.toThrow();
    await client.failNextCalls({ method: 'sendMessage', drop: 'after' });
    await expect(send('sent')).rejects.toThrow();
    expect(
      (await chat.read()).messages.filter((message) => message.from === 'bot').map((message) => message.text),
    ).toEqual(['sent']);
  });

  it('makes Telegram unreachable, for waiting polls too', async () => {
    const { result } = await call('getUpdates');
    const [last] = result as { update_id: number }[];
    const waiting = call('getUpdates', { timeout: 50, offset: (last?.update_id ?? 0) + 1 }).then(
      () => 'answered',
      () => 'cut',
    );
    await polling();
    await client.setFaults({ unreachable: true });
    expect(await waiting).toBe('cut');
    await expect(call('getMe')).rejects.toThrow();
    await client.clearFaults();
    expect((await call('getMe')).status).toBe(200);
  });
});

describe('BotFather', () => {
  beforeEach(() => setUp());

  it('makes a bot, gives its token, and takes it back', async () => {
    const father = client.chat('BotFather', anna.id);
    const says = async (text: string): Promise<string> => {
      await father.say(text);
      return (await father.waitFor())?.text ?? '';
    };
    expect(await says('/newbot')).toMatch(/^Alright, a new bot/);
    expect(await says('Nails')).toMatch(/^Good. Now let's choose a username/);
    expect(await says('nails')).toBe("Sorry, the username must end in 'bot'. E.g. 'Tetris_bot' or 'Tetrisbot'");
    expect(await says('SHOP_bot')).toBe('Sorry, this username is already taken. Please try something different.');
    const done = await says('nails_bot');
    expect(done).toMatch(/^Done! Congratulations on your new bot/);
    const token = /\d+:[\w-]{35}/.exec(done)?.[0] ?? '';
    expect((await call('getMe', undefined, token)).result).toMatchObject({
      username: 'nails_bot',
      first_name: 'Nails',
    });
    await says('/revoke');
    const renewed = /\d+:[\w-]{35}/.exec(await says('@nails_bot'))?.[0] ?? '';
    expect((await call('getMe', undefined, token)).status).toBe(401);
    expect((await call('getMe', undefined, renewed)).status).toBe(200);
    await says('/deletebot');
    await says('@nails_bot');
    expect(await says('Yes, I am totally sure.')).toBe('Done! The bot is gone. /help');
    expect((await call('getMe', undefined, renewed)).status).toBe(401);
  });

  it('refuses the 21st bot', async () => {
    const father = client.chat('BotFather', anna.id);
    for (let index = 2; index <= 20; index += 1)
      await client.createBot({ ownerId: anna.id, name: 'B', username: `b${index}_test_bot` });
    await father.say('/newbot');
    expect((await father.waitFor())?.text).toMatch(/^That I cannot do/);
  });

  it('lets a manager bot have bots made for it', async () => {
    await chat.start();
    await client.patchBot(shop.id, { canManageBots: true });
    const input = { personId: anna.id, link: 'https://t.me/newbot/shop_bot/anna_nails_bot?name=Anna%20Nails' };
    const made = await client.confirmManagedBot(input);
    expect(made).toMatchObject({
      username: 'anna_nails_bot',
      name: 'Anna Nails',
      ownerId: anna.id,
      managerId: shop.id,
    });
    const { result } = await call('getUpdates');
    expect(result).toMatchObject([
      {},
      { message: { managed_bot_created: { bot: { id: made.id } } } },
      { managed_bot: { user: { id: anna.id }, bot: { id: made.id } } },
    ]);
    const token = String((await call('getManagedBotToken', { user_id: made.id })).result);
    expect((await call('getMe', undefined, token)).status).toBe(200);
    await call('replaceManagedBotToken', { user_id: made.id });
    expect((await call('getMe', undefined, token)).status).toBe(401);
    await expect(client.confirmManagedBot(input)).rejects.toMatchObject({ code: 'USERNAME_OCCUPIED' });
  });
});

describe('the record', () => {
  it('holds calls without tokens and file contents', async () => {
    await setUp();
    await chat.start();
    await call('sendMessage', { chat_id: anna.id, text: `my token is ${shop.token}` });
    await call('setWebhook', { url: `https://h.example/${shop.token}`, secret_token: 'sec' });
    const calls = await client.recordedCalls({ bot: shop.id, method: 'sendMessage' });
    expect(calls).toMatchObject([
      { method: 'sendmessage', code: 200, chatId: anna.id, params: { text: 'my token is [token]' } },
    ]);
    expect(JSON.stringify(await client.recordedCalls())).not.toContain(shop.token.split(':')[1]);
    expect((await client.recordSummary(shop.id)).bots[0]?.messagesSent).toEqual({ [anna.id]: 1 });
  });
});

describe('the control API', () => {
  /** As a browser would send it, with every header in our hands. */
  async function ask(path: string, headers: Record<string, string>, body?: string) {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; code: string | undefined }>();
    const method = body === undefined ? 'GET' : 'POST';
    const request = httpRequest(`${sandbox.url}${path}`, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error?: { code: string } };
      resolve({ status: response.statusCode ?? 0, code: error?.code });
    });
    request.on('error', reject);
    request.end(body);
    return await promise;
  }

  const BOTS = '/control/bots?tokens=true';

  it('refuses every web page, whatever it asks for', async () => {
    await setUp();
    const json = { 'content-type': 'application/json' };
    const person = JSON.stringify({ name: 'Eve' });
    for (const origin of ['https://evil.example', 'null', sandbox.url]) {
      expect(await ask(BOTS, { origin })).toEqual({ status: 403, code: 'origin_refused' });
      expect(await ask('/control/people', { ...json, origin }, person)).toEqual({
        status: 403,
        code: 'origin_refused',
      });
    }
    expect(await ask('/control/people', { 'content-type': 'text/plain' }, person)).toEqual({
      status: 415,
      code: 'not_json',
    });
    expect(await ask('/control/people', {}, person)).toMatchObject({ status: 415 });
    expect((await client.listPeople()).map(({ name }) => name)).not.toContain('Eve');
  });

  it('answers to the names of loopback and to those that it was told, with any port', async () => {
    await setUp({ allowedHosts: ['Booking-Sandbox'] });
    const good = ['127.0.0.1', 'localhost:1', 'LOCALHOST', '[::1]:80', 'booking-sandbox:8081'];
    for (const host of good) expect(await ask(BOTS, { host }), host).toMatchObject({ status: 200 });
    const bad = ['evil.example', 'evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example', '[::2]'];
    for (const host of bad) {
      expect(await ask(BOTS, { host }), host).toEqual({ status: 403, code: 'host_refused' });
    }
  });

  it('takes JSON with a charset, and posts without a body', async () => {
    await setUp();
    const type = { 'content-type': 'application/json; charset=utf-8' };
    expect(await ask('/control/people', type, JSON.stringify({ name: 'Olga' }))).toMatchObject({ status: 200 });
    expect(await ask('/control/reset', {}, '')).toMatchObject({ status: 200 });
  });

  it('leaves Telegram itself open to every name', async () => {
    await setUp();
    expect(await ask(`/bot${shop.token}/getMe`, { host: 'telegram', origin: 'https://evil.example' })).toMatchObject({
      status: 200,
    });
  });
});

describe('a sandbox with a data file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes on with the same world after a restart', async () => {
    const dataFile = join(folder, 'world.json');
    await setUp({ dataFile });
    await chat.start();
    await chat.sendDocument({ base64: Buffer.from('kept').toString('base64'), fileName: 'a.txt' });
    const before = await call('getUpdates');
    await call('sendMessage', { chat_id: anna.id, text: 'kept' });
    const view = await chat.read();
    await sandbox.close();
    expect((await stat(dataFile)).mode & 0o777).toBe(0o600);
    sandbox = await startSandbox({ dataFile });
    client = createSandboxClient(sandbox.url);
    expect((await call('getUpdates', { limit: 50 })).result).toEqual(before.result);
    expect(await client.chat(shop.id, anna.id).read()).toEqual(view);
    const [, second] = before.result as { message: { document: { file_id: string } } }[];
    const { file_path } = (await call('getFile', { file_id: second?.message.document.file_id })).result as {
      file_path: string;
    };
    expect(await (await fetch(`${sandbox.url}/file/bot${shop.token}/${file_path}`)).text()).toBe('kept');
  });

  it('names a file it cannot use and the next step', async () => {
    const dataFile = join(folder, 'world.json');
    await writeFile(dataFile, '{"version":1,');
    await setUp();
    await expect(startSandbox({ dataFile })).rejects.toThrow(new RegExp(`${dataFile}.*not JSON.*Move the file away`));
    expect(await readFile(dataFile, 'utf8')).toBe('{"version":1,');
  });
});

it('takes the method from the body and keeps the connection', async () => {
  await setUp();
  const port = Number(new URL(sandbox.url).port);
  const status = await new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    const request = httpRequest(
      {
        port,
        path: `/bot${shop.token}`,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', connection: 'keep-alive' },
      },
      (response) => {
        response.resume();
        resolve([response.statusCode, response.headers.connection]);
      },
    );
    request.on('error', reject);
    request.end('method=getMe');
  });
  expect(status).toEqual([200, 'keep-alive']);
});

describe('the sandbox process', () => {
  const entry = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));
  const launch = (environment: Record<string, string>) => {
    const child = fork(entry, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const lines: string[] = [];
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const firstLine = new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        lines.push(chunk.toString());
        resolve(lines.join(''));
      });
    });
    return { child, exited, firstLine };
  };

  beforeEach(() => setUp());

  it('says where it listens and goes when its parent goes', async () => {
    const { child, exited, firstLine } = launch({ SANDBOX_PORT: '0' });
    const { msg, url } = JSON.parse(await firstLine) as { msg: string; url: string };
    expect(msg).toBe('SANDBOX STARTED');
    expect((await createSandboxClient(url).clock()).now).toBeGreaterThan(0);
    child.disconnect();
    expect(await exited).toBe(0);
  });

  it('stops gracefully when told', async () => {
    const { child, exited, firstLine } = launch({ SANDBOX_PORT: '0' });
    await firstLine;
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('names the bad variable', async () => {
    const { exited, firstLine } = launch({ SANDBOX_PORT: 'many' });
    expect(await firstLine).toContain('SANDBOX_PORT');
    expect(await exited).toBe(1);
  });
});
