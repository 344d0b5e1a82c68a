/** Every backup with what is known of it. */
import { IconPin } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { BACKUP_STATES, type BackupView } from '#shared/schemas/backup.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { hrefOf } from '../../app/router.ts';
import { Ago } from '../../components/ago.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Card } from '../../components/screen.tsx';
import { bytes, number } from '../../i18n/format.ts';
import { type Say, useLocale, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { BackupChip, BackupReason } from './backup-state.tsx';
import classes from './backups.module.css';
import { ScopeName } from './scope-name.tsx';

const ROW_PX = 44;
const HEAD_PX = 56;
const MOST_ROWS = 14;

/** See the file. */
export function BackupList({ backups }: { readonly backups: readonly BackupView[] }) {
  const say = useSay();
  const locale = useLocale();
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const companies = useMemo(() => new Map((tenants ?? []).map((one) => [one.clientId, one.company])), [tenants]);
  const columns = useMemo(() => columnsOf(say, locale, companies), [say, locale, companies]);
  const height = HEAD_PX + ROW_PX * Math.min(MOST_ROWS, Math.max(5, backups.length));
  return (
    <Card>
      <div style={{ height, display: 'flex' }}>
        <DataTable
          rows={backups}
          columns={columns}
          rowKey={({ id }) => id}
          label={say('backups-list')}
          href={({ id }) => hrefOf('backups', { backup: id })}
          minWidth={1_000}
        />
      </div>
    </Card>
  );
}

function columnsOf(say: Say, locale: Locale, companies: ReadonlyMap<string, string>): readonly Column<BackupView>[] {
  return [
    {
      id: 'taken',
      head: say('backups-taken'),
      width: '150px',
      value: ({ startedAt }) => startedAt.getTime(),
      cell: ({ id, startedAt, pinned }) => (
        <a href={hrefOf('backups', { backup: id })}>
          <Ago at={startedAt.getTime()} />{' '}
          {pinned ? <IconPin size={14} className={classes['pin']} aria-label={say('backups-pinned')} /> : null}
        </a>
      ),
    },
    {
      id: 'scope',
      head: say('backups-scope'),
      width: 'minmax(120px, 1.2fr)',
      value: ({ scope }) => (scope === 'all' ? '' : scope),
      cell: ({ scope }) => <ScopeName scope={scope} company={companies.get(scope)} />,
    },
    {
      id: 'state',
      head: say('clients-state'),
      width: '150px',
      value: ({ state }) => BACKUP_STATES.indexOf(state),
      cell: ({ state }) => <BackupChip state={state} />,
    },
    {
      id: 'size',
      head: say('backups-size'),
      width: '110px',
      numeric: true,
      value: ({ bytes: size }) => size,
      cell: ({ bytes: size }) => (size === 0 ? '–' : bytes(size, locale)),
    },
    {
      id: 'rows',
      head: say('backups-rows'),
      width: '110px',
      numeric: true,
      value: ({ rows }) => rows,
      cell: ({ rows, bytes: size }) => (size === 0 ? '–' : number(rows, locale)),
    },
    {
      id: 'where',
      head: say('backups-where'),
      width: 'minmax(120px, 1fr)',
      value: ({ offsite }) => offsite,
      cell: ({ offsite, state }) => (state === 'failed' ? '–' : say(`backups-offsite-${offsite}`)),
    },
    {
      id: 'why',
      head: say('backups-why'),
      width: 'minmax(120px, 1fr)',
      value: ({ cause }) => say(`backups-cause-${cause}`),
    },
    {
      id: 'reason',
      head: say('orders-reason'),
      width: 'minmax(140px, 2fr)',
      value: ({ code }) => code ?? '',
      cell: (backup) => <BackupReason backup={backup} />,
    },
  ];
}
