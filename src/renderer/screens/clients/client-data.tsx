/** What one client stores: its tables with their rows and sizes, its keys in Redis. */
import { Button } from '@mantine/core';
import { IconDatabaseOff, IconRefresh } from '@tabler/icons-react';
import { useAsk } from '../../client/context.tsx';
import { Card } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { bytes, number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './clients.module.css';

/** See the file. */
export function ClientData({ clientId }: { readonly clientId: string }) {
  const say = useSay();
  const locale = useLocale();
  const { value, error, reload } = useAsk(`data ${clientId}`, (client) => client.tenants.data({ clientId }));
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={8} />;
  const total = value.tables.reduce((sum, table) => sum + table.bytes, 0);
  const most = Math.max(1, ...value.tables.map((table) => table.bytes));
  return (
    <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 340px), 1fr))' }}>
      <Card
        title={say('data-tables', { size: bytes(total, locale) })}
        extra={
          <Button size="xs" variant="subtle" leftSection={<IconRefresh size={15} aria-hidden />} onClick={reload}>
            {say('data-reload')}
          </Button>
        }
      >
        {value.tables.length === 0 ? (
          <Empty icon={<IconDatabaseOff size={36} stroke={1.4} aria-hidden />} title={say('data-none')} />
        ) : (
          <table className={classes['plain']}>
            <thead>
              <tr>
                <th scope="col">{say('data-table')}</th>
                <th scope="col" className={classes['num']}>
                  {say('data-rows')}
                </th>
                <th scope="col" className={classes['num']}>
                  {say('data-size')}
                </th>
              </tr>
            </thead>
            <tbody>
              {value.tables.map(({ name, rows, bytes: size }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className={classes['num']}>{number(rows, locale)}</td>
                  <td className={classes['num']}>
                    <span className={classes['sizeBar']} style={{ width: `${(size / most) * 60}px` }} aria-hidden />
                    {bytes(size, locale)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Card title={say('data-keys')}>
        {value.keys.length === 0 ? (
          <p style={{ margin: 0, color: 'var(--ink-2)' }}>{say('data-no-keys')}</p>
        ) : (
          <table className={classes['plain']}>
            <tbody>
              {value.keys.map(({ group, count }) => (
                <tr key={group}>
                  <th scope="row">
                    {clientId}:{group}:*
                  </th>
                  <td className={classes['num']}>{number(count, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {value.moreKeys ? <p style={{ color: 'var(--ink-2)' }}>{say('data-more-keys')}</p> : null}
      </Card>
    </div>
  );
}
