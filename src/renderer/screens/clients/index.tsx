/** The clients: a table, or one of them in full. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconRocket, IconSearch, IconUsers } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { TenantView } from '#shared/api/tenants.ts';
import { hrefOf, usePlace } from '../../app/router.ts';
import { Ago } from '../../components/ago.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Name } from '../../components/name.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { ClientDetail } from './client-detail.tsx';
import { ClientState, clientMode } from './client-state.tsx';

/** See the file. */
export function Main() {
  const { rest } = usePlace();
  const [clientId] = rest;
  return clientId === undefined ? <ClientList /> : <ClientDetail key={clientId} clientId={clientId} />;
}

const SHOWN = ['all', 'active', 'waiting', 'suspended'] as const;

function ClientList() {
  const say = useSay();
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const [text, setText] = useState('');
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('all');
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const columns = useMemo(() => columnsOf(say), [say]);
  const rows = useMemo(
    () =>
      (tenants ?? []).filter(
        (one) =>
          (shown === 'all' || clientMode(one) === shown) &&
          [one.company, one.clientId, one.botUsername ?? '', one.container ?? ''].some((part) =>
            part.toLowerCase().includes(wanted),
          ),
      ),
    [tenants, wanted, shown],
  );
  return (
    <Screen
      fill
      title={say('nav-clients')}
      sub={tenants === undefined ? undefined : say('clients-count', { count: tenants.length })}
      actions={
        <Button component="a" href={hrefOf('activate')} leftSection={<IconRocket size={17} aria-hidden />}>
          {say('nav-activate')}
        </Button>
      }
    >
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <TextInput
          type="search"
          leftSection={<IconSearch size={16} aria-hidden />}
          placeholder={say('clients-search')}
          aria-label={say('clients-search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 220px', maxWidth: 420 }}
        />
        <SegmentedControl
          aria-label={say('clients-shown')}
          value={shown}
          onChange={(value) => setShown(value as (typeof SHOWN)[number])}
          data={SHOWN.map((value) => ({ value, label: say(`clients-shown-${value}`) }))}
        />
      </div>
      {tenants === undefined ? (
        <Loading rows={8} />
      ) : tenants.length === 0 ? (
        <Card>
          <Empty
            icon={<IconUsers size={40} stroke={1.4} aria-hidden />}
            title={say('clients-empty')}
            text={say('clients-empty-text')}
            action={
              <Button component="a" href={hrefOf('activate')} variant="light">
                {say('nav-activate')}
              </Button>
            }
          />
        </Card>
      ) : rows.length === 0 ? (
        <Empty icon={<IconSearch size={36} stroke={1.4} aria-hidden />} title={say('clients-nothing-found')} />
      ) : (
        <DataTable
          rows={rows}
          columns={columns}
          rowKey={({ clientId }) => clientId}
          label={say('nav-clients')}
          href={({ clientId }) => hrefOf(`clients/${clientId}`)}
          minWidth={900}
        />
      )}
    </Screen>
  );
}

function columnsOf(say: Say): readonly Column<TenantView>[] {
  return [
    {
      id: 'company',
      head: say('clients-company'),
      width: 'minmax(180px, 2fr)',
      value: ({ company }) => company.toLowerCase(),
      cell: ({ clientId, company }) => (
        <a href={hrefOf(`clients/${clientId}`)}>
          <Name text={company} max={60} />
        </a>
      ),
    },
    { id: 'id', head: say('clients-id'), width: '120px', value: ({ clientId }) => clientId },
    {
      id: 'state',
      head: say('clients-state'),
      width: '150px',
      value: (one) => clientMode(one),
      cell: (one) => <ClientState client={one} />,
    },
    {
      id: 'bot',
      head: say('clients-bot'),
      width: 'minmax(140px, 1.4fr)',
      value: ({ botUsername }) => botUsername ?? '',
      cell: ({ botUsername }) => (botUsername === null ? '–' : `@${botUsername}`),
    },
    {
      id: 'container',
      head: say('clients-container'),
      width: 'minmax(120px, 1fr)',
      value: ({ container }) => container ?? '',
      cell: ({ container }) => container?.replace('booking-', '') ?? '–',
    },
    {
      id: 'since',
      head: say('clients-since'),
      width: '130px',
      value: ({ since, createdAt }) => (since ?? createdAt).getTime(),
      cell: ({ since, createdAt }) => <Ago at={(since ?? createdAt).getTime()} />,
    },
  ];
}
