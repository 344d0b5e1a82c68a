/** Owns the way from the price list to the summary: plan, kind, company. What is chosen stands in the order itself. */
import { show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import type { OrderView, PlanView } from '#shared/schemas/sales.ts';
import { money, planName } from '../format.ts';
import { button, buyerOf, data, type Turn } from '../turn.ts';
import { askBot } from './bot.ts';
import { homeButton } from './home.ts';
import { showOrder } from './mybots.ts';
import { showSummary } from './summary.ts';

/** Shows what is on sale. */
export async function plans(turn: Turn): Promise<void> {
  const { ctx, texts, shop } = turn;
  const onSale = await shop.desk.listPlans();
  if (onSale.length === 0) return void (await show(ctx, texts.html('plans-none'), [[homeButton(texts)]]));
  const lines = onSale.map((plan) => texts.html('plan-line', planFacts(turn, plan)));
  const rows = onSale.map((plan) => [
    { text: texts.plain('button-plan', planFacts(turn, plan)), data: data('o', plan.id) },
  ]);
  await show(ctx, [texts.html('plans'), '', ...lines].join('\n'), [...rows, [homeButton(texts)]]);
}

function planFacts({ texts }: Turn, plan: PlanView): Record<string, string | number> {
  const { locale } = texts;
  const monthly = Math.round(plan.price / plan.months / 100) * 100;
  return {
    plan: planName(plan, locale),
    price: money(plan.price, plan.currency, locale),
    months: plan.months,
    monthly: money(monthly, plan.currency, locale),
  };
}

/** Begins an order with a plan, then asks for what is missing. */
export async function beginOrder(turn: Turn, planId: string): Promise<void> {
  const { shop, updateId, person } = turn;
  const order = await shop.desk.openOrder(idOf('order', person.telegramId, updateId), buyerOf(turn), {
    planId,
    ...(person.referral === null ? {} : { referral: person.referral }),
  });
  const plan = (await shop.desk.listPlans()).find(({ id }) => id === order.planId);
  if (plan !== undefined && plan.kinds.length > 1) return await askKind(turn, order, plan);
  await askCompany(turn, order);
}

async function askKind({ ctx, texts }: Turn, order: OrderView, plan: PlanView): Promise<void> {
  const rows = plan.kinds.map((kind) => [
    {
      text: texts.plain(kind === 'booking' ? 'kind-booking' : 'kind-other', { kind }),
      data: data('k', order.id, kind),
    },
  ]);
  await show(ctx, texts.html('ask-kind'), [...rows, [button(texts, 'button-drop', 'd', order.id)]]);
}

/** Takes the kind of bot. */
export async function chooseKind(turn: Turn, orderId: string, kind: string): Promise<void> {
  const { shop, person } = turn;
  await askCompany(turn, await shop.desk.changeOrder(orderId, person.telegramId, { kind }));
}

/** Asks how the business is called. */
export async function askCompany(turn: Turn, order: OrderView): Promise<void> {
  const { shop, person, updateId, ctx, texts } = turn;
  await shop.people.ask(person.telegramId, { ask: 'company', order: order.id }, updateId);
  await show(ctx, texts.html('ask-company'), [[button(texts, 'button-drop', 'd', order.id)]]);
}

/** Takes the name of the business. */
export async function takeCompany(turn: Turn, orderId: string, text: string | undefined): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const company = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (company === '' || company.startsWith('/') || [...company].length > 64) {
    await show(ctx, texts.html('company-wrong'), [[button(texts, 'button-drop', 'd', orderId)]]);
    return;
  }
  await nextStep(turn, await shop.desk.changeOrder(orderId, person.telegramId, { company }));
}

/** Opens an order again: what is missing is asked for, and one that is on its way is shown. */
export async function goOn(turn: Turn, orderId: string): Promise<void> {
  const { shop, person } = turn;
  const order = await shop.desk.readOrder(orderId, person.telegramId);
  if (order.state !== 'draft' && order.state !== 'awaiting_token') return await showOrder(turn, orderId);
  await shop.people.close(person.telegramId);
  await nextStep(turn, order);
}

/** Goes on with an order where it stands. */
async function nextStep(turn: Turn, order: OrderView): Promise<void> {
  if (order.planId === null) return await plans(turn);
  if (order.company === null) return await askCompany(turn, order);
  if (!order.hasToken) return await askBot(turn, order);
  await showSummary(turn, order);
}

/** Drops an order that is not paid. */
export async function dropOrder(turn: Turn, orderId: string): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  await shop.people.close(person.telegramId);
  await shop.desk.cancelOrder(orderId, person.telegramId);
  await show(ctx, texts.html('order-dropped'), [[button(texts, 'button-buy', 'p')], [homeButton(texts)]]);
}
