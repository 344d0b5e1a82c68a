/** The backups that hold one client: its own, and those of everything since it was registered. */
import { Button } from '@mantine/core';
import { IconDatabaseExport } from '@tabler/icons-react';
import type { TenantView } from '#shared/api/tenants.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useFollow, useMayOperate } from '../../client/context.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { BackupList } from '../backups/backup-list.tsx';

/** See the file. */
export function ClientBackups({ client }: { readonly client: TenantView }) {
  const say = useSay();
  const api = useConnection().client;
  const mayOperate = useMayOperate();
  const { value, error } = useFollow('backups', (open, signal) => open.backups.watch(undefined, { signal }));
  if (value === undefined) return error === undefined ? <Loading rows={6} /> : <Failure error={error} />;
  const holding = value.filter(
    ({ scope, startedAt }) => scope === client.clientId || (scope === 'all' && startedAt >= client.createdAt),
  );
  const make = (): void =>
    void perform({
      doing: say('backups-beginning'),
      done: say('backups-begun'),
      run: () => api.backups.create({ scope: client.clientId }),
      link: ({ id }) => ({ label: say('backup-one'), href: hrefOf('backups', { backup: id }) }),
    });
  const button =
    mayOperate && client.state !== 'deleted' ? (
      <Button variant="light" leftSection={<IconDatabaseExport size={17} aria-hidden />} onClick={make}>
        {say('client-backup-make')}
      </Button>
    ) : null;
  if (holding.length === 0) {
    return (
      <Empty
        icon={<IconDatabaseExport size={36} stroke={1.4} aria-hidden />}
        title={say('client-backups-none')}
        action={button}
      />
    );
  }
  return (
    <div style={{ display: 'grid', gap: 12, justifyItems: 'start' }}>
      {button}
      <div style={{ width: '100%', minWidth: 0 }}>
        <BackupList backups={holding} />
      </div>
    </div>
  );
}
