/**
 * A sale: from the moment at which a buyer has paid to the Sales Bot's “ready” and to the first answer of the buyer's own
 * bot; a burst of 20 paid orders on 8 waiting bots; a night of orders; and how fast the gateway answers. The rival sells
 * without notifications: its payments are found by looking for them.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openSalesDesk } from '#core/billing/desk.ts';
import { until } from '../support/until.ts';
import { type Visitor, visitorOf } from '../support/visitor.ts';
import { type BenchOptions, type BenchResult, type Figures, percentile, round } from './report.ts';
import { type BenchWorld, startBenchWorld } from './world.ts';

const SALES = 40;
const RIVAL_EVERY = 8;
const BURST = 20;
const BURST_BOTS = 8;
const NIGHT = 200;
const NIGHT_LANES = 6;
const WEBHOOKS_PER_S = 100;
const WEBHOOK_SECONDS = 10;
const SALES_BOT = 'botpool_sales_bot';
const LONG_MS = 120_000;

/** Runs the benchmark. */
export async function benchSale({ size, report }: BenchOptions): Promise<BenchResult> {
  const sales = await oneByOne(Math.max(4, Math.round(SALES * size)), report);
  const night = await burstAndNight(Math.max(10, Math.round(NIGHT * size)), report);
  const rival = { 'paid_to_answer.p50_ms': percentile(sales.rival, 0.5) };
  const figures = { ...sales.figures, ...night.figures };
  return {
    name: 'sale',
    figures,
    rival: { name: 'payments are looked for, no notification comes', figures: rival },
    ratios: { p50: round(rival['paid_to_answer.p50_ms'] / (sales.figures['paid_to_answer.p50_ms'] ?? Number.NaN)) },
    samples: { answered: sales.answered, ready: sales.ready, rival: sales.rival, ...night.samples },
  };
}

interface Stages {
  /** The worker has fetched the payment and found it right. */
  readonly verifiedMs: number;
  /** The client has its bot. */
  readonly activeMs: number;
  /** The buyer reads “ready”. */
  readonly readyMs: number;
  /** A customer has an answer. */
  readonly answeredMs: number;
}

async function oneByOne(
  count: number,
  report: BenchOptions['report'],
): Promise<{ figures: Figures; answered: number[]; ready: number[]; rival: number[] }> {
  const rivals = Math.ceil(count / RIVAL_EVERY);
  report(`${count} buyers, one after the other, and ${rivals} whose payment nobody tells of`);
  const bots = count + rivals + 1;
  await using world = await openShopWorld(bots, { AUTOSCALER: 'off', SPARE_SCHEMAS: String(Math.min(200, bots)) });
  await world.waiting(bots);
  await world.plane.pool.tend();
  const { shop } = world.sandbox;
  const { notificationUrl } = await shop.settings();
  await sell(world);
  const stages: Stages[] = [];
  const rival: number[] = [];
  for (let index = 0; index < count; index += 1) {
    stages.push(await sell(world));
    if (index % RIVAL_EVERY !== 0) continue;
    await shop.configure({ notificationUrl: '' });
    rival.push((await sell(world)).answeredMs);
    await shop.configure({ notificationUrl });
  }
  report(`${WEBHOOKS_PER_S} notifications a second`);
  const webhooks = await callGateway(notificationUrl);
  const of = (name: keyof Stages): number[] => stages.map((one) => one[name]);
  const answered = stages.map(({ answeredMs, verifiedMs }) => answeredMs - verifiedMs);
  const figures = {
    'paid_to_answer.p50_ms': percentile(answered, 0.5),
    'paid_to_answer.p99_ms': percentile(answered, 0.99),
    'pressed_to_verified.p50_ms': percentile(of('verifiedMs'), 0.5),
    'pressed_to_active.p50_ms': percentile(of('activeMs'), 0.5),
    'pressed_to_ready.p50_ms': percentile(of('readyMs'), 0.5),
    'pressed_to_ready.p99_ms': percentile(of('readyMs'), 0.99),
    'pressed_to_answer.p50_ms': percentile(of('answeredMs'), 0.5),
    'pressed_to_answer.p99_ms': percentile(of('answeredMs'), 0.99),
    'webhook.p50_ms': percentile(webhooks, 0.5),
    'webhook.p99_ms': percentile(webhooks, 0.99),
    sales: count,
  };
  return { figures, answered, ready: of('readyMs'), rival };
}

