/** One client in full. */
import { Anchor, Button, Tabs } from '@mantine/core';
import { IconArrowLeft, IconUserOff } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { TenantView } from '#shared/api/tenants.ts';
import { hrefOf, setQuery, usePlace } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { useLogs } from '../../client/use-logs.ts';
import { Ago } from '../../components/ago.tsx';
import { LogView } from '../../components/log-view.tsx';
import { Name } from '../../components/name.tsx';
import { Card, Facts, Screen } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Waterfall } from '../../components/waterfall.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { NO_FILTER } from '../../stores/log-buffer.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { ClientActions } from './client-actions.tsx';
import { ClientAudit } from './client-audit.tsx';
import { ClientBackups } from './client-backups.tsx';
import { ClientData } from './client-data.tsx';
import { ClientSales } from './client-sales.tsx';
import { ClientState } from './client-state.tsx';

const TABS = ['overview', 'sales', 'logs', 'backups', 'data', 'audit'] as const;

/** See the file. A deleted client is shown, too: the list does not hold it, the register does. */
export function ClientDetail({ clientId }: { readonly clientId: string }) {
  const say = useSay();
  const live = useStore(tenantsStore, (state) => state.tenants?.find((one) => one.clientId === clientId));
  const known = useStore(tenantsStore, (state) => state.tenants !== undefined);
  const { value, error, reload } = useAsk(
    `client ${clientId}`,
    known && live === undefined ? (client) => client.tenants.show({ clientId }) : null,
  );
  const client = live ?? value;
  if (client !== undefined) return <Known client={client} />;
  return (
    <Screen title={clientId}>
      <BackLink />
      {error === undefined ? (
        <Loading rows={6} />
      ) : error.code === 'client_unknown' || error.code === 'client_id_malformed' ? (
        <Empty
          icon={<IconUserOff size={40} stroke={1.4} aria-hidden />}
          title={say('client-unknown')}
          action={
            <Button component="a" href={hrefOf('clients')} variant="light">
              {say('nav-clients')}
            </Button>
          }
        />
      ) : (
        <Failure error={error} onRetry={reload} />
      )}
    </Screen>
  );
}

function BackLink() {
  const say = useSay();
  return (
    <Anchor
      href={hrefOf('clients')}
      size="sm"
      c="var(--brand-ink)"
      style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}
    >
      <IconArrowLeft size={15} aria-hidden /> {say('nav-clients')}
    </Anchor>
  );
}

function Known({ client }: { readonly client: TenantView }) {
  const say = useSay();
  const { query } = usePlace();
  const tab = TABS.find((name) => name === query['tab']) ?? 'overview';
  return (
    <Screen
      title={<Name text={client.company} max={80} />}
      sub={
        <span style={{ display: 'inline-flex', gap: 10, alignItems: 'center', flexWrap: 'wrap' }}>
          <ClientState client={client} /> <span>{client.clientId}</span>
          {client.botUsername === null ? null : <span>@{client.botUsername}</span>}
        </span>
      }
      actions={client.state === 'deleted' ? undefined : <ClientActions client={client} />}
    >
      <BackLink />
      <Tabs value={tab} onChange={(value) => setQuery({ tab: value ?? undefined })} keepMounted={false}>
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {say(`client-tab-${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <Overview client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="sales" pt="md">
          <ClientSales clientId={client.clientId} />
        </Tabs.Panel>
        <Tabs.Panel value="backups" pt="md">
          <ClientBackups client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="audit" pt="md">
          <ClientAudit clientId={client.clientId} />
        </Tabs.Panel>
        <Tabs.Panel value="logs" pt="md">
          <ClientLogs container={client.container} />
        </Tabs.Panel>
        <Tabs.Panel value="data" pt="md">
          <ClientData clientId={client.clientId} />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  );
}

function Overview({ client }: { readonly client: TenantView }) {
  const say = useSay();
  const { container, since, queuePosition, firstActiveAt } = client;
  return (
    <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 340px), 1fr))' }}>
      <Card title={say('client-facts')}>
        <Facts
          rows={[
            [say('clients-state'), <ClientState key="state" client={client} />],
            ...(queuePosition === null ? [] : ([[say('client-queue'), String(queuePosition)]] as const)),
            [
              say('clients-container'),
              container === null ? (
                '–'
              ) : (
                <Anchor
                  key="bot"
                  href={hrefOf('pool', { bot: container.replace(/\D+/g, '') })}
                  c="var(--brand-ink)"
                  fz="inherit"
                >
                  {container}
                </Anchor>
              ),
            ],
            ...(since === null ? [] : ([[say('clients-since'), <Ago key="since" at={since.getTime()} />]] as const)),
            [say('activate-kind'), say('kind-booking')],
            [say('activate-owner'), String(client.ownerId)],
            [say('activate-language'), client.locale === 'ru' ? 'Русский' : 'English'],
            [say('activate-zone'), client.timeZone],
            [say('client-created'), <Ago key="created" at={client.createdAt.getTime()} />],
            ...(firstActiveAt === null
              ? []
              : ([[say('client-first-active'), <Ago key="first" at={firstActiveAt.getTime()} />]] as const)),
          ]}
        />
      </Card>
      <Card title={say('bot-activation')}>
        {Object.keys(client.stages).length === 0 ? (
          <p style={{ margin: 0, color: 'var(--ink-2)' }}>{say('client-no-activation')}</p>
        ) : (
          <Waterfall stages={client.stages} />
        )}
      </Card>
    </div>
  );
}

function ClientLogs({ container }: { readonly container: string | null }) {
  const say = useSay();
  if (container === null) return <Empty icon={null} title={say('client-no-bot')} text={say('client-no-bot-text')} />;
  return <ContainerLogs key={container} container={container} />;
}

function ContainerLogs({ container }: { readonly container: string }) {
  const say = useSay();
  const { buffer, turn, ready } = useLogs({ container, tail: 2_000, filter: NO_FILTER });
  if (!ready) return <Loading rows={8} />;
  return (
    <div style={{ height: 'min(60vh, 640px)', display: 'flex' }}>
      <LogView lines={buffer.shown} turn={turn} showContainer={false} label={say('bot-log')} />
    </div>
  );
}
