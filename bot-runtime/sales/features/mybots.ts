/** Owns all that an owner does later: the list of bots, one of them, and what can be asked about it. */
import { type Button, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import type { BuyerBot, OrderView } from '#shared/schemas/sales.ts';
import type { BuyerAction } from '#shared/state/order-state.ts';
import { day, daysLeft, money, planName } from '../format.ts';
import { button, buyerOf, data, type SalesTexts, type Turn } from '../turn.ts';
import { homeButton } from './home.ts';
import { orderScreen } from './order-screen.ts';

/** Orders that are on their way. */
const UNDER_WAY = ['awaiting_token', 'awaiting_payment', 'paid', 'activating', 'failed'];
const LISTED_ORDERS = 5;

/** Lists the person's bots, and the orders that are on their way. */
export async function myBots(turn: Turn): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  await shop.people.close(person.telegramId);
  const [bots, orders] = await Promise.all([
    shop.desk.listBots(person.telegramId),
    shop.desk.listOrders(person.telegramId),
  ]);
  const open = orders.filter(({ state }) => UNDER_WAY.includes(state)).slice(0, LISTED_ORDERS);
  const rows = [
    ...bots.map((bot) => [{ text: `${sign(bot)} ${bot.company}`, data: data('c', bot.clientId) }]),
    ...open.map((order) => [{ text: orderLabel(texts, order), data: data('w', order.id) }]),
  ];
  const html = texts.html(rows.length === 0 ? 'mybots-none' : 'mybots');
  await show(ctx, html, [...rows, [button(texts, 'button-buy', 'p')], [homeButton(texts)]]);
}

function sign({ serving, state, queued }: BuyerBot): string {
  if (serving) return '🟢';
  return state === 'active' || queued ? '🟡' : '⏸';
}

function orderLabel(texts: SalesTexts, order: OrderView): string {
  return texts.plain('order-label', { number: order.number, company: order.company ?? '…' });
}

/** Shows where one order stands; the message goes on following it. */
export async function showOrder(turn: Turn, orderId: string): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const order = await shop.desk.readOrder(orderId, person.telegramId);
  const { html, rows } = orderScreen(texts, order, shop.services.now());
  const messageId = await show(ctx, html, rows);
  if (messageId !== undefined) await shop.desk.setMessage(order.id, messageId);
}

/** Shows one bot. */
export async function showBot(turn: Turn, clientId: string): Promise<void> {
  const { shop, person, ctx } = turn;
  await shop.people.close(person.telegramId);
  const bot = await shop.desk.readBot(clientId, person.telegramId);
  const plans = await shop.desk.listPlans();
  const plan = plans.find(({ id }) => id === bot.planId);
  await show(
    ctx,
    botHtml(turn, bot, plan === undefined ? bot.planId : planName(plan, turn.texts.locale)),
    botRows(turn, bot),
  );
}

function botHtml({ texts, shop }: Turn, bot: BuyerBot, plan: string | null): string {
  const state = bot.serving ? 'bot-serving' : bot.state === 'active' ? 'bot-starting' : 'bot-suspended';
  const lines = [
    texts.html('bot-title', { company: bot.company, bot: bot.botUsername ?? '—' }),
    texts.html(state),
    paidLine(texts, bot, shop.services.now()),
    ...(plan === null ? [] : [texts.html('bot-plan', { plan })]),
    bot.autoRenew ? texts.html('bot-renews', { method: bot.methodTitle ?? '' }) : texts.html('bot-renews-not'),
  ];
  return lines.join('\n');
}

function paidLine(texts: SalesTexts, bot: BuyerBot, now: number): string {
  if (bot.paidUntil === null) return texts.html('bot-unpaid');
  const facts = { date: day(bot.paidUntil, texts.locale, bot.timeZone), days: daysLeft(bot.paidUntil, now) };
  if (bot.paidUntil.getTime() > now) return texts.html('bot-paid', facts);
  const grace = bot.graceUntil !== null && bot.graceUntil.getTime() > now ? bot.graceUntil : undefined;
  return grace === undefined
    ? texts.html('bot-over', facts)
    : texts.html('bot-grace', { date: day(grace, texts.locale, bot.timeZone) });
}

