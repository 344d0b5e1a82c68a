/** What needs a look, each with the way to it. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { AlertView } from '#shared/api/alerts.ts';
import type { PoolBot } from '#shared/api/pool.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode, isErrorCode } from '#shared/errors/codes.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { useErrorText } from '../../client/error-text.ts';
import styles from '../../components/components.module.css';
import { Card } from '../../components/screen.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { concernsOf } from '../../stores/pool-reducer.ts';
import { alertsStore, poolStore } from '../../stores/stores.ts';
import classes from './pool.module.css';

const SHOWN = 6;

/** See the file. */
export function Alerts() {
  const say = useSay();
  const pool = useStore(poolStore);
  const alerts = useStore(alertsStore, (state) => state.alerts).slice(0, SHOWN);
  const concerns = concernsOf(pool).filter(({ kind }) => kind !== 'problem' && kind !== 'failed');
  const bots = pool.bots.filter((bot) => bot.problem !== undefined || bot.status === 'failed').slice(0, SHOWN);
  return (
    <Card title={say('alerts-title')}>
      {alerts.length + concerns.length + bots.length === 0 ? (
        <p style={{ margin: 0, color: 'var(--ink-2)', fontSize: '0.9rem', display: 'flex', gap: 8 }}>
          <IconCircleCheck size={19} stroke={1.7} aria-hidden style={{ color: 'var(--good-ink)', flex: 'none' }} />
          {say('alerts-none')}
        </p>
      ) : (
        <ul className={classes['list']}>
          {alerts.map((alert) => (
            <OpenAlert key={alert.id} alert={alert} />
          ))}
          {concerns.map(({ kind, count }) => (
            <li key={kind} className={classes['alert']}>
              <IconAlertTriangle size={19} stroke={1.7} aria-hidden />
              <p>{say(`concern-${kind}`, { count })}</p>
            </li>
          ))}
          {bots.map((bot) => (
            <BotAlert key={bot.container_id} bot={bot} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** One cause in one sentence; somebody can say that they look after it, so that the others need not. */
function OpenAlert({ alert }: { readonly alert: AlertView }) {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const { id, code, facts, severity, acknowledgedBy } = alert;
  const text = useErrorText(isErrorCode(code) ? new BotpoolError<ErrorCode>(code, facts) : undefined);
  const take = (): void =>
    void perform({
      doing: say('alerts-taking'),
      done: () => say('alerts-taken'),
      run: () => client.alerts.acknowledge({ id }),
    });
  return (
    <li className={classes['alert']} data-severity={severity}>
      <IconAlertTriangle size={19} stroke={1.7} aria-hidden />
      <div>
        <p>{text === '' ? code : text}</p>
        {acknowledgedBy !== null ? (
          <p className={classes['quiet']}>{say('alerts-seen', { by: acknowledgedBy })}</p>
        ) : mayOperate ? (
          <Button variant="subtle" size="compact-xs" onClick={take}>
            {say('alerts-take')}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function BotAlert({ bot }: { readonly bot: PoolBot }) {
  const say = useSay();
  const text = useProblemText(bot.problem, bot.container_id);
  return (
    <li className={classes['alert']}>
      <IconAlertTriangle size={19} stroke={1.7} aria-hidden />
      <p>
        <a className={styles['link']} href={hrefOf('pool', { bot: String(bot.pool_id) })}>
          {say('bot-name', { number: bot.pool_id })}
        </a>{' '}
        {text}
      </p>
    </li>
  );
}

/** The sentence of a bot's problem; of its facts only the container is known here. */
export function useProblemText(problem: ErrorCode | undefined, container: string): string {
  const names: readonly string[] = problem === undefined ? [] : ERROR_CODES[problem].data;
  const data = Object.fromEntries(names.map((name) => [name, name === 'container' ? container : '?']));
  return useErrorText(problem === undefined ? undefined : new BotpoolError<ErrorCode>(problem, data));
}
