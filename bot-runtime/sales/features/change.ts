/** Owns going back to a choice that was made already. */
import type { Turn } from '../turn.ts';
import { askCompany } from './buy.ts';

/** Asks for the name of the business once more. */
export async function askCompanyAgain(turn: Turn, orderId: string): Promise<void> {
  await askCompany(turn, await turn.shop.desk.readOrder(orderId, turn.person.telegramId));
}
