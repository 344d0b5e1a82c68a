/** Owns the step from the summary to the message that follows the order. */
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { Turn } from '../turn.ts';
import { showOrder } from './mybots.ts';

/** Agrees on price and period. The link, the payment and the start of the bot show by themselves afterwards. */
export async function pay(turn: Turn, orderId: string): Promise<void> {
  const { shop, person } = turn;
  try {
    await shop.desk.askPayment(orderId, person.telegramId);
  } catch (error) {
    // Pressed once more after it went on: how it stands is the answer.
    if (!isBotpoolError(error, 'order_closed')) throw error;
  }
  await showOrder(turn, orderId);
}
