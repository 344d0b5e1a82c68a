/** Who did what to one client, and when: the audit, a page at a time. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ActivityBatch } from '#shared/api/activity.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { asFailure } from '../../client/failure.ts';
import { Ago } from '../../components/ago.tsx';
import { displayName } from '../../components/display-name.ts';
import { Card } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { actionKey } from '../pool/action-key.ts';
import classes from './clients.module.css';

type Row = ActivityBatch['rows'][number];

const PAGE = 50;
const MOST_TEXT = 160;

/** See the file. */
export function ClientAudit({ clientId }: { readonly clientId: string }) {
  const say = useSay();
  const { client } = useConnection();
  const { value, error, reload } = useAsk(`audit ${clientId}`, (api) =>
    api.activity.audit({ target: clientId, limit: PAGE }),
  );
  const [older, setOlder] = useState<readonly Row[]>([]);
  const [trouble, setTrouble] = useState<ReturnType<typeof asFailure>>();
  const [ended, setEnded] = useState(false);
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={8} />;
  const rows = [...value, ...older];
  const more = async (): Promise<void> => {
    try {
      const next = await client.activity.audit({ target: clientId, limit: PAGE, before: rows.at(-1)?.id ?? 0 });
      setOlder((before) => [...before, ...next]);
      setEnded(next.length < PAGE);
      setTrouble(undefined);
    } catch (failure) {
      setTrouble(asFailure(failure));
    }
  };
  if (rows.length === 0) return <Empty icon={null} title={say('feed-empty')} />;
  return (
    <Card>
      <table className={classes['plain']}>
        <thead>
          <tr>
            <th scope="col">{say('audit-when')}</th>
            <th scope="col">{say('audit-what')}</th>
            <th scope="col">{say('audit-who')}</th>
            <th scope="col">{say('audit-details')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <AuditRow key={row.id} row={row} />
          ))}
        </tbody>
      </table>
      {trouble === undefined ? null : <Failure error={trouble} />}
      {ended || value.length < PAGE ? null : (
        <Button mt="sm" variant="light" size="xs" onClick={() => void more()}>
          {say('audit-more')}
        </Button>
      )}
    </Card>
  );
}

function AuditRow({ row: { at, action, actor, source, before, after } }: { readonly row: Row }) {
  const say = useSay();
  const key = actionKey(action);
  const details = [before, after].flatMap((facts) => (facts === null ? [] : [factWords(facts)])).join(' → ');
  return (
    <tr>
      <th scope="row">
        <Ago at={at.getTime()} />
      </th>
      <td>{key === undefined ? <code>{action}</code> : say(key)}</td>
      <td>
        {displayName(actor, 40)}
        {source === null ? null : <small className={classes['quiet']}>{source}</small>}
      </td>
      <td className={classes['details']}>{displayName(details, MOST_TEXT)}</td>
    </tr>
  );
}

/** "state: active, reason: operator": facts without the signs of the language that they are stored in. */
function factWords(facts: object): string {
  const words = Object.entries(facts).map(([name, value]): string =>
    typeof value === 'object' && value !== null ? factWords(value) : `${name}: ${value ?? '–'}`,
  );
  return words.filter((word) => word !== '').join(', ');
}
