/** What needs a look, each with the way to it. */
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PoolBot } from '#shared/api/pool.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { hrefOf } from '../../app/router.ts';
import { useErrorText } from '../../client/error-text.ts';
import styles from '../../components/components.module.css';
import { Card } from '../../components/screen.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { concernsOf } from '../../stores/pool-reducer.ts';
import { poolStore } from '../../stores/stores.ts';
import classes from './pool.module.css';

const SHOWN = 6;

/** See the file. */
export function Alerts() {
  const say = useSay();
  const pool = useStore(poolStore);
  const concerns = concernsOf(pool).filter(({ kind }) => kind !== 'problem' && kind !== 'failed');
  const bots = pool.bots.filter((bot) => bot.problem !== undefined || bot.status === 'failed').slice(0, SHOWN);
  return (
    <Card title={say('alerts-title')}>
      {concerns.length + bots.length === 0 ? (
        <p style={{ margin: 0, color: 'var(--ink-2)', fontSize: '0.9rem', display: 'flex', gap: 8 }}>
          <IconCircleCheck size={19} stroke={1.7} aria-hidden style={{ color: 'var(--good-ink)', flex: 'none' }} />
          {say('alerts-none')}
        </p>
      ) : (
        <ul className={classes['list']}>
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
