/** Owns what an order looks like in each of its states: the message that changes by itself. Pure. */
import type { Rows } from '#bot-runtime/runtime/dialog/screen.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import { clock, money } from '../format.ts';
import { button, type SalesTexts } from '../turn.ts';
import { homeButton } from './home.ts';

/** A text with its buttons. */
export interface Screen {
  readonly html: string;
  readonly rows: Rows;
}

/** How an order that has been asked to be paid looks now. `now` in milliseconds since the epoch. */
export function orderScreen(texts: SalesTexts, order: OrderView, now: number): Screen {
  const facts = {
    number: order.number,
    company: order.company ?? '',
    bot: order.botUsername ?? '',
    price: order.amount === null ? '' : money(order.amount, order.currency ?? 'RUB', texts.locale),
  };
  switch (order.state) {
    case 'draft':
    case 'awaiting_token':
      return { html: texts.html('order-open', facts), rows: [[button(texts, 'button-go-on', 'z', order.id)]] };
    case 'awaiting_payment':
      return awaitingPayment(texts, order, facts);
    case 'paid':
    case 'activating':
      return { html: `${texts.html('order-paid', facts)}\n\n${progress(texts, order, now)}`, rows: [] };
    case 'active':
      return {
        html: texts.html(order.purpose === 'new' ? 'order-active' : 'order-renewed', facts),
        rows: order.clientId === null ? [] : [[button(texts, 'button-mybots', 'm')]],
      };
    case 'failed':
      return failed(texts, order, facts);
    case 'refunded': {
      const back = money(order.refunded, order.currency ?? 'RUB', texts.locale);
      return { html: texts.html('order-refunded', { ...facts, back }), rows: [[homeButton(texts)]] };
    }
    case 'cancelled':
      return {
        html: texts.html(order.reason === 'buyer' ? 'order-cancelled' : 'order-expired', facts),
        rows: [[button(texts, 'button-buy', 'p')]],
      };
  }
}

type Facts = Readonly<Record<string, string | number>>;

function awaitingPayment(texts: SalesTexts, order: OrderView, facts: Facts): Screen {
  const drop = button(texts, 'button-drop', 'd', order.id);
  const declined = order.paymentStatus === 'canceled';
  if (order.confirmationUrl === null) {
    const again = button(texts, 'button-pay-again', 'y', order.id);
    return { html: texts.html(declined ? 'order-declined' : 'order-link', facts), rows: [[again], [drop]] };
  }
  const pay = { text: texts.plain('button-pay', { price: facts['price'] ?? '' }), url: order.confirmationUrl };
  return { html: texts.html('order-waiting', facts), rows: [[pay], [drop]] };
}

/** Where an order that is paid stands: its place in the queue, or the bot that starts. */
function progress(texts: SalesTexts, order: OrderView, now: number): string {
  if (order.purpose === 'renewal') return texts.html('progress-renewal');
  if (order.place !== null) {
    const place = { place: order.place };
    if (order.expectedAt === null) return texts.html('progress-queued', place);
    const minutes = Math.max(1, Math.ceil((order.expectedAt.getTime() - now) / 60_000));
    return texts.html('progress-expected', { ...place, minutes, time: clock(order.expectedAt, texts.locale) });
  }
  return texts.html(order.state === 'activating' ? 'progress-starting' : 'progress-taking');
}

function failed(texts: SalesTexts, order: OrderView, facts: Facts): Screen {
  const another = [[button(texts, 'button-other-token', 't', order.id)], [button(texts, 'button-support', 'u')]];
  switch (order.reason) {
    case 'token_invalid':
      return { html: texts.html('failed-token-invalid', facts), rows: another };
    case 'token_in_use':
      return { html: texts.html('failed-token-in-use', facts), rows: another };
    case 'token_taken':
      return { html: texts.html('failed-token-taken', facts), rows: another };
    default:
      return { html: texts.html('failed-other', facts), rows: [[button(texts, 'button-support', 'u')]] };
  }
}
