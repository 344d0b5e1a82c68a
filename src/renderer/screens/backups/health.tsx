/** Whether one can rely on the backups: a word, what is wrong, and the few figures behind it. */
import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import type { BackupView } from '#shared/schemas/backup.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { useErrorText } from '../../client/error-text.ts';
import { asFailureData } from '../../client/failure.ts';
import { Ago } from '../../components/ago.tsx';
import { Card, Facts } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { bytes, hours } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './backups.module.css';

type Health = Awaited<ReturnType<ControlPlaneClient['backups']['health']>>;

/** Asked anew whenever a backup has changed. */
export function BackupHealth({ backups }: { readonly backups: readonly BackupView[] }) {
  const news = backups.map(({ id, state }) => `${id}${state}`).join();
  const { value, error, reload } = useAsk(`backup health ${news}`, (client) => client.backups.health(), true);
  const { value: schedules } = useAsk('backup schedule', (client) => client.schedules.list());
  const nightly = schedules?.find(({ name }) => name === 'backup');
  if (value !== undefined) return <Known health={value} backups={backups} next={nightly?.next[0]} />;
  return (
    <Card>{error === undefined ? <Loading rows={2} height={56} /> : <Failure error={error} onRetry={reload} />}</Card>
  );
}

function Known(props: {
  readonly health: Health;
  readonly backups: readonly BackupView[];
  readonly next: Date | undefined;
}) {
  const { health, backups, next } = props;
  const say = useSay();
  const locale = useLocale();
  const { green, problems, newestVerified, newestHours, promisedHours, target, freeBytes } = health;
  const Mark = green ? IconShieldCheck : IconAlertTriangle;
  const newest = backups.find(({ id }) => id === newestVerified);
  return (
    <Card label={say('backups-sub')}>
      <div className={classes['health']}>
        <div className={classes['verdict']}>
          <span className={classes['mark']} data-green={green}>
            <Mark size={26} stroke={1.8} aria-hidden />
          </span>
          <div>
            <p className={classes['word']} data-testid="backup-health">
              {say(green ? 'backups-good' : newestHours === null ? 'backups-none-yet' : 'backups-bad')}
            </p>
            <ul className={classes['problems']}>
              {problems.map((code) => (
                <Problem key={code} code={code} health={health} backups={backups} />
              ))}
            </ul>
          </div>
        </div>
        <Facts
          rows={[
            [
              say('backups-newest'),
              newest === undefined ? (
                say('backups-never')
              ) : (
                <Anchor key="newest" href={hrefOf('backups', { backup: newest.id })} c="var(--brand-ink)" fz="inherit">
                  <Ago at={newest.startedAt.getTime()} />
                </Anchor>
              ),
            ],
            [say('backups-promised'), hours(promisedHours, locale)],
            [
              say('backups-next'),
              <Anchor key="next" href={hrefOf('schedules', { schedule: 'backup' })} c="var(--brand-ink)" fz="inherit">
                {next === undefined ? say('backups-paused') : <Ago at={next.getTime()} />}
              </Anchor>,
            ],
            [say('backups-target'), target ?? say('backups-no-target')],
            [say('backups-free'), bytes(freeBytes, locale)],
          ]}
        />
      </div>
    </Card>
  );
}

function Problem(props: { readonly code: string; readonly health: Health; readonly backups: readonly BackupView[] }) {
  const { code, health, backups } = props;
  const { newestHours, promisedHours } = health;
  const known = {
    hours: newestHours === null ? '0' : Math.round(newestHours),
    promised: promisedHours,
    what: 'backups',
    ...backups.find((backup) => backup.code === code)?.facts,
  };
  const text = useErrorText(asFailureData({ code, data: known }));
  // "None at all" says itself above.
  return code === 'backup_late' && newestHours === null ? null : <li>{text}</li>;
}