async function openShopWorld(bots: number, variables: Record<string, string>): Promise<BenchWorld> {
  const world = await startBenchWorld(bots, { SERVICE_BOTS: 'on', ...variables });
  await until('the Sales Bot serves', () => world.plane.services.states().get('sales_bot') === 'serving', LONG_MS);
  return world;
}

/** One sale by talking to the Sales Bot; times from the press on “pay”. */
async function sell(world: BenchWorld): Promise<Stages> {
  const { sandbox, plane } = world;
  const person = await sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
  const buyer = visitorOf(sandbox, SALES_BOT, person);
  const bot = await sandbox.createBot({ ownerId: person.id, name: 'Salon', username: newUsername() });
  const customer = await sandbox.createPerson({ name: 'Olga', languageCode: 'en' });
  const payment = await chooseAll(buyer, bot.token);
  await pause(300);
  const ready = buyer.chat.waitFor({ text: 'Your bot is ready', timeoutMs: LONG_MS });
  const begun = performance.now();
  const begunAt = Date.now();
  await sandbox.shop.act(payment);
  if ((await ready) === null) throw new Error('nobody told the buyer that the bot is ready');
  const readyMs = performance.now() - begun;
  const chat = sandbox.chat(bot.id, customer.id);
  await chat.start();
  if ((await chat.waitFor({ timeoutMs: 30_000 })) === null) throw new Error('no answer to /start');
  const answeredMs = performance.now() - begun;
  const { rows } = await plane.database.query<{ paid_at: Date; active_at: Date }>(
    'SELECT paid_at, active_at FROM control.orders WHERE buyer_id = $1',
    [person.id],
  );
  const since = (at: Date | undefined): number => (at?.getTime() ?? Number.NaN) - begunAt;
  return { verifiedMs: since(rows[0]?.paid_at), activeMs: since(rows[0]?.active_at), readyMs, answeredMs };
}

async function chooseAll(buyer: Visitor, token: string): Promise<string> {
  await buyer.chat.start('plan_start');
  await buyer.sees('How is your business called?');
  await buyer.say('Anna Nails');
  await buyer.press('I have a bot');
  await buyer.sees('Open @BotFather');
  await buyer.say(token);
  await buyer.sees('Everything right?');
  await buyer.press('Pay');
  await buyer.sees('Waiting for your payment');
  return new URL(await buyer.link('Pay')).searchParams.get('orderId') ?? '';
}

function newUsername(): string {
  return `s${randomUUID().replaceAll('-', '').slice(0, 12)}_bot`;
}

/** Milliseconds of each answer, at a steady rate, whatever the answers before took. */
async function callGateway(url: string): Promise<number[]> {
  const times: number[] = [];
  const calls: Promise<void>[] = [];
  const call = async (): Promise<void> => {
    const begun = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '185.71.76.1' },
      body: JSON.stringify({ type: 'notification', event: 'payment.succeeded', object: { id: randomUUID() } }),
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`the gateway answered ${response.status}`);
    times.push(performance.now() - begun);
  };
  const begun = performance.now();
  for (let index = 0; index < WEBHOOKS_PER_S * WEBHOOK_SECONDS; index += 1) {
    const due = (index * 1_000) / WEBHOOKS_PER_S - (performance.now() - begun);
    if (due > 0) await pause(due);
    calls.push(call());
  }
  await Promise.all(calls);
  return times;
}

async function burstAndNight(
  count: number,
  report: BenchOptions['report'],
): Promise<{ figures: Figures; samples: Record<string, number[]> }> {
  report(`${BURST} paid orders at once on ${BURST_BOTS} waiting bots; the pool fills itself`);
  const variables = { AUTOSCALER: 'on', MIN_FREE_BOTS: '3', SCALE_BATCH: '5', MAX_TOTAL_BOTS: String(BURST + 10) };
  await using world = await openShopWorld(BURST_BOTS, variables);
  await world.waiting(BURST_BOTS);
  const orders = await Promise.all(Array.from({ length: BURST }, () => makeOrder(world)));
  const begun = performance.now();
  const estimates: number[] = [];
  const waited: string[] = [];
  await Promise.all(
    orders.map(async (order) => {
      await world.sandbox.shop.act(order.payment);
      await becomesActive(world, order, (offMs) => {
        estimates.push(offMs);
        waited.push(order.id);
      });
    }),
  );
  const allMs = performance.now() - begun;
  const overtaken = await countOvertaken(world, waited);
  await Promise.all(orders.map((order) => giveBack(world, order)));
  report(`${count} orders through the night`);
  const nightBegun = performance.now();
  let left = count;
  const lane = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      const order = await makeOrder(world);
      await world.sandbox.shop.act(order.payment);
      await becomesActive(world, order, () => undefined);
      await giveBack(world, order);
    }
  };
  await Promise.all(Array.from({ length: NIGHT_LANES }, lane));
  const nightMs = performance.now() - nightBegun;
  const books = await countBooks(world);
  const figures = {
    'burst20.all_ms': round(allMs),
    'burst20.overtaken': overtaken,
    'burst20.estimate_off_p50_ms': estimates.length === 0 ? 0 : percentile(estimates.map(Math.abs), 0.5),
    'burst20.estimates': estimates.length,
    'night.orders': count,
    'night.all_ms': round(nightMs),
    ...books,
  };
  return { figures, samples: { estimates } };
}

