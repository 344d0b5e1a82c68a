/** The state of a run as a word with its colour. */
import type { RunState } from '#shared/state/run-state.ts';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { useSay } from '../../i18n/i18n.ts';

const TONES: Readonly<Record<RunState, Tone>> = {
  queued: 'waiting',
  running: 'activating',
  succeeded: 'active',
  failed: 'failed',
  missed: 'failed',
  skipped: 'draining',
  replaced: 'draining',
};

/** See the file. */
export function RunChip({ state }: { readonly state: RunState }) {
  const say = useSay();
  return <Chip tone={TONES[state]}>{say(`run-state-${state}`)}</Chip>;
}
