/** The test shop's cards, and what comes of paying with each. Any other number of 16 to 19 digits pays. */

/** What comes of a card. `asks`: the bank wants a code first. */
export type CardOutcome =
  | { readonly kind: 'pays'; readonly asks: boolean }
  | { readonly kind: 'declines'; readonly party: string; readonly reason: string };

const ASKS = new Set(['5555555555554477', '4793128161644804', '2200000000000004']);

const DECLINES: Readonly<Record<string, string>> = {
  '5555555555554592': '3d_secure_failed',
  '5555555555554535': 'call_issuer',
  '5555555555554543': 'card_expired',
  '5555555555554568': 'fraud_suspected',
  '5555555555554527': 'general_decline',
  '5555555555554600': 'insufficient_funds',
  '5555555555554618': 'invalid_card_number',
  '5555555555554626': 'invalid_csc',
  '5555555555554501': 'issuer_unavailable',
  '5555555555554576': 'payment_method_limit_exceeded',
  '5555555555554550': 'payment_method_restricted',
};

const DECLINES_OF_SHOP: Readonly<Record<string, string>> = {
  '5555555555554584': 'country_forbidden',
  '5555555555554634': 'fraud_suspected',
};

/** What comes of a card's number; undefined when it is none. */
export function outcomeOfCard(card: string): CardOutcome | undefined {
  if (!/^\d{16,19}$/.test(card)) return undefined;
  const [bank, shop] = [DECLINES[card], DECLINES_OF_SHOP[card]];
  if (bank !== undefined) return { kind: 'declines', party: 'payment_network', reason: bank };
  if (shop !== undefined) return { kind: 'declines', party: 'yoo_money', reason: shop };
  return { kind: 'pays', asks: ASKS.has(card) };
}
