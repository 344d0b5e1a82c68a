/** How a client is, in one word: what is wanted of it and what it has. */
import type { TenantView } from '#shared/api/tenants.ts';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { useSay } from '../../i18n/i18n.ts';

/** `waiting`: it is to have a bot and has none yet. */
export type ClientMode = 'active' | 'activating' | 'waiting' | 'suspended' | 'deleted';

/** Pure. */
export function clientMode({ state, serving, container }: TenantView): ClientMode {
  if (state !== 'active') return state;
  if (serving) return 'active';
  return container === null ? 'waiting' : 'activating';
}

const TONES: Readonly<Record<ClientMode, Tone>> = {
  active: 'active',
  activating: 'activating',
  waiting: 'failed',
  suspended: 'draining',
  deleted: 'plain',
};

/** The word. */
export function ClientState({ client }: { readonly client: TenantView }) {
  const say = useSay();
  const mode = clientMode(client);
  return <Chip tone={TONES[mode]}>{say(`client-mode-${mode}`)}</Chip>;
}