function botRows({ texts }: Turn, bot: BuyerBot): Button[][] {
  const id = bot.clientId;
  const running = bot.state === 'active';
  return [
    ...(bot.botUsername === null
      ? []
      : [[{ text: texts.plain('button-open'), url: `https://t.me/${bot.botUsername}` }]]),
    [button(texts, 'button-renew', 'rn', id)],
    ...(bot.methodTitle === null
      ? []
      : [[button(texts, bot.autoRenew ? 'button-renew-off' : 'button-renew-on', 'ar', id, bot.autoRenew ? 0 : 1)]]),
    [
      button(texts, running ? 'button-suspend' : 'button-resume', running ? 'sa' : 're', id),
      button(texts, 'button-new-token', 'nt', id),
    ],
    [button(texts, 'button-export', 'ex', id), button(texts, 'button-delete', 'da', id)],
    [button(texts, 'button-mybots', 'm')],
  ];
}

/** Offers the plans for another period; another plan than before counts from its end on. */
export async function choosePeriod(turn: Turn, clientId: string): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const bot = await shop.desk.readBot(clientId, person.telegramId);
  const plans = await shop.desk.listPlans(bot.kind);
  const rows = plans.flatMap((plan) => {
    const facts = { plan: planName(plan, texts.locale), price: money(plan.price, plan.currency, texts.locale) };
    const now = plan.id === bot.planId ? '✓ ' : '';
    return [[{ text: now + texts.plain('button-plan', facts), data: data('rp', clientId, plan.id, 0) }]];
  });
  const saving = plans.find(({ id }) => id === bot.planId) ?? plans[0];
  const save = saving === undefined ? [] : [[button(texts, 'button-renew-saving', 'rp', clientId, saving.id, 1)]];
  await show(ctx, texts.html('choose-period', { company: bot.company }), [
    ...rows,
    ...save,
    [button(texts, 'button-back', 'c', clientId)],
  ]);
}

/** Opens the order for another period and shows it. */
export async function renew(turn: Turn, clientId: string, planId: string, saveMethod: boolean): Promise<void> {
  const { shop, updateId, person } = turn;
  const id = idOf('renewal', person.telegramId, updateId);
  const order = await shop.desk.openRenewal(id, buyerOf(turn), { clientId, planId, saveMethod });
  await showOrder(turn, order.id);
}

/** Switches automatic renewal. */
export async function setAutoRenew(turn: Turn, clientId: string, on: boolean): Promise<void> {
  await turn.shop.desk.setAutoRenew(turn.person.telegramId, clientId, on);
  await showBot(turn, clientId);
}

/** Asks again before something stops, and says what that means. */
export async function askSuspend(turn: Turn, clientId: string): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const bot = await shop.desk.readBot(clientId, person.telegramId);
  await show(ctx, texts.html('ask-suspend', { company: bot.company }), [
    [button(texts, 'button-suspend-yes', 'su', clientId)],
    [button(texts, 'button-back', 'c', clientId)],
  ]);
}

/** Asks again before everything is lost. The data is sent before in any case. */
export async function askDelete(turn: Turn, clientId: string): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const bot = await shop.desk.readBot(clientId, person.telegramId);
  await show(ctx, texts.html('ask-delete', { company: bot.company }), [
    [button(texts, 'button-delete-yes', 'de', clientId)],
    [button(texts, 'button-back', 'c', clientId)],
  ]);
}

/** Asks the control plane for something about a bot; its end is told by itself. */
export async function request(turn: Turn, clientId: string, action: BuyerAction, afterwards?: 'delete'): Promise<void> {
  const { shop, person, chatId, updateId, ctx, texts } = turn;
  const id = idOf(action, person.telegramId, updateId);
  await shop.desk.request(id, buyerOf(turn), { clientId, action });
  await shop.people.follow(id, person.telegramId, chatId, afterwards);
  await show(ctx, texts.html('request-begun'), [[button(texts, 'button-mybots', 'm')]]);
}

/** Asks for another token of the bot. */
export async function askNewToken(turn: Turn, clientId: string): Promise<void> {
  const { shop, person, updateId, ctx, texts } = turn;
  const bot = await shop.desk.readBot(clientId, person.telegramId);
  await shop.people.ask(person.telegramId, { ask: 'new_token', client: clientId }, updateId);
  await show(ctx, texts.html('ask-new-token', { company: bot.company, bot: bot.botUsername ?? '' }), [
    [{ text: 'BotFather', url: 'https://t.me/BotFather' }],
    [button(texts, 'button-back', 'c', clientId)],
  ]);
}
