/** The state of an order as a word with its colour. */
import type { OrderState } from '#shared/state/order-state.ts';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { useSay } from '../../i18n/i18n.ts';

const TONES: Readonly<Record<OrderState, Tone>> = {
  draft: 'plain',
  awaiting_token: 'waiting',
  awaiting_payment: 'waiting',
  paid: 'activating',
  activating: 'activating',
  active: 'active',
  failed: 'failed',
  refunded: 'draining',
  cancelled: 'plain',
};

/** See the file. */
export function OrderChip({ state }: { readonly state: OrderState }) {
  const say = useSay();
  return <Chip tone={TONES[state]}>{say(`order-state-${state}`)}</Chip>;
}
