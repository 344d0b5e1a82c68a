/** Owns the last look before the payment: what is bought, for whom, and where the receipt goes. */
import { show } from '#bot-runtime/runtime/dialog/screen.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import { money, planName } from '../format.ts';
import { button, data, type Turn } from '../turn.ts';

/** Shows everything that was chosen; each choice can be changed here. */
export async function showSummary(turn: Turn, order: OrderView): Promise<void> {
  const { ctx, texts, shop } = turn;
  const plan = (await shop.desk.listPlans()).find(({ id }) => id === order.planId);
  if (plan === undefined) {
    await show(ctx, texts.html('plan-gone'), [[button(texts, 'button-buy', 'p')]]);
    return;
  }
  const price = money(plan.price, plan.currency, texts.locale);
  const html = texts.html('summary', {
    plan: planName(plan, texts.locale),
    company: order.company ?? '',
    bot: order.botUsername ?? '',
    price,
    receipt: order.receiptContact ?? texts.plain('receipt-none'),
    renew: texts.plain(order.saveMethod ? 'renew-yes' : 'renew-no'),
  });
  await show(ctx, html, [
    [{ text: texts.plain('button-pay', { price }), data: data('y', order.id) }],
    [button(texts, 'button-receipt', 'r', order.id)],
    [button(texts, order.saveMethod ? 'button-renew-off' : 'button-renew-on', 's', order.id, order.saveMethod ? 0 : 1)],
    [button(texts, 'button-change-company', 'n', order.id), button(texts, 'button-change-bot', 't', order.id)],
    [button(texts, 'button-drop', 'd', order.id)],
  ]);
}

/** Asks where the receipt goes. */
export async function askContact(turn: Turn, orderId: string): Promise<void> {
  const { shop, person, updateId, ctx, texts } = turn;
  await shop.desk.readOrder(orderId, person.telegramId);
  await shop.people.ask(person.telegramId, { ask: 'contact', order: orderId }, updateId);
  await show(ctx, texts.html('ask-contact'), [[button(texts, 'button-back', 'z', orderId)]]);
}

/** Takes an e-mail address or a phone number. */
export async function takeContact(turn: Turn, orderId: string, text: string | undefined): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const contact = contactOf(text ?? '');
  if (contact === undefined) {
    await show(ctx, texts.html('contact-wrong'), [[button(texts, 'button-back', 'z', orderId)]]);
    return;
  }
  const order = await shop.desk.changeOrder(orderId, person.telegramId, { receiptContact: contact });
  await shop.people.close(person.telegramId);
  await showSummary(turn, order);
}

/** An e-mail address, or a phone number as eleven digits. */
function contactOf(text: string): string | undefined {
  const word = text.trim();
  if (/^[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@]{2,20}$/.test(word)) return word;
  const digits = word.replaceAll(/[\s()+-]/g, '').replace(/^8(?=\d{10}$)/, '7');
  return /^\d{11}$/.test(digits) ? digits : undefined;
}

/** Switches saving of the card for later periods. */
export async function setSaving(turn: Turn, orderId: string, on: boolean): Promise<void> {
  const { shop, person } = turn;
  await showSummary(turn, await shop.desk.changeOrder(orderId, person.telegramId, { saveMethod: on }));
}
