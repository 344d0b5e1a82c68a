/** What is being done with backups at this moment, with how far it is and a way to stop it. */
import { Button, Progress } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { BackupView } from '#shared/schemas/backup.ts';
import { perform } from '../../app/actions.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card } from '../../components/screen.tsx';
import { bytes, number, percent } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import classes from './backups.module.css';
import { shareDone } from './progress.ts';
import { ScopeName } from './scope-name.tsx';

/** Nothing while nothing is done. */
export function Working({ backups }: { readonly backups: readonly BackupView[] }) {
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  return backups
    .filter(({ progress }) => progress !== null)
    .map((backup) => <Work key={backup.id} backup={backup} company={nameOf(backup.scope, tenants)} />);
}

function nameOf(scope: string, tenants: readonly { clientId: string; company: string }[] | undefined) {
  return tenants?.find(({ clientId }) => clientId === scope)?.company;
}

function Work({ backup, company }: { readonly backup: BackupView; readonly company: string | undefined }) {
  const say = useSay();
  const locale = useLocale();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const { progress, id, scope, startedAt } = backup;
  if (progress === null) return null;
  const share = shareDone(backup);
  const stop = (): void =>
    void perform({
      doing: say('backup-stopping'),
      done: say(backup.state === 'running' ? 'backup-stopped' : 'backup-proof-stopped'),
      run: () => client.backups.cancel({ id }),
    });
  const words = [
    ...(progress.bytes > 0 ? [say('backup-progress-bytes', { size: bytes(progress.bytes, locale) })] : []),
    ...(progress.phase === 'dump' && progress.tablesTotal > 0
      ? [
          say('backup-progress-tables', {
            tables: number(progress.tables, locale),
            total: number(progress.tablesTotal, locale),
          }),
        ]
      : []),
  ];
  const phase = say(`backup-phase-${progress.phase}`);
  return (
    <Card
      title={
        <>
          <ScopeName scope={scope} company={company} /> · <Ago at={startedAt.getTime()} />
        </>
      }
      extra={
        mayOperate && progress.stoppable ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            aria-label={say('backup-stop-one', { id })}
            onClick={stop}
          >
            {say('backup-stop')}
          </Button>
        ) : null
      }
    >
      <div data-testid="backup-progress">
        <Progress
          value={(share ?? 1) * 100}
          animated={share === undefined}
          striped={share === undefined}
          size="lg"
          aria-label={phase}
        />
        <p className={classes['progressWords']}>
          <span>
            {phase}
            {share === undefined ? '' : ` ${percent(share, locale)}`}
          </span>
          <span>{words.join(' · ')}</span>
        </p>
      </div>
    </Card>
  );
}
