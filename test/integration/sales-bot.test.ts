/** The Sales Bot as a buyer meets it: everything is said and pressed in the simulated Telegram. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asksToPay, buys, choosesAll, gone, newBot, newBuyer, SALES } from '../support/buyer.ts';
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

const visitor = (languageCode?: 'en' | 'ru'): Promise<Visitor> => newBuyer(world, languageCode);

describe('a buyer', () => {
  it('buys a bot with a token from BotFather, which disappears from the chat', async () => {
    const buyer = await visitor();
    const bot = await buys(world, buyer);
    const { messages } = await buyer.chat.read();
    expect(JSON.stringify(messages)).not.toContain(bot.token);
    const texts = messages.map(({ text = '' }) => text);
    expect(texts.at(-2)).toContain(`✅ @${bot.username} is live`);
    const customer = await world.sandbox.createPerson({ name: 'Olga', languageCode: 'en' });
    const chat = world.sandbox.chat(bot.id, customer.id);
    await chat.start();
    expect((await chat.waitFor({ timeoutMs: 20_000 }))?.text).toContain('Hello, Olga');
    await gone(buyer);
    const all = (await buyer.chat.read()).messages;
    expect(all.filter(({ text = '' }) => text.includes('Your data as it stands now'))).toHaveLength(1);
  });

  it('has a bot made by one tap, which is closed to others until it is paid', async () => {
    const buyer = await visitor('ru');
    await buyer.chat.start();
    await buyer.press('Получить бота');
    await buyer.press('Старт');
    await buyer.sees('Как называется');
    await buyer.say('Маникюр у Анны');
    const link = await buyer.link('одно касание');
    const made = await world.sandbox.confirmManagedBot({ personId: buyer.person.id, link });
    await buyer.sees('Всё верно?');
    const settings = async (): Promise<number> =>
      (await world.sandbox.recordedCalls({ bot: SALES, method: 'setManagedBotAccessSettings' })).length;
    expect(await settings()).toBeGreaterThan(0);
    const closed = await settings();
    await buyer.press('Оплатить');
    await buyer.sees('Жду оплату');
    const payment = new URL(await buyer.link('Оплатить')).searchParams.get('orderId') ?? '';
    await world.sandbox.shop.act(payment);
    await buyer.sees('готов');
    // Now everybody may write to it.
    expect(await settings()).toBe(closed + 1);
    const customer = await world.sandbox.createPerson({ name: 'Ольга', languageCode: 'ru' });
    const chat = world.sandbox.chat(made.id, customer.id);
    await chat.start();
    expect((await chat.waitFor({ timeoutMs: 20_000 }))?.text).toContain('Ольга');
    await buyer.say('/mybots');
    await buyer.press('Маникюр');
    await buyer.press('Удалить');
    await buyer.press('Прислать');
    await buyer.sees('Удалён');
  });

  it('gets a bot by one tap though Telegram fails in the middle; one too many is answered once, and kindly', async () => {
    const buyer = await visitor();
    await buyer.chat.start('plan_start');
    await buyer.sees('How is your business called?');
    await buyer.say('Nails by tap');
    const link = await buyer.link('one tap');
    for (const method of ['getManagedBotToken', 'setManagedBotAccessSettings']) {
      await world.sandbox.failNextCalls({ bot: SALES, method, drop: 'after' });
    }
    const made = await world.sandbox.confirmManagedBot({ personId: buyer.person.id, link });
    expect(await buyer.sees('Everything right?')).toContain(`@${made.username}`);
    // Not told twice of the same bot.
    await buyer.press('Pay');
    await buyer.sees('Waiting for your payment');
    const again = `${link.split('?')[0]?.replace(/\/[^/]+$/, `/second_${made.username}`)}?name=Second`;
    const second = await world.sandbox.confirmManagedBot({ personId: buyer.person.id, link: again });
    await buyer.sees(`@${second.username} is made, but no order of yours waits for a bot`);
    await buyer.say('/cancel');
    const { messages } = await buyer.chat.read();
    expect(messages.filter(({ text = '' }) => text.includes('no order of yours waits'))).toHaveLength(1);
  });

  it('whose one-tap bot Telegram does not hand over brings its token, and goes on', async () => {
    const buyer = await visitor();
    await buyer.chat.start('plan_start');
    await buyer.sees('How is your business called?');
    await buyer.say('Nails by token');
    await world.sandbox.failNextCalls({ bot: SALES, method: 'getManagedBotToken', drop: 'before', times: 6 });
    const made = await world.sandbox.confirmManagedBot({
      personId: buyer.person.id,
      link: await buyer.link('one tap'),
    });
    await buyer.sees(`@${made.username} is made, but Telegram does not hand it over`);
    const { token = '' } = (await world.sandbox.listBotsWithTokens()).find(({ id }) => id === made.id) ?? {};
    await buyer.say(token);
    expect(await buyer.sees('Everything right?')).toContain(`@${made.username}`);
  });

  it('is told why a card was refused, and pays with another one', async () => {
    const buyer = await visitor();
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const refused = await asksToPay(buyer);
    await world.sandbox.shop.act(refused, { card: '5555555555554600' });
    await buyer.sees('did not go through');
    await buyer.press('New payment link');
    const payment = await until('a fresh link', async () => {
      const id = new URL(await buyer.link('Pay')).searchParams.get('orderId') ?? '';
      return id === refused ? undefined : id;
    });
    await world.sandbox.shop.act(payment);
    await buyer.sees('Your bot is ready');
    await gone(buyer);
  });
});

describe('at any time', () => {
  it('old and forged buttons, strange words and /cancel are answered kindly', async () => {
    const buyer = await visitor();
    await buyer.chat.start();
    await buyer.sees('Hello, Anna');
    await buyer.say('hello?');
    await buyer.sees('I work with buttons');
    await buyer.say('/cancel');
    await buyer.sees('There is nothing to stop');
    await buyer.chat.start('plan_none');
    await buyer.sees('plan');
    await buyer.chat.start('plan_start');
    await buyer.sees('How is your business called?');
    await buyer.say('/cancel');
    await buyer.sees('Stopped');
  });

  it('a buyer who has blocked the bot is left alone, and their money is not lost', async () => {
    const buyer = await visitor();
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const payment = await asksToPay(buyer);
    await buyer.chat.setBlocked(true);
    await world.sandbox.shop.act(payment);
    await until('the order is active', async () => {
      const [order] = await world.plane.sales.list({ states: ['active'], limit: 1 });
      return order?.botUsername === bot.username;
    });
    await buyer.chat.setBlocked(false);
    await buyer.say('/mybots');
    await buyer.press('Anna Nails');
    await buyer.sees('🟢 works');
    await gone(buyer);
  });

  it('an order that is paid after it was cancelled gives the money back and says so', async () => {
    const buyer = await visitor();
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const payment = await asksToPay(buyer);
    await buyer.press('Cancel this order');
    await buyer.sees('cancelled');
    await world.sandbox.shop.act(payment);
    await buyer.sees('goes back to you by itself');
    await until('it went back', async () => (await world.sandbox.shop.payment(payment)).refunded > 0);
  });
});

describe('the owner of a bot', () => {
  it('suspends, resumes, changes the token and pays on, all by buttons', async () => {
    const buyer = await visitor();
    const bot = await buys(world, buyer);
    const open = async (): Promise<void> => {
      await buyer.say('/mybots');
      await buyer.press('Anna Nails');
    };
    await open();
    await buyer.press('Suspend');
    await buyer.press('Yes, suspend it');
    await buyer.sees('Suspended. The data is kept');
    await open();
    await buyer.press('Resume');
    await buyer.sees('It works again');
    await open();
    await buyer.press('New token');
    await buyer.sees('A new token for');
    await buyer.say((await world.sandbox.revokeToken(bot.id)).token);
    await buyer.sees('works with the new token');
    await open();
    await buyer.press('Pay, or change the plan');
    await buyer.press('3 months');
    await buyer.sees('Waiting for your payment');
    const payment = new URL(await buyer.link('💳 Pay ')).searchParams.get('orderId') ?? '';
    await world.sandbox.shop.act(payment);
    await buyer.sees('goes on');
    await gone(buyer);
  });
});
