/** The state of a backup as a word with its colour, and why it is not well. */
import type { BackupState, BackupView } from '#shared/schemas/backup.ts';
import { useErrorText } from '../../client/error-text.ts';
import { asFailureData } from '../../client/failure.ts';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { useSay } from '../../i18n/i18n.ts';

const TONES: Readonly<Record<BackupState, Tone>> = {
  running: 'activating',
  stored: 'waiting',
  verified: 'active',
  suspect: 'failed',
  failed: 'failed',
};

/** See the file. */
export function BackupChip({ state }: { readonly state: BackupState }) {
  const say = useSay();
  return <Chip tone={TONES[state]}>{say(`backup-state-${state}`)}</Chip>;
}

/** The sentence of what is wrong with it; nothing when nothing is. */
export function BackupReason({ backup }: { readonly backup: Pick<BackupView, 'code' | 'facts'> }) {
  const { code, facts } = backup;
  return <>{useErrorText(code === null ? undefined : asFailureData({ code, data: facts }))}</>;
}
