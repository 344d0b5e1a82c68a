/** The clients: a table, or one of them in full. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconRocket, IconSearch, IconUsers } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { TenantFigures, TenantView } from '#shared/api/tenants.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { hrefOf, usePlace } from '../../app/router.ts';
import { Ago } from '../../components/ago.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Name } from '../../components/name.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { bytes } from '../../i18n/format.ts';
import { type Say, useLocale, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { ClientDetail } from './client-detail.tsx';
import { ClientState, clientMode } from './client-state.tsx';
import { daysLeft } from './paid.ts';
import { useFigures } from './use-figures.ts';

/** See the file. */
export function Main() {
  const { rest } = usePlace();
  const [clientId] = rest;
  return clientId === undefined ? <ClientList /> : <ClientDetail key={clientId} clientId={clientId} />;
}

/** A period that ends within so many days stands out. */
const SOON_DAYS = 7;

const SHOWN = ['all', 'active', 'waiting', 'suspended'] as const;

function ClientList() {
  const say = useSay();
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const [text, setText] = useState('');
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('all');
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const locale = useLocale();
  const figures = useFigures();
  const columns = useMemo(() => columnsOf(say, locale, figures), [say, locale, figures]);
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
          minWidth={1_130}
        />
      )}
    </Screen>
  );
}

function columnsOf(
  say: Say,
  locale: Locale,
  figures: ReadonlyMap<string, TenantFigures>,
): readonly Column<TenantView>[] {
  const of = ({ clientId }: TenantView): TenantFigures | undefined => figures.get(clientId);
  const now = Date.now();
  const left = (client: TenantView): number | undefined => {
    const until = of(client)?.paid?.until;
    return until === undefined ? undefined : daysLeft(until, now);
  };
  return [
    {
      id: 'company',
      head: say('clients-company'),
      width: 'minmax(150px, 2fr)',
      value: ({ company }) => company.toLowerCase(),
      cell: ({ clientId, company }) => (
        <a href={hrefOf(`clients/${clientId}`)}>
          <Name text={company} max={60} />
        </a>
      ),
    },
    { id: 'id', head: say('clients-id'), width: '125px', value: ({ clientId }) => clientId },
    {
      id: 'state',
      head: say('clients-state'),
      width: '130px',
      value: (one) => clientMode(one),
      cell: (one) => <ClientState client={one} />,
    },
    {
      id: 'bot',
      head: say('clients-bot'),
      width: 'minmax(110px, 1.2fr)',
      value: ({ botUsername }) => botUsername ?? '',
      cell: ({ botUsername }) => (botUsername === null ? '–' : `@${botUsername}`),
    },
    {
      id: 'container',
      head: say('clients-container'),
      width: '115px',
      value: ({ container }) => container ?? '',
      cell: ({ container }) => container?.replace('booking-', '') ?? '–',
    },
    {
      id: 'plan',
      head: say('orders-plan'),
      width: '75px',
      value: (client) => of(client)?.paid?.planId ?? '',
      cell: (client) => of(client)?.paid?.planId ?? '–',
    },
    {
      id: 'left',
      head: say('clients-left'),
      width: '90px',
      numeric: true,
      value: (client) => left(client) ?? Number.MAX_SAFE_INTEGER,
      cell: (client) => <DaysLeft days={left(client)} />,
    },
    {
      id: 'today',
      head: say('clients-today'),
      width: '80px',
      numeric: true,
      value: (client) => of(client)?.bookingsToday ?? -1,
      cell: (client) => of(client)?.bookingsToday ?? '–',
    },
    {
      id: 'errors',
      head: say('clients-errors'),
      width: '80px',
      numeric: true,
      value: (client) => of(client)?.errors ?? -1,
      cell: (client) => of(client)?.errors ?? '–',
    },
    {
      id: 'size',
      head: say('clients-size'),
      width: '100px',
      numeric: true,
      value: (client) => of(client)?.bytes ?? 0,
      cell: (client) => sizeOf(of(client), locale),
    },
    {
      id: 'backup',
      head: say('clients-backup'),
      width: '100px',
      value: (client) => of(client)?.backupAt?.getTime() ?? 0,
      cell: (client) => <BackupAge at={of(client)?.backupAt ?? null} />,
    },
  ];
}

function sizeOf(figures: TenantFigures | undefined, locale: Locale): string {
  return figures === undefined || figures.bytes === 0 ? '–' : bytes(figures.bytes, locale);
}

function BackupAge({ at }: { readonly at: Date | null }) {
  return at === null ? '–' : <Ago at={at.getTime()} />;
}

/** What ends within a week, or has ended, stands out. */
function DaysLeft({ days }: { readonly days: number | undefined }) {
  const say = useSay();
  if (days === undefined) return '–';
  const color = days < 0 ? 'var(--bad-ink)' : days < SOON_DAYS ? 'var(--warn-ink)' : undefined;
  return <span style={{ color }}>{days < 0 ? say('clients-left-over', { days: -days }) : days}</span>;
}
