/** The simulated Bot API: its transport, updates, messages and time, with the exact texts of Telegram. */

import { request as httpRequest } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '#sandbox/clock.ts';
import { type Answer, anna, answerTo, call, chat, client, polling, sandbox, setUp, shop } from './sandbox-world.ts';

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
