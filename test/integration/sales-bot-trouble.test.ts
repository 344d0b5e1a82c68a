/** What the Sales Bot says when something is not as it should be: each trouble has a kind answer, in both languages. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asksToPay, buys, choosesAll, newBot, newBuyer, paymentOf, SALES } from '../support/buyer.ts';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';
import type { Visitor } from '../support/visitor.ts';

let world: PoolWorld;

beforeAll(async () => {
  world = await startPoolWorld({ bots: 2, serviceBots: true });
  await until('the Sales Bot serves', () => world.plane.services.states().get('sales_bot') === 'serving');
}, 60_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const SPEECH = {
  en: {
    withToken: 'I have a bot',
    asked: 'Open @BotFather',
    words: 'I need the token as text',
    part: 'a part is missing',
    unknown: 'does not know this token',
    picture: 'Pictures and other messages do not help me',
    revoked: 'it was revoked',
    served: 'run by another service right now (example.com)',
    taken: 'already belongs to another order or client here',
    own: 'This is my own token',
  },
  ru: {
    withToken: 'У меня есть бот',
    asked: 'Откройте @BotFather',
    words: 'Мне нужен токен текстом',
    part: 'части не хватает',
    unknown: 'не знает этого токена',
    picture: 'Картинки и другие сообщения не помогут',
    revoked: 'его отозвали',
    served: 'сейчас ведёт другой сервис (example.com)',
    taken: 'уже принадлежит другому заказу или клиенту',
    own: 'Это мой собственный токен',
  },
} as const;

describe.each(['en', 'ru'] as const)('instead of a token (%s)', (locale) => {
  const speech = SPEECH[locale];
  let buyer: Visitor;
  beforeAll(async () => {
    buyer = await newBuyer(world, locale);
    await buyer.chat.start('plan_start');
    await buyer.say('Anna Nails');
    await buyer.press(speech.withToken);
    await buyer.sees(speech.asked);
  });

  it.each([
    ['words', 'what token?', speech.words],
    ['a part of one', '123456789:AAFxyz12', speech.part],
    ['one that Telegram does not know', `123456789:${'A'.repeat(35)}`, speech.unknown],
  ])('%s gets a kind answer', async (_what, text, answer) => {
    await buyer.say(text);
    await buyer.sees(answer);
  });

  it('a picture gets a kind answer', async () => {
    await buyer.chat.sendPhoto();
    await buyer.sees(speech.picture);
  });

  it('a revoked one is refused', async () => {
    const bot = await newBot(world, buyer.person);
    await world.sandbox.revokeToken(bot.id);
    await buyer.say(bot.token);
    await buyer.sees(speech.revoked);
  });

  it('one that another service runs is refused with its name', async () => {
    const bot = await newBot(world, buyer.person);
    const url = encodeURIComponent('https://example.com/hook');
    await fetch(`${world.plane.sandboxUrl}/bot${bot.token}/setWebhook?url=${url}`);
    await buyer.say(bot.token);
    await buyer.sees(speech.served);
  });

  it('the token of somebody else’s live bot is refused', async () => {
    const client = await world.newClient();
    await world.activate(client);
    await buyer.say(client.token);
    await buyer.sees(speech.taken);
    await world.deactivate(client);
    await world.waiting(2);
  });

  it('the Sales Bot’s own is refused', async () => {
    const own = (await world.sandbox.listBotsWithTokens()).find(({ username }) => username === SALES);
    await buyer.say(own?.token ?? '');
    await buyer.sees(speech.own);
  });

  it('leaves no token in the chat, whatever it was', async () => {
    const { messages } = await buyer.chat.read();
    expect(messages.filter(({ text = '' }) => /\d{6,}:[\w-]{20,}/.test(text))).toEqual([]);
  });
});

describe('a buyer', () => {
  afterEach(() => world.clear());

  it('who looked around meanwhile goes on where the order stands, and its token is taken without being asked for', async () => {
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await buyer.chat.start('plan_start');
    await buyer.say('Anna Nails');
    await buyer.sees('The bot for “Anna Nails”');
    await buyer.say('/mybots');
    await buyer.press('Anna Nails');
    await buyer.sees('The bot for “Anna Nails”');
    await buyer.say('/help');
    await buyer.say('/cancel');
    await buyer.say(bot.token);
    expect(await buyer.sees('Everything right?')).toContain(`@${bot.username}`);
    await buyer.press('Cancel this order');
    await buyer.sees('Nothing was charged');
    await buyer.say(bot.token);
    await buyer.sees('Begin an order first');
  });

  it('whose token is revoked after the payment sends the new one, and the money is not lost', async () => {
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const payment = await asksToPay(buyer);
    const { token } = await world.sandbox.revokeToken(bot.id);
    await world.sandbox.shop.act(payment);
    expect(await buyer.sees('does not accept the token')).toContain('your payment is safe');
    await buyer.say(token);
    await buyer.sees('Your bot is ready');
  });

  it('who pays when every bot is taken sees a place in the queue, and gets the next one that is free', async () => {
    const first = await world.newClient();
    const second = await world.newClient();
    await Promise.all([world.activate(first), world.activate(second)]);
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    await world.sandbox.shop.act(await asksToPay(buyer));
    await buyer.sees('You are number 1 in the queue');
    await world.deactivate(first);
    await buyer.sees('Your bot is ready');
    await world.deactivate(second);
  });

  it('who pays twice, by an old link and a new one, gets the second payment back and is told so', async () => {
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const old = await asksToPay(buyer);
    // As after a day in which the shop's answer to the first request never came: its payment is unknown here.
    await world.plane.database.transaction(async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query(
        `UPDATE control.payments SET status = 'abandoned', provider_id = NULL, confirmation_url = NULL, next_at = NULL
         WHERE provider_id = $1`,
        [old],
      );
    });
    await buyer.say('/mybots');
    await buyer.press('Anna Nails');
    await buyer.press('New payment link');
    await buyer.sees('Waiting for your payment');
    const fresh = await until('a fresh link', async () => {
      const id = await paymentOf(buyer);
      return id === old ? undefined : id;
    });
    await world.sandbox.shop.act(fresh);
    await buyer.sees('Your bot is ready');
    await world.sandbox.shop.act(old);
    await buyer.sees('You have paid twice');
    await until('it went back', async () => (await world.sandbox.shop.payment(old)).refunded > 0);
    expect((await world.sandbox.shop.payment(fresh)).refunded).toBe(0);
  });

  it('whose paid time ends is warned, is suspended with the data kept, and pays on by the button below', async () => {
    const buyer = await newBuyer(world);
    await buys(world, buyer);
    const endedBefore = async (hours: number): Promise<void> => {
      await world.plane.database.query(
        `UPDATE control.subscriptions s SET during = tstzrange(now() - interval '40 days', now() - $2 * interval '1 hour'),
           grace_until = now() + (72 - $2) * interval '1 hour'
         FROM control.tenants t WHERE t.client_id = s.client_id AND t.owner_id = $1`,
        [buyer.person.id, hours],
      );
      await world.plane.sales.renew();
    };
    await endedBefore(-20);
    await buyer.sees('is paid for one more day');
    await endedBefore(1);
    await buyer.sees('please pay before');
    await endedBefore(100);
    await buyer.sees('is suspended, because it is not paid');
    await buyer.press('Pay, or change the plan');
    await buyer.press('1 month');
    await buyer.sees('Waiting for your payment');
    await world.sandbox.shop.act(await paymentOf(buyer));
    await buyer.sees('goes on');
    await until('it serves', async () => (await world.plane.pool.getPoolStatus()).active === 1);
  });
});
