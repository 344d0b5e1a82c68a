/** Every container of the installation, live. */
import { Button } from '@mantine/core';
import { IconFileText, IconRefresh } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Service } from '#shared/api/stack.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useFollow, useMayOperate } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Screen } from '../../components/screen.tsx';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/i18n.ts';
import { StackActions } from './stack-actions.tsx';

const TONES: Readonly<Record<Service['state'], Tone>> = {
  created: 'plain',
  running: 'active',
  restarting: 'activating',
  exited: 'failed',
};

/** See the file. */
export function Main() {
  const say = useSay();
  const mayOperate = useMayOperate();
  const { value, error } = useFollow('stack', (client, signal) => client.stack.watch(undefined, { signal }));
  const columns = useMemo(() => columnsOf(say, mayOperate), [say, mayOperate]);
  return (
    <Screen
      fill
      title={say('nav-stack')}
      sub={value === undefined ? undefined : say(`stack-engine-${value.engine}`)}
      actions={<StackActions />}
    >
      {value !== undefined ? (
        <DataTable
          rows={value.services}
          columns={columns}
          rowKey={({ name }) => name}
          label={say('nav-stack')}
          minWidth={860}
        />
      ) : error === undefined ? (
        <Loading rows={8} />
      ) : (
        <Failure error={error} />
      )}
    </Screen>
  );
}

function columnsOf(say: Say, mayOperate: boolean): readonly Column<Service>[] {
  return [
    { id: 'name', head: say('stack-container'), width: 'minmax(190px, 2fr)', value: ({ name }) => name },
    {
      id: 'state',
      head: say('clients-state'),
      width: '140px',
      value: ({ state }) => state,
      cell: ({ state }) => <Chip tone={TONES[state]}>{say(`stack-state-${state}`)}</Chip>,
    },
    { id: 'image', head: say('stack-image'), width: 'minmax(120px, 1fr)', value: ({ image }) => image },
    {
      id: 'since',
      head: say('stack-started'),
      width: '130px',
      value: ({ startedAt }) => startedAt?.getTime() ?? 0,
      cell: ({ startedAt }) => (startedAt === null ? '–' : <Ago at={startedAt.getTime()} />),
    },
    { id: 'restarts', head: say('stack-restarts'), width: '110px', value: ({ restarts }) => restarts, numeric: true },
    {
      id: 'actions',
      head: say('stack-do'),
      width: '190px',
      value: () => '',
      cell: ({ name }) => <RowActions name={name} mayOperate={mayOperate} />,
    },
  ];
}

function RowActions({ name, mayOperate }: { readonly name: string; readonly mayOperate: boolean }) {
  const say = useSay();
  const { client } = useConnection();
  const restart = (): void =>
    void perform({
      doing: say('stack-restarting', { name }),
      done: say('stack-restarted', { name }),
      run: () => client.stack.restart({ name }),
      link: { label: say('nav-logs'), href: hrefOf('logs', { container: name }) },
    });
  return (
    <span style={{ display: 'flex', gap: 4 }}>
      <Button
        size="compact-xs"
        variant="subtle"
        component="a"
        href={hrefOf('logs', { container: name })}
        aria-label={say('stack-logs-of', { name })}
        leftSection={<IconFileText size={14} aria-hidden />}
      >
        {say('nav-logs')}
      </Button>
      {mayOperate ? (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={say('stack-restart-of', { name })}
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={restart}
        >
          {say('bot-restart')}
        </Button>
      ) : null}
    </span>
  );
}
