/** The runs of one schedule, newest first: when, why, how long, what became of them and what they said. */
import { Drawer, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import type { RunView, ScheduleView } from '#shared/api/schedules.ts';
import { useAsk } from '../../client/context.tsx';
import { useErrorText } from '../../client/error-text.ts';
import { asFailureData } from '../../client/failure.ts';
import { Ago } from '../../components/ago.tsx';
import { displayLine } from '../../components/display-name.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { duration } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { RunChip } from './run-state.tsx';
import classes from './schedules.module.css';
import { ScheduleSentence } from './sentence.tsx';
import { isTrouble } from './track.ts';

const SHOWN = 200;

/** Nothing while no schedule is chosen. `known`: the list is there, so a name that is not in it is not anywhere. */
export function HistoryDrawer(props: {
  readonly name: string | undefined;
  readonly schedule: ScheduleView | undefined;
  readonly known: boolean;
  readonly onClose: () => void;
}) {
  const { name, schedule, known, onClose } = props;
  const say = useSay();
  return (
    <Drawer
      opened={name !== undefined}
      onClose={onClose}
      position="right"
      size="min(620px, 100vw)"
      title={<strong>{name ?? ''}</strong>}
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {schedule !== undefined ? (
        <History key={schedule.name} schedule={schedule} />
      ) : known && name !== undefined ? (
        <Empty icon={null} title={say('schedule-unknown')} />
      ) : (
        <Loading rows={6} />
      )}
    </Drawer>
  );
}

function History({ schedule }: { readonly schedule: ScheduleView }) {
  const say = useSay();
  const { name, last } = schedule;
  const [only, setOnly] = useState(false);
  const { value, error, reload } = useAsk(
    `history ${name} ${last?.id} ${last?.state}`,
    (client) => client.schedules.history({ name, limit: SHOWN }),
    true,
  );
  const runs = value?.filter(({ state }) => !only || isTrouble(state));
  return (
    <Stack gap="md">
      <p className={classes['quiet']}>
        <ScheduleSentence schedule={schedule} />
      </p>
      <Switch
        label={say('run-only-trouble')}
        checked={only}
        onChange={(event) => setOnly(event.currentTarget.checked)}
      />
      {runs === undefined ? (
        error === undefined ? (
          <Loading rows={8} />
        ) : (
          <Failure error={error} onRetry={reload} />
        )
      ) : runs.length === 0 ? (
        <Empty icon={null} title={say(only ? 'run-none-trouble' : 'run-none')} />
      ) : (
        <ol className={classes['runs']} aria-label={say('schedule-history-of', { name })}>
          {runs.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ol>
      )}
    </Stack>
  );
}

function Run({ run }: { readonly run: RunView }) {
  const say = useSay();
  const locale = useLocale();
  const { dueAt, startedAt, endedAt, state, cause, attempt, missed, requestedBy, code, facts, output } = run;
  const reason = useErrorText(code === null ? undefined : asFailureData({ code, data: facts }));
  const notes = [
    cause === 'manual' ? say('run-cause-manual', { by: requestedBy ?? '–' }) : say(`run-cause-${cause}`),
    ...(startedAt !== null && endedAt !== null
      ? [say('run-took', { time: duration(Math.max(1, endedAt.getTime() - startedAt.getTime()), locale) })]
      : []),
    ...(attempt > 1 ? [say('run-attempt', { attempt })] : []),
    ...(missed > 0 ? [say('run-missed', { count: missed })] : []),
  ];
  return (
    <li>
      <span className={classes['runHead']}>
        <RunChip state={state} />
        <Ago at={dueAt.getTime()} />
      </span>
      <small>{notes.join(' · ')}</small>
      {reason === '' ? null : <p className={classes['reason']}>{reason}</p>}
      {output.trim() === '' ? null : (
        <details>
          <summary>{say('run-output')}</summary>
          <pre>{output.split('\n').map(displayLine).join('\n')}</pre>
        </details>
      )}
    </li>
  );
}
