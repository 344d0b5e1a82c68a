/** What buyers do in the Sales Bot's chat, as tests of several files need it. */
import { randomUUID } from 'node:crypto';
import type { PersonView } from '#shared/schemas/sandbox.ts';
import type { PoolWorld } from './pool-world.ts';
import { type Visitor, visitorOf } from './visitor.ts';

/** The Sales Bot of the simulated world. */
export const SALES = 'botpool_sales_bot';

/** A bot as BotFather hands it out. */
export interface OwnBot {
  readonly id: number;
  readonly token: string;
  readonly username: string;
}

/** Somebody new in front of the Sales Bot. */
export async function newBuyer(world: PoolWorld, languageCode: 'en' | 'ru' = 'en'): Promise<Visitor> {
  return visitorOf(world.sandbox, SALES, await world.sandbox.createPerson({ name: 'Anna', languageCode }));
}

/** A bot that this person has made at BotFather. */
export async function newBot(world: PoolWorld, owner: PersonView): Promise<OwnBot> {
  const username = `s${randomUUID().slice(0, 8)}_bot`;
  return await world.sandbox.createBot({ ownerId: owner.id, name: 'Salon', username });
}

/** From the first word to the summary, with a token from BotFather. */
export async function choosesAll(buyer: Visitor, token: string): Promise<void> {
  await buyer.chat.start('plan_start');
  await buyer.sees('How is your business called?');
  await buyer.say('Anna Nails');
  await buyer.sees('The bot for “Anna Nails”');
  await buyer.press('I have a bot');
  await buyer.sees('Open @BotFather');
  await buyer.say(`Use this token to access the HTTP API:\n${token}`);
  await buyer.sees('Everything right?');
}

/** On to the message that waits for the payment; the payment's id at the shop. */
export async function asksToPay(buyer: Visitor): Promise<string> {
  await buyer.press('Pay');
  await buyer.sees('Waiting for your payment');
  return await paymentOf(buyer);
}

/** The payment that the newest link leads to. */
export async function paymentOf(buyer: Visitor): Promise<string> {
  return new URL(await buyer.link('💳 Pay ')).searchParams.get('orderId') ?? '';
}

/** The whole way to a bot that answers. */
export async function buys(world: PoolWorld, buyer: Visitor): Promise<OwnBot> {
  const bot = await newBot(world, buyer.person);
  await choosesAll(buyer, bot.token);
  const payment = await asksToPay(buyer);
  await world.sandbox.shop.act(payment);
  await buyer.sees('Your bot is ready');
  return bot;
}

/** Ends a bot that a test has bought, so that the next one finds one. */
export async function gone(buyer: Visitor): Promise<void> {
  await buyer.say('/mybots');
  await buyer.press('Anna Nails');
  await buyer.press('Delete');
  await buyer.press('Send me my data');
  await buyer.sees('Deleted, with all of its data');
}
