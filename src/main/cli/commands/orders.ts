/** `botpool orders list|show|retry|refund`: sales, as the control plane carries them through. */
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { OrderDetails, OrderView } from '#shared/schemas/sales.ts';
import { ORDER_STATES, type OrderState } from '#shared/state/order-state.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { money, parseMoney } from '../format/money.ts';
import { table } from '../format/table.ts';
import { ago } from '../format/time.ts';

const listOptions = z.object({
  state: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(20),
});
const refundOptions = z.object({
  amount: z.string().optional(),
  reason: z.string().default('by the operator'),
  confirm: z.string().optional(),
});

/** Adds the commands. */
export function addOrders(program: Command, set: CommandSet): void {
  const orders = program.command('orders').description('sales: list, show, retry, refund');
  const listing = orders
    .command('list')
    .description('the newest orders')
    .option('--state <states>', `only these, separated by commas: ${ORDER_STATES.join(', ')}`)
    .option('--limit <n>', 'how many, default 20');
  defineCommand(listing, set, {
    options: listOptions,
    examples: ['botpool orders list', 'botpool orders list --state paid,activating,failed'],
    run: list,
  });
  defineCommand(
    orders.command('show').argument('<order>', 'its number').description('one order with its payments'),
    set,
    {
      options: z.object({}),
      examples: ['botpool orders show 7'],
      run: show,
    },
  );
  defineCommand(orders.command('retry').argument('<order>').description('try a paid order again now'), set, {
    options: z.object({}),
    examples: ['botpool orders retry 7'],
    run: retry,
  });
  const giving = orders
    .command('refund')
    .argument('<order>')
    .description('give money back; when all went back, the bot stops')
    .option('--amount <sum>', 'a part, such as 90.50; default: all that is left')
    .option('--reason <text>', 'written down, and told to the buyer')
    .option('--confirm <order>', 'the number once more, where nobody can be asked');
  defineCommand(giving, set, {
    options: refundOptions,
    examples: ['botpool orders refund 7', 'botpool orders refund 7 --amount 90.50 --confirm 7'],
    run: refund,
  });
}

async function list(context: CliContext, { state, limit }: z.output<typeof listOptions>): Promise<undefined> {
  const states = state === undefined ? undefined : parseStates(state);
  const input = { limit, ...(states === undefined ? {} : { states }) };
  const orders = await withControlPlane(context, ({ client }) => client.orders.list(input));
  context.data(orders);
  context.line(orders.length === 0 ? context.say('cli-orders-none') : drawOrders(context, orders));
}

function parseStates(text: string): OrderState[] {
  return text.split(',').map((word) => {
    const state = ORDER_STATES.find((one) => one === word.trim());
    if (state !== undefined) return state;
    throw new BotpoolError('input_invalid', {
      field: '--state',
      problem: `${word.trim()}; expected ${ORDER_STATES.join(', ')}`,
    });
  });
}

function drawOrders(context: CliContext, orders: readonly OrderView[]): string {
  const columns = [
    'cli-column-order',
    'cli-column-state',
    'cli-column-sum',
    'cli-column-client',
    'cli-column-company',
    'cli-column-since',
  ] as const;
  const rows = orders.map((order) => [
    String(order.number),
    stateOf(context, order),
    order.amount === null ? '' : money(order.amount, order.currency ?? 'RUB', context.locale),
    order.clientId ?? '',
    order.company ?? '',
    ago(order.updatedAt.getTime(), Date.now(), context.locale),
  ]);
  return table(
    columns.map((key) => context.say(key)),
    rows,
  );
}

function stateOf(context: CliContext, { state, place, reason }: OrderView): string {
  if (place !== null) return context.say('cli-order-queued', { place });
  return reason === null || state === 'active' ? state : `${state} (${reason})`;
}

async function show(context: CliContext, _options: object, [order = '']: readonly string[]): Promise<undefined> {
  const details = await withControlPlane(context, ({ client }) => client.orders.show({ order }));
  context.data(details);
  draw(context, details);
}

function draw(context: CliContext, { order, payments, refunds }: OrderDetails): void {
  const link = order.botUsername === null ? '' : `  https://t.me/${order.botUsername}`;
  context.line(`№ ${order.number}  ${stateOf(context, order)}  ${order.clientId ?? ''}${link}`);
  const buyer = `${order.buyerName ?? ''} ${order.buyerId}`.trim();
  context.line(context.say('cli-order-facts', { company: order.company ?? '', plan: order.planId ?? '', buyer }));
  for (const { status, amount, currency, effect, cancelReason, providerId } of payments) {
    const facts = [status, effect, cancelReason, providerId].filter((part) => part !== null).join('  ');
    context.line(`  + ${money(amount, currency, context.locale)}  ${facts}`);
  }
  for (const { status, amount, currency, reason, actor } of refunds) {
    context.line(`  − ${money(amount, currency, context.locale)}  ${status}  ${reason}  ${actor}`);
  }
  if (order.confirmationUrl !== null) context.line(order.confirmationUrl);
}

async function retry(context: CliContext, _options: object, [ref = '']: readonly string[]): Promise<undefined> {
  const order = await withControlPlane(context, ({ client }) => client.orders.retry({ order: ref }));
  context.data(order);
  context.line(context.say('cli-order-retried', { order: order.number }));
}

async function refund(
  context: CliContext,
  { amount: text, reason, confirm }: z.output<typeof refundOptions>,
  [ref = '']: readonly string[],
): Promise<undefined> {
  const amount = text === undefined ? undefined : parseMoney(text);
  await withControlPlane(context, async ({ client }) => {
    const { order } = await client.orders.show({ order: ref });
    const number = String(order.number);
    const left = (order.amount ?? 0) - order.refunded;
    const sum = money(amount ?? left, order.currency ?? 'RUB', context.locale);
    const question = context.say('cli-order-refund-ask', { order: number, sum, company: order.company ?? '' });
    const typed = confirm ?? (await context.host.ask?.(`${question} `));
    if (typed?.trim() !== number) {
      throw new BotpoolError('input_invalid', { field: '--confirm', problem: `${question}` });
    }
    const details = await client.orders.refund({ order: ref, reason, ...(amount === undefined ? {} : { amount }) });
    context.data(details);
    context.line(context.say('cli-order-refunded', { order: number, sum }));
  });
}
