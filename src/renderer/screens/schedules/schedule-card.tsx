/** One schedule: its sentence, its next and its last run, and what one can do with it. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import {
  IconHistory,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconTrash,
} from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { ScheduleView } from '#shared/api/schedules.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { Card } from '../../components/screen.tsx';
import { Chip } from '../../components/state-chip.tsx';
import { duration } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { RunChip } from './run-state.tsx';
import classes from './schedules.module.css';
import { ScheduleSentence } from './sentence.tsx';

/** See the file. */
export function ScheduleCard({ schedule, onEdit }: { readonly schedule: ScheduleView; readonly onEdit: () => void }) {
  const say = useSay();
  const { name, paused, builtIn } = schedule;
  return (
    <Card
      title={name}
      extra={
        <Group gap={6}>
          {builtIn ? <Chip tone="plain">{say('schedule-built-in')}</Chip> : null}
          {paused === null ? null : <Chip tone="draining">{say('schedule-paused')}</Chip>}
        </Group>
      }
    >
      <Stack gap="sm">
        <Text size="sm">
          <ScheduleSentence schedule={schedule} />
        </Text>
        {paused === null ? null : (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {say('schedule-paused-by', { by: paused.by, reason: paused.reason })} · <Ago at={paused.at.getTime()} />
          </Text>
        )}
        <Times schedule={schedule} />
        <Buttons schedule={schedule} onEdit={onEdit} />
      </Stack>
    </Card>
  );
}

function Times({ schedule: { next, last } }: { readonly schedule: ScheduleView }) {
  const say = useSay();
  const locale = useLocale();
  const [first] = next;
  return (
    <div className={classes['times']}>
      {first === undefined ? null : (
        <span>
          {say('schedule-next')} <Ago at={first.getTime()} />
        </span>
      )}
      {last === null ? (
        <span>{say('schedule-never')}</span>
      ) : (
        <span>
          {say('schedule-last')} <Ago at={(last.startedAt ?? last.dueAt).getTime()} /> <RunChip state={last.state} />{' '}
          {last.startedAt !== null && last.endedAt !== null
            ? duration(Math.max(1, last.endedAt.getTime() - last.startedAt.getTime()), locale)
            : null}
        </span>
      )}
    </div>
  );
}

function Buttons({ schedule, onEdit }: { readonly schedule: ScheduleView; readonly onEdit: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const [question, setQuestion] = useState<Question | null>(null);
  const [pausing, setPausing] = useState(false);
  const { name, paused, builtIn } = schedule;
  const history = { label: say('schedule-history'), href: hrefOf('schedules', { schedule: name }) };
  const run = (): void =>
    void perform({
      doing: say('schedule-running'),
      done: say('schedule-started', { name }),
      run: () => client.schedules.run({ name }),
      link: history,
    });
  const pause = (reason: string): void =>
    void perform({
      doing: say('schedule-pausing', { name }),
      done: say('schedule-pause-done', { name }),
      run: () => client.schedules.pause({ name, reason }),
      undo: () => resume(),
    });
  const resume = (): void =>
    void perform({
      doing: say('schedule-resuming', { name }),
      done: say('schedule-resumed', { name }),
      run: () => client.schedules.resume({ name }),
      ...(paused === null ? {} : { undo: () => pause(paused.reason) }),
    });
  const askRemove = (): void =>
    setQuestion({
      title: say('schedule-remove-of', { name }),
      lost: say('schedule-remove-lost'),
      name,
      confirm: say('schedule-remove'),
      onConfirm: () =>
        void perform({
          doing: say('schedule-removing', { name }),
          done: say('schedule-removed', { name }),
          run: () => client.schedules.remove({ name }),
        }),
    });
  const button = { size: 'compact-sm', variant: 'default' } as const;
  return (
    <Group gap={6}>
      <Button
        {...button}
        component="a"
        href={history.href}
        aria-label={say('schedule-history-of', { name })}
        leftSection={<IconHistory size={15} aria-hidden />}
      >
        {history.label}
      </Button>
      {mayOperate ? (
        <>
          <Button
            {...button}
            aria-label={say('schedule-run-of', { name })}
            leftSection={<IconPlayerTrackNext size={15} aria-hidden />}
            onClick={run}
          >
            {say('schedule-run')}
          </Button>
          {paused === null ? (
            <Button
              {...button}
              aria-label={say('schedule-pause-of', { name })}
              leftSection={<IconPlayerPause size={15} aria-hidden />}
              onClick={() => setPausing(true)}
            >
              {say('schedule-pause')}
            </Button>
          ) : (
            <Button
              {...button}
              aria-label={say('schedule-resume-of', { name })}
              leftSection={<IconPlayerPlay size={15} aria-hidden />}
              onClick={resume}
            >
              {say('schedule-resume')}
            </Button>
          )}
          <Button
            {...button}
            aria-label={say('schedule-edit-of', { name })}
            leftSection={<IconPencil size={15} aria-hidden />}
            onClick={onEdit}
          >
            {say('schedule-edit')}
          </Button>
          {builtIn ? null : (
            <Button
              {...button}
              c="var(--bad-ink)"
              aria-label={say('schedule-remove-of', { name })}
              leftSection={<IconTrash size={15} aria-hidden />}
              onClick={askRemove}
            >
              {say('schedule-remove')}
            </Button>
          )}
        </>
      ) : null}
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
      <PauseDialog name={name} opened={pausing} onClose={() => setPausing(false)} onPause={pause} />
    </Group>
  );
}

/** Whoever finds it paused next month wants to know why. */
function PauseDialog(props: {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onPause: (reason: string) => void;
}) {
  const { name, opened, onClose, onPause } = props;
  const say = useSay();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() === '') return;
    onClose();
    onPause(reason.trim());
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={say('schedule-pause-title', { name })}
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">{say('schedule-pause-text')}</Text>
          <TextInput
            label={say('schedule-pause-reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say('action-cancel')}
            </Button>
            <Button type="submit" disabled={reason.trim() === ''}>
              {say('schedule-pause-do')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
