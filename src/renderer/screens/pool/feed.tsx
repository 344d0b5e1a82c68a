/** What has just happened: the newest rows of the audit, live. */
import { useEffect, useState } from 'react';
import type { ActivityBatch } from '#shared/api/activity.ts';
import { useConnection } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Name } from '../../components/name.tsx';
import { Card } from '../../components/screen.tsx';
import { type Say, useSay } from '../../i18n/i18n.ts';
import { actionKey } from './action-key.ts';
import classes from './pool.module.css';

type Row = ActivityBatch['rows'][number];
const SHOWN = 12;

/** See the file. Rows are known by their ids: after a cut the same one may come twice. */
export function Feed() {
  const say = useSay();
  const connection = useConnection();
  const [rows, setRows] = useState<readonly Row[]>();
  useEffect(() => {
    const ending = new AbortController();
    let version: number | undefined;
    connection.follow(
      (client, signal) => client.activity.watch(version === undefined ? {} : { from: version }, { signal }),
      (batch) => {
        version = batch.version;
        setRows((before = []) => {
          const known = new Set(before.map(({ id }) => id));
          return [...batch.rows.filter(({ id }) => !known.has(id)).reverse(), ...before].slice(0, SHOWN);
        });
      },
      ending.signal,
    );
    return () => ending.abort();
  }, [connection]);
  return (
    <Card title={say('feed-title')}>
      {rows === undefined || rows.length === 0 ? (
        <p style={{ margin: 0, color: 'var(--ink-2)', fontSize: '0.9rem' }}>
          {say(rows === undefined ? 'state-loading' : 'feed-empty')}
        </p>
      ) : (
        <ul className={classes['list']}>
          {rows.map(({ id, at, actor, action, target }) => (
            <li key={id} className={classes['feedItem']}>
              <p>
                <b>{wordsOf(action, say)}</b> {target === '-' ? null : <Name text={target} max={40} />}
              </p>
              <small>
                <Ago at={at.getTime()} />
              </small>
              <small>{actor}</small>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function wordsOf(action: string, say: Say): string {
  const key = actionKey(action);
  return key === undefined ? action : say(key);
}