/** Of the orders that were told to wait: how many got their bot after one that was paid later. */
async function countOvertaken({ plane }: BenchWorld, ids: readonly string[]): Promise<number> {
  const { rows } = await plane.database.query<{ claimed_at: Date }>(
    `SELECT (SELECT min(a.claimed_at) FROM control.activations a WHERE a.client_id = o.client_id) AS claimed_at
     FROM control.orders o WHERE o.id = ANY($1) ORDER BY o.paid_at, o.number`,
    [ids],
  );
  const claims = rows.map(({ claimed_at: at }) => at.getTime());
  return claims.filter((at, index) => claims.slice(index + 1).some((later) => later < at)).length;
}

interface MadeOrder {
  readonly id: string;
  readonly buyerId: number;
  readonly payment: string;
}

/** An order as the Sales Bot would write it, with its link to pay by. */
async function makeOrder({ sandbox, plane }: BenchWorld): Promise<MadeOrder> {
  const desk = openSalesDesk(plane.database);
  const person = await sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
  const bot = await sandbox.createBot({ ownerId: person.id, name: 'Salon', username: newUsername() });
  const [id, buyerId] = [randomUUID(), person.id];
  await desk.openOrder(id, { buyerId, chatId: buyerId, name: 'Anna', locale: 'en' }, { planId: 'start' });
  await desk.changeOrder(id, buyerId, { company: 'Anna Nails', receiptContact: 'anna@example.com' });
  await desk.setToken(id, buyerId, { token: bot.token, botId: bot.id, username: bot.username, managed: false });
  await desk.askPayment(id, buyerId);
  const url = await until(
    'a link',
    async () => (await desk.readOrder(id, buyerId)).confirmationUrl ?? undefined,
    LONG_MS,
  );
  return { id, buyerId, payment: new URL(url).searchParams.get('orderId') ?? '' };
}

/** `onEstimate`: by how much the first estimate was off, in milliseconds; later than told is above 0. */
async function becomesActive(
  { plane }: BenchWorld,
  { id, buyerId }: MadeOrder,
  onEstimate: (offMs: number) => void,
): Promise<void> {
  const desk = openSalesDesk(plane.database);
  let expected: number | undefined;
  await until(
    'it is active',
    async () => {
      const order = await desk.readOrder(id, buyerId);
      expected ??= order.expectedAt?.getTime();
      return order.state === 'active';
    },
    LONG_MS,
  );
  if (expected !== undefined) onEstimate(Date.now() - expected);
}

async function giveBack({ plane }: BenchWorld, { id, buyerId }: MadeOrder): Promise<void> {
  const desk = openSalesDesk(plane.database);
  const { clientId } = await desk.readOrder(id, buyerId);
  const request = randomUUID();
  await desk.request(request, { buyerId, chatId: buyerId }, { clientId: clientId ?? '', action: 'suspend' });
  await until('it is given back', async () => (await desk.readRequest(request, buyerId)).state === 'done', LONG_MS);
}

/** The books against the shop: payments without a bot, and orders with more than one of anything. */
async function countBooks({ plane, sandbox }: BenchWorld): Promise<{ lost: number; doubled: number }> {
  const { rows } = await plane.database.query<{ served: string; doubled: string }>(
    `SELECT count(*) FILTER (WHERE o.state = 'active' AND p.status = 'succeeded' AND p.effect = 'paid') AS served,
       count(*) - count(DISTINCT o.id) + (SELECT count(*) - count(DISTINCT order_id) FROM control.subscriptions) AS doubled
     FROM control.orders o JOIN control.payments p ON p.order_id = o.id`,
  );
  const paid = (await sandbox.shop.payments()).filter(({ status }) => status === 'succeeded').length;
  return { lost: paid - Number(rows[0]?.served), doubled: Number(rows[0]?.doubled) };
}
