/** One bot in full: what it does, how it is, how its activation went, what it writes; and what one can do with it. */
import { Button, Drawer, Group, Stack } from '@mantine/core';
import { IconPlayerPause, IconRefresh, IconUser } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PoolBot } from '#shared/api/pool.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useFollow, useMayOperate } from '../../client/context.tsx';
import { useLogs } from '../../client/use-logs.ts';
import { Ago } from '../../components/ago.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { LogView } from '../../components/log-view.tsx';
import { Name } from '../../components/name.tsx';
import { Facts } from '../../components/screen.tsx';
import { Spark } from '../../components/spark.tsx';
import { StateChip } from '../../components/state-chip.tsx';
import { Loading } from '../../components/states.tsx';
import { Waterfall } from '../../components/waterfall.tsx';
import { bytes, number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { NO_FILTER } from '../../stores/log-buffer.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { useProblemText } from './alerts.tsx';
import classes from './pool.module.css';
import { ratePerMinute } from './rates.ts';

/** Nothing while no bot is chosen. */
export function BotDrawer({ bot, onClose }: { readonly bot: PoolBot | undefined; readonly onClose: () => void }) {
  const say = useSay();
  return (
    <Drawer
      opened={bot !== undefined}
      onClose={onClose}
      position="right"
      size="min(620px, 100vw)"
      title={
        bot === undefined ? (
          ''
        ) : (
          <Group gap="sm">
            <strong>{say('bot-name', { number: bot.pool_id })}</strong>
            <StateChip state={bot.status} />
          </Group>
        )
      }
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {bot === undefined ? null : <BotDetails key={bot.container_id} bot={bot} />}
    </Drawer>
  );
}

function BotDetails({ bot }: { readonly bot: PoolBot }) {
  const say = useSay();
  const tenant = useStore(tenantsStore, (state) => state.tenants?.find(({ clientId }) => clientId === bot.client_id));
  const problem = useProblemText(bot.problem, bot.container_id);
  return (
    <Stack gap="md">
      {bot.problem === undefined ? null : (
        <p role="alert" style={{ margin: 0, color: 'var(--bad-ink)' }}>
          {problem}
        </p>
      )}
      <Facts
        rows={[
          [say('bot-container'), <code key="container">{bot.container_id}</code>],
          [say('bot-since'), <Ago key="since" at={bot.since} />],
          [say('bot-version'), bot.version],
          ...(tenant === undefined
            ? []
            : ([
                [say('bot-client'), <ClientLink key="client" clientId={tenant.clientId} company={tenant.company} />],
              ] as const)),
        ]}
      />
      <BotButtons bot={bot} />
      <Charts container={bot.container_id} />
      {tenant === undefined || Object.keys(tenant.stages).length === 0 ? null : (
        <section>
          <h3 className={classes['groupHead']}>{say('bot-activation')}</h3>
          <Waterfall stages={tenant.stages} />
        </section>
      )}
      <section>
        <h3 className={classes['groupHead']}>{say('bot-log')}</h3>
        <BotLog container={bot.container_id} />
      </section>
    </Stack>
  );
}

function ClientLink({ clientId, company }: { readonly clientId: string; readonly company: string }) {
  return (
    <a href={hrefOf(`clients/${clientId}`)} style={{ color: 'var(--brand-ink)', fontWeight: 560 }}>
      <Name text={company} max={50} />
    </a>
  );
}

function BotButtons({ bot }: { readonly bot: PoolBot }) {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const [question, setQuestion] = useState<Question | null>(null);
  if (!mayOperate) return null;
  const restart = (): void =>
    void perform({
      doing: say('bot-restarting', { number: bot.pool_id }),
      done: say('bot-restarted', { number: bot.pool_id }),
      run: () => client.stack.restart({ name: bot.container_id }),
    });
  const ask = (): void => {
    const lost = say('bot-restart-lost', { client: bot.client_id ?? '' });
    if (bot.client_id === undefined) restart();
    else setQuestion({ title: say('bot-restart'), lost, confirm: say('bot-restart'), onConfirm: restart });
  };
  const suspend = (clientId: string): void =>
    void perform({
      doing: say('client-suspending', { client: clientId }),
      done: say('client-suspended', { client: clientId }),
      run: () => client.activations.deactivate({ clientId }),
      link: { label: say('client-open'), href: hrefOf(`clients/${clientId}`) },
    });
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" leftSection={<IconRefresh size={15} aria-hidden />} onClick={ask}>
        {say('bot-restart')}
      </Button>
      {bot.client_id === undefined ? null : (
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPause size={15} aria-hidden />}
            onClick={() => suspend(bot.client_id ?? '')}
          >
            {say('client-suspend')}
          </Button>
          <Button
            size="xs"
            variant="default"
            component="a"
            href={hrefOf(`clients/${bot.client_id}`)}
            leftSection={<IconUser size={15} aria-hidden />}
          >
            {say('client-open')}
          </Button>
        </>
      )}
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </Group>
  );
}

