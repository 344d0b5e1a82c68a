/** The way back: which client and how, then what would change without anything being done, then its name typed. */
import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { BackupDetails } from '#shared/schemas/backup.ts';
import { CLIENT_ID_PATTERN } from '#shared/schemas/tenant.ts';
import { displayName } from '../../components/display-name.ts';
import { Name } from '../../components/name.tsx';
import { exactTime } from '../../i18n/format.ts';
import { type Say, useLocale, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { nextClientId } from '../activate/draft.ts';
import { DryRun } from './dry-run.tsx';
import type { RestoreChoice, RestoreWish } from './restore-wish.ts';
import { useRestore } from './use-restore.ts';

const HOWS = ['back', 'copy', 'table'] as const;

/** Nothing while nothing is wished. */
export function RestoreWizard({ wish, onClose }: { readonly wish: RestoreWish | null; readonly onClose: () => void }) {
  const say = useSay();
  const locale = useLocale();
  return (
    <Modal
      opened={wish !== null}
      onClose={onClose}
      size="lg"
      title={wish === null ? '' : say('restore-title', { time: exactTime(wish.backup.startedAt.getTime(), locale) })}
      closeButtonProps={{ 'aria-label': say('action-close') }}
      // A click beside it does not throw away what was chosen and typed.
      closeOnClickOutside={false}
    >
      {wish === null ? null : <Wizard key={`${wish.backup.id} ${wish.clientId}`} wish={wish} onClose={onClose} />}
    </Modal>
  );
}

function Wizard({ wish, onClose }: { readonly wish: RestoreWish; readonly onClose: () => void }) {
  const { backup } = wish;
  const tenants = useStore(tenantsStore, (state) => state.tenants) ?? [];
  const [choice, setChoice] = useState<RestoreChoice>(() => ({
    how: 'back',
    clientId: wish.clientId,
    copyId: nextClientId([...tenants, ...backup.clients]),
    table: 'bookings',
  }));
  const [looking, setLooking] = useState(false);
  const restore = useRestore(backup.id);
  if (!looking) {
    return <Choose backup={backup} choice={choice} onChoice={setChoice} onNext={() => setLooking(true)} />;
  }
  return (
    <DryRun
      backupId={backup.id}
      choice={choice}
      onTable={(table) => setChoice({ ...choice, table })}
      onBack={() => setLooking(false)}
      onGo={() => {
        onClose();
        restore(choice);
      }}
    />
  );
}

/** Why this number cannot be taken; undefined when it can. */
function copyProblem(copyId: string, taken: readonly string[], say: Say): string | undefined {
  if (!CLIENT_ID_PATTERN.test(copyId)) return say('restore-copy-malformed');
  return taken.includes(copyId) ? say('restore-copy-taken') : undefined;
}

function Choose(props: {
  readonly backup: BackupDetails;
  readonly choice: RestoreChoice;
  readonly onChoice: (choice: RestoreChoice) => void;
  readonly onNext: () => void;
}) {
  const { backup, choice, onChoice, onNext } = props;
  const say = useSay();
  const tenants = useStore(tenantsStore, (state) => state.tenants) ?? [];
  const change = (part: Partial<RestoreChoice>): void => onChoice({ ...choice, ...part });
  const problem =
    choice.how === 'copy'
      ? copyProblem(
          choice.copyId,
          tenants.map(({ clientId }) => clientId),
          say,
        )
      : undefined;
  const next = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === undefined) onNext();
  };
  return (
    <form onSubmit={next}>
      <Stack gap="md">
        {backup.clients.length < 2 ? (
          <Text size="sm">
            <Name text={backup.clients[0]?.company ?? choice.clientId} max={60} /> · {choice.clientId}
          </Text>
        ) : (
          <Select
            label={say('restore-client')}
            data={backup.clients.map(({ clientId, company }) => ({
              value: clientId,
              label: `${displayName(company, 40)} · ${clientId}`,
            }))}
            value={choice.clientId}
            onChange={(clientId) => change({ clientId: clientId ?? choice.clientId })}
            searchable
            allowDeselect={false}
            limit={100}
          />
        )}
        <Radio.Group
          label={say('restore-how')}
          value={choice.how}
          onChange={(value) => change({ how: HOWS.find((how) => how === value) ?? 'back' })}
        >
          <Stack gap="sm" mt="xs">
            {HOWS.map((how) => (
              <Radio key={how} value={how} label={say(`restore-how-${how}`)} description={say(`restore-${how}-text`)} />
            ))}
          </Stack>
        </Radio.Group>
        {choice.how === 'copy' ? (
          <TextInput
            label={say('restore-copy-id')}
            value={choice.copyId}
            onChange={(event) => change({ copyId: event.currentTarget.value.trim() })}
            error={problem}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={problem !== undefined}>
            {say('restore-look')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
