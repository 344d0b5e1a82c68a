/** A state as a word with its colour and its mark, so that neither has to be seen. */
import type { BotState } from '#shared/state/bot-state.ts';
import { useSay } from '../i18n/i18n.ts';
import classes from './components.module.css';

/** The state of a pool bot. */
export function StateChip({ state }: { readonly state: BotState }) {
  const say = useSay();
  return <span className={`${classes['chip']} ${classes[state]}`}>{say(`bot-state-${state}`)}</span>;
}

/** How something is, in one of the colours of the pool. */
export type Tone = 'waiting' | 'active' | 'activating' | 'draining' | 'failed' | 'plain';

/** Any other word. */
export function Chip({ tone, children }: { readonly tone: Tone; readonly children: React.ReactNode }) {
  return <span className={`${classes['chip']} ${classes[tone]}`}>{children}</span>;
}
