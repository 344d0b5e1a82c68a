/** One backup in full: what is inside, where it lies, and what one can do with it. */
import { Button, Drawer, Group, Stack } from '@mantine/core';
import { IconPin, IconPinnedOff, IconRestore, IconShieldCheck } from '@tabler/icons-react';
import type { BackupDetails, BackupView } from '#shared/schemas/backup.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection, useMayOperate, useSession } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Name } from '../../components/name.tsx';
import { Facts } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { bytes, number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { BackupChip, BackupReason } from './backup-state.tsx';
import classes from './backups.module.css';
import type { RestoreWish } from './restore-wish.ts';

/** Nothing while no backup is chosen. `live`: what the list says of it, which is newer than what was asked. */
export function BackupDrawer(props: {
  readonly id: string | undefined;
  readonly live: BackupView | undefined;
  readonly onClose: () => void;
  readonly onRestore: (wish: RestoreWish) => void;
}) {
  const { id, live, onClose, onRestore } = props;
  const say = useSay();
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="min(620px, 100vw)"
      title={
        <Group gap="sm">
          <strong>{say('backup-one')}</strong>
          {live === undefined ? null : <BackupChip state={live.state} />}
        </Group>
      }
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {id === undefined ? null : <Asked key={id} id={id} live={live} onRestore={onRestore} />}
    </Drawer>
  );
}

function Asked(props: {
  readonly id: string;
  readonly live: BackupView | undefined;
  readonly onRestore: (wish: RestoreWish) => void;
}) {
  const { id, live, onRestore } = props;
  const { value, error, reload } = useAsk(
    `backup ${id} ${live?.state} ${live?.offsite}`,
    (client) => client.backups.show({ id }),
    true,
  );
  if (value !== undefined) return <Details backup={{ ...value, ...live }} onRestore={onRestore} />;
  return error === undefined ? <Loading rows={8} /> : <Failure error={error} onRetry={reload} />;
}

function Details(props: { readonly backup: BackupDetails; readonly onRestore: (wish: RestoreWish) => void }) {
  const { backup, onRestore } = props;
  const say = useSay();
  const locale = useLocale();
  const { id, state, verifiedAt, files } = backup;
  return (
    <Stack gap="md">
      {backup.code === null ? null : (
        <p role="alert" className={classes['reason']}>
          <BackupReason backup={backup} />
        </p>
      )}
      <Buttons backup={backup} onRestore={onRestore} />
      <Facts
        rows={[
          [say('backups-taken'), <Ago key="taken" at={backup.startedAt.getTime()} />],
          [say('backups-scope'), backup.scope === 'all' ? say('backups-everything') : backup.scope],
          [
            say('backup-proven'),
            verifiedAt === null ? say('backup-proven-never') : <Ago key="proven" at={verifiedAt.getTime()} />,
          ],
          [say('backups-size'), state === 'failed' ? '–' : bytes(backup.bytes, locale)],
          [say('backups-rows'), state === 'failed' ? '–' : number(backup.rows, locale)],
          [say('backups-where'), state === 'failed' ? '–' : say(`backups-offsite-${backup.offsite}`)],
          [say('backup-encrypted'), say(backup.encrypted ? 'backup-yes' : 'backup-no')],
          [say('backups-why'), say(`backups-cause-${backup.cause}`)],
          [say('backup-requested'), backup.requestedBy],
          ...(backup.postgres === '' ? [] : ([[say('backup-postgres'), backup.postgres]] as const)),
          [say('backup-id'), <code key="id">{id}</code>],
          [say('backup-folder'), <code key="folder">{backup.folder}</code>],
        ]}
      />
      {state === 'failed' || state === 'running' ? null : <Clients backup={backup} onRestore={onRestore} />}
      {files.length === 0 ? null : (
        <section aria-label={say('backup-files')}>
          <h3 className={classes['head']}>{say('backup-files')}</h3>
          <ul className={classes['files']}>
            {files.map(({ name, bytes: size, sha256 }) => (
              <li key={name}>
                <b>{name}</b> {bytes(size, locale)}
                <small>SHA-256 {sha256}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

function Clients(props: { readonly backup: BackupDetails; readonly onRestore: (wish: RestoreWish) => void }) {
  const { backup, onRestore } = props;
  const say = useSay();
  const isAdmin = useSession()?.role === 'admin';
  return (
    <section aria-label={say('backup-clients')}>
      <h3 className={classes['head']}>{say('backup-clients')}</h3>
      {backup.clients.length === 0 ? <p className={classes['quiet']}>{say('backup-no-clients')}</p> : null}
      <ul className={classes['clients']}>
        {backup.clients.map(({ clientId, company, rows }) => (
          <li key={clientId}>
            <span>
              <Name text={company} max={40} />
              <small>
                {clientId} · {say('backup-client-rows', { rows })}
              </small>
            </span>
            {isAdmin ? (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={say('backup-restore-one', { client: clientId })}
                onClick={() => onRestore({ backup, clientId })}
              >
                {say('backup-restore')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Buttons(props: { readonly backup: BackupDetails; readonly onRestore: (wish: RestoreWish) => void }) {
  const { backup, onRestore } = props;
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const isAdmin = useSession()?.role === 'admin';
  const { id, state, pinned } = backup;
  if (!mayOperate || state === 'failed' || state === 'running') return null;
  const verify = (): void =>
    void perform({
      doing: say('backup-verifying'),
      done: say('backup-verify-begun'),
      run: () => client.backups.verify({ id }),
    });
  const pin = (wanted: boolean): void =>
    void perform({
      doing: say('backup-pinning'),
      done: say(wanted ? 'backup-pin-done' : 'backup-unpin-done'),
      run: () => client.backups.pin({ id, pinned: wanted }),
      undo: () => pin(!wanted),
    });
  const [first] = backup.clients;
  return (
    <Group gap="xs">
      {isAdmin && first !== undefined ? (
        <Button
          size="xs"
          leftSection={<IconRestore size={15} aria-hidden />}
          onClick={() => onRestore({ backup, clientId: first.clientId })}
        >
          {say('backup-restore')}
        </Button>
      ) : null}
      <Button size="xs" variant="default" leftSection={<IconShieldCheck size={15} aria-hidden />} onClick={verify}>
        {say('backup-verify')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={pinned ? <IconPinnedOff size={15} aria-hidden /> : <IconPin size={15} aria-hidden />}
        onClick={() => pin(!pinned)}
      >
        {say(pinned ? 'backup-unpin' : 'backup-pin')}
      </Button>
    </Group>
  );
}
