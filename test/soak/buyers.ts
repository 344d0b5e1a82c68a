/** What buyers of a soak do, one story each. They repeat a step when nothing came of it, as the Sales Bot does. */
import { randomUUID } from 'node:crypto';
import type { Database } from '#core/postgres/database.ts';
import type { SandboxShop } from '#main/sandbox/sandbox-client.ts';
import { type Random, randomBetween } from '#sandbox/random.ts';
import { SANDBOX_SHOP } from '#shared/schemas/sandbox-shop.ts';
import { until } from '../support/until.ts';
import { Refused, type Revenant } from './processes.ts';

/** What a buyer needs. */
export interface BuyerParts {
  readonly database: Database;
  readonly desk: Revenant;
  readonly shop: SandboxShop;
  readonly shopRoot: string;
  readonly random: Random;
  /** Payments that were made in the name of an order and are not ours. */
  readonly strange: Set<string>;
}

/** A story, and how many of a hundred buyers live it. */
const STORIES = [
  ['pays', 60],
  ['pays with a code', 8],
  ['is declined, then pays', 12],
  ['cancels, then pays all the same', 8],
  ['pays a strange sum first', 7],
  ['leaves', 5],
] as const;

const PATIENCE_MS = 180_000;
const CARD_WITH_CODE = '5555555555554477';

let buyers = 0;

/** One buyer, from the first word until nothing more is to come. Returns the story. */
export async function liveOneBuyer(parts: BuyerParts): Promise<string> {
  const story = choose(parts.random);
  buyers += 1;
  const order = await openAnOrder(parts, 1_000_000 + buyers);
  const first = await linkOf(parts, order.id, '');
  if (story === 'leaves') return story;
  if (story === 'pays a strange sum first') await payStrangely(parts, order.id);
  if (story === 'cancels, then pays all the same') {
    await step(parts, 'cancelOrder', [order.id, order.buyerId]);
    await pay(parts, first);
    await reaches(parts, order.id, ['refunded', 'active']);
    return story;
  }
  if (story === 'is declined, then pays') {
    await parts.shop.act(first, { act: 'decline' });
    await seen(parts, 'the decline is told', order.id, ({ reason }) => reason !== null);
    await step(parts, 'askPayment', [order.id, order.buyerId]);
    await pay(parts, await linkOf(parts, order.id, first));
  } else await pay(parts, first, story === 'pays with a code' ? CARD_WITH_CODE : undefined);
  await reaches(parts, order.id, ['active']);
  await giveBack(parts, order);
  return story;
}

function choose(random: Random): string {
  let left = random() * 100;
  for (const [story, share] of STORIES) {
    left -= share;
    if (left < 0) return story;
  }
  return STORIES[0][0];
}

interface Order {
  readonly id: string;
  readonly buyerId: number;
}

async function openAnOrder(parts: BuyerParts, buyerId: number): Promise<Order> {
  const id = randomUUID();
  await step(parts, 'openOrder', [id, { buyerId, chatId: buyerId, name: 'Anna', locale: 'en' }]);
  await step(parts, 'changeOrder', [
    id,
    buyerId,
    { company: `Salon ${buyerId}`, planId: 'start', receiptContact: 'anna@example.com' },
  ]);
  const botId = 100_000_000 + buyerId;
  const token = `${botId}:${'A'.repeat(25)}${String(buyerId).padStart(10, '0')}`;
  await step(parts, 'setToken', [id, buyerId, { token, botId, username: `b${buyerId}_bot`, managed: false }]);
  await step(parts, 'askPayment', [id, buyerId]);
  return { id, buyerId };
}

/** Repeats the step, with the same ids, until somebody answers. A refusal is an answer. */
async function step({ desk }: BuyerParts, name: string, args: readonly unknown[]): Promise<void> {
  await until(
    `a buyer’s ${name} is answered`,
    async () => {
      try {
        await desk.call(name, args);
        return true;
      } catch (error) {
        return error instanceof Refused && !error.message.startsWith('trouble');
      }
    },
    PATIENCE_MS,
  );
}

interface Seen {
  readonly state: string;
  readonly reason: string | null;
  readonly client_id: string | null;
  readonly provider_id: string | null;
}

async function seen({ database }: BuyerParts, what: string, id: string, isIt: (order: Seen) => boolean): Promise<Seen> {
  let last: Seen | undefined;
  return await until(
    `${what} (order ${id})`,
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const { rows } = await database.query<Seen>(
        `SELECT o.state, o.reason, o.client_id,
           (SELECT provider_id FROM control.payments p WHERE p.order_id = o.id ORDER BY created_at DESC LIMIT 1)
         FROM control.orders o WHERE id = $1`,
        [id],
      );
      [last] = rows;
      return last !== undefined && isIt(last) && last;
    },
    PATIENCE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${what}: order ${id} stays at ${JSON.stringify(last)}`, { cause: error });
  });
}

async function reaches(parts: BuyerParts, id: string, states: readonly string[]): Promise<Seen> {
  return await seen(parts, `is ${states.join(' or ')}`, id, ({ state }) => states.includes(state));
}

/** The shop's id of the newest payment, once it is another one than `before`. */
async function linkOf(parts: BuyerParts, id: string, before: string): Promise<string> {
  const order = await seen(parts, 'has a link', id, (now) => now.provider_id !== null && now.provider_id !== before);
  return order.provider_id ?? '';
}

async function pay({ shop }: BuyerParts, id: string, card?: string): Promise<void> {
  await shop.act(id, card === undefined ? {} : { card });
}

/** Somebody pays one rouble in the name of this order, with its very numbers. */
async function payStrangely(parts: BuyerParts, orderId: string): Promise<void> {
  const { rows } = await parts.database.query<{ id: string }>('SELECT id FROM control.payments WHERE order_id = $1', [
    orderId,
  ]);
  const key = randomUUID();
  const made = await until(
    'the strange payment is made',
    async () => {
      const response = await fetch(`${parts.shopRoot}/payments`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${SANDBOX_SHOP.shopId}:${SANDBOX_SHOP.secretKey}`).toString('base64')}`,
          'idempotence-key': key,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          amount: { value: '1.00', currency: randomBetween(parts.random, 0, 1) === 0 ? 'RUB' : 'USD' },
          capture: true,
          confirmation: { type: 'redirect', return_url: 'https://t.me' },
          metadata: { order_id: orderId, payment_id: rows[0]?.id ?? '' },
        }),
      });
      const { id } = (await response.json()) as { id?: unknown };
      return typeof id === 'string' && id.length === 36 && response.ok ? id : undefined;
    },
    PATIENCE_MS,
  );
  parts.strange.add(made);
  await parts.shop.act(made);
}

/** The buyer suspends the bot, so that another one can have its place. */
async function giveBack(parts: BuyerParts, { id, buyerId }: Order): Promise<void> {
  const { client_id: clientId } = await reaches(parts, id, ['active']);
  const request = randomUUID();
  await step(parts, 'request', [request, { buyerId, chatId: buyerId }, { clientId, action: 'suspend' }]);
  await until(
    'the bot is given back',
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const { rows } = await parts.database.query('SELECT 1 FROM control.buyer_requests WHERE id = $1 AND state = $2', [
        request,
        'done',
      ]);
      return rows.length > 0;
    },
    PATIENCE_MS,
  );
}
