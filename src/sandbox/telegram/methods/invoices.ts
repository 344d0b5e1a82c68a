/** Bills inside Telegram: checked, shown, and made into links. Nobody's money moves. */

import { randomText } from '../../random.ts';
import { badRequest } from '../api-error.ts';
import { lengthOf } from '../text/format.ts';
import type { Invoice } from '../types.ts';
import type { Call, MethodTable } from './call.ts';
import { send } from './compose.ts';
import { type ReplyMarkup, readMarkup } from './keyboards.ts';
import { asObject, type Params } from './params.ts';
import { writableChat } from './target.ts';

const MAX_TITLE = 32;
const MAX_DESCRIPTION = 255;
const MAX_PAYLOAD_BYTES = 128;
const MONTH_S = 2_592_000;

function readTotal(params: Params, currency: string): number {
  const prices = params.json('prices', "can't parse prices JSON object");
  if (!Array.isArray(prices) || prices.length === 0) throw badRequest('field "prices" must be a non-empty Array');
  if (currency === 'XTR' && prices.length !== 1) throw badRequest('STARS_INVOICE_INVALID');
  let total = 0;
  for (const item of prices) {
    const price = asObject(item);
    const amount = Number(price?.['amount']);
    if (!Number.isInteger(amount) || typeof price?.['label'] !== 'string')
      throw badRequest("can't parse labeled price");
    total += amount;
  }
  if (total <= 0) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return total;
}

function readInvoice(params: Params): { readonly invoice: Invoice; readonly payload: string } {
  const title = params.text('title');
  const description = params.text('description');
  const payload = params.text('payload');
  const currency = params.text('currency');
  if (title === '' || lengthOf(title) > MAX_TITLE) throw badRequest('INVOICE_TITLE_INVALID');
  if (description === '' || lengthOf(description) > MAX_DESCRIPTION) throw badRequest('INVOICE_DESCRIPTION_INVALID');
  if (payload === '' || Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) throw badRequest('INVOICE_PAYLOAD_INVALID');
  if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('CURRENCY_INVALID');
  if (currency !== 'XTR' && params.text('provider_token') === '') throw badRequest('PAYMENT_PROVIDER_INVALID');
  const start = params.text('start_parameter');
  const invoice = { title, description, start_parameter: start, currency, total_amount: readTotal(params, currency) };
  return { invoice, payload };
}

function withPayButton(markup: ReplyMarkup, invoice: Invoice): ReplyMarkup {
  if (markup.kind === 'inline') {
    if (markup.keyboard.inline_keyboard[0]?.[0]?.pay !== true)
      throw badRequest('the first button must be a Pay button');
    return markup;
  }
  const text =
    invoice.currency === 'XTR'
      ? `Pay ⭐️${invoice.total_amount}`
      : `Pay ${invoice.total_amount / 100} ${invoice.currency}`;
  return { kind: 'inline', keyboard: { inline_keyboard: [[{ text, pay: true }]] } };
}

function sendInvoice(call: Call): unknown {
  const { invoice, payload } = readInvoice(call.params);
  const markup = withPayButton(readMarkup(call.params), invoice);
  return send(call, writableChat(call), { invoice }, { markup, invoicePayload: payload }).message;
}

function createInvoiceLink(call: Call): string {
  const { invoice } = readInvoice(call.params);
  const period = call.params.int('subscription_period', 0);
  if (period !== 0 && (period !== MONTH_S || invoice.currency !== 'XTR'))
    throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  return `https://t.me/$${randomText(call.world.random, 22)}`;
}

/** The methods of this file. */
export const invoiceMethods: MethodTable = { sendinvoice: sendInvoice, createinvoicelink: createInvoiceLink };