type Points = readonly (readonly [number, number])[];
const KEPT = 240;

function useSeries(sample: { readonly at: number; readonly values: readonly number[] } | undefined, lines: number) {
  const [series, setSeries] = useState<readonly Points[]>(() => Array.from({ length: lines }, () => []));
  useEffect(() => {
    if (sample === undefined) return;
    setSeries((before) =>
      before.map((points, index) => [...points.slice(1 - KEPT), [sample.at, sample.values[index] ?? 0] as const]),
    );
  }, [sample]);
  return series;
}

function Charts({ container }: { readonly container: string }) {
  const say = useSay();
  const locale = useLocale();
  const [usageSample, setUsageSample] = useState<{ at: number; values: number[] }>();
  const [vitalSample, setVitalSample] = useState<{ at: number; values: number[] }>();
  const { value: usage } = useFollow(`usage ${container}`, (client, signal) =>
    client.metrics.container({ name: container }, { signal }),
  );
  const { value: vitals } = useFollow(`vitals ${container}`, (client, signal) =>
    client.pool.vitals({ container }, { signal }),
  );
  useEffect(() => {
    if (usage !== undefined) setUsageSample({ at: usage.at, values: [usage.cpuCores, usage.memoryBytes] });
  }, [usage]);
  useEffect(() => {
    if (vitals !== undefined) setVitalSample({ at: vitals.at, values: [vitals.updates] });
  }, [vitals]);
  const [cpu = [], memory = []] = useSeries(usageSample, 2);
  const [updates = []] = useSeries(vitalSample, 1);
  const rates = ratePerMinute(updates);
  return (
    <div className={classes['charts']}>
      <div className={classes['chart']}>
        <span>{say('bot-cpu')}</span>
        <b>{usage === undefined ? '–' : `${number(usage.cpuCores * 100, locale, 1)} %`}</b>
        <Spark points={cpu} label={say('bot-cpu')} max={0.05} />
      </div>
      <div className={classes['chart']}>
        <span>{say('bot-memory')}</span>
        <b>{usage === undefined ? '–' : bytes(usage.memoryBytes, locale)}</b>
        <Spark points={memory} label={say('bot-memory')} />
      </div>
      <div className={classes['chart']}>
        <span>{say('bot-updates')}</span>
        <b>{rates.length === 0 ? '–' : number(rates.at(-1)?.[1] ?? 0, locale)}</b>
        <Spark points={rates} label={say('bot-updates')} max={5} />
      </div>
    </div>
  );
}

function BotLog({ container }: { readonly container: string }) {
  const say = useSay();
  const { buffer, turn, ready } = useLogs({ container, tail: 500, filter: NO_FILTER });
  return (
    <div style={{ height: 300, display: 'flex' }}>
      {ready ? (
        <LogView lines={buffer.shown} turn={turn} showContainer={false} label={say('bot-log')} />
      ) : (
        <div style={{ flex: 1 }}>
          <Loading rows={6} />
        </div>
      )}
    </div>
  );
}
