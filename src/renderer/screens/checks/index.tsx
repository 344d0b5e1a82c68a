/** The production check-list: what was found, why it matters, what to do. */
import { Button } from '@mantine/core';
import { IconRefresh, IconTool } from '@tabler/icons-react';
import type { Check, CheckState } from '#shared/api/checks.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection, useSession } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Chip, type Tone } from '../../components/state-chip.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useLocale, useSay } from '../../i18n/i18n.ts';

const TONES: Readonly<Record<CheckState, Tone>> = {
  ok: 'active',
  warn: 'activating',
  fail: 'failed',
  unknown: 'plain',
};
/** What has to be done comes first. */
const ORDER: readonly CheckState[] = ['fail', 'warn', 'unknown', 'ok'];

/** See the file. */
export function Main() {
  const say = useSay();
  const locale = useLocale();
  const { value, error, reload } = useAsk(`checks ${locale}`, (client) => client.checks.run({ locale }));
  const checks = (value?.checks ?? []).toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <Screen
      title={say('nav-checks')}
      sub={
        value === undefined ? undefined : (
          <>
            {say('checks-counts', {
              fail: checks.filter(({ state }) => state === 'fail').length,
              warn: checks.filter(({ state }) => state === 'warn').length,
              ok: checks.filter(({ state }) => state === 'ok').length,
            })}{' '}
            <Ago at={value.at.getTime()} />
          </>
        )
      }
      actions={
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={reload}>
          {say('checks-again')}
        </Button>
      }
    >
      {error !== undefined && value === undefined ? (
        <Failure error={error} onRetry={reload} />
      ) : value === undefined ? (
        <Loading rows={8} height={72} />
      ) : (
        <div
          style={{ display: 'grid', gap: 12, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 380px), 1fr))' }}
        >
          {checks.map((check) => (
            <CheckCard key={check.id} check={check} onFixed={reload} />
          ))}
        </div>
      )}
    </Screen>
  );
}

function CheckCard({ check, onFixed }: { readonly check: Check; readonly onFixed: () => void }) {
  const say = useSay();
  const locale = useLocale();
  const { client } = useConnection();
  const isAdmin = useSession()?.role === 'admin';
  const fix = async (): Promise<void> => {
    await perform({
      doing: say('checks-fixing'),
      done: (after) => `${after.title}: ${after.found}`,
      run: () => client.checks.fix({ id: check.id, locale }),
    });
    onFixed();
  };
  return (
    <Card title={check.title} extra={<Chip tone={TONES[check.state]}>{say(`check-state-${check.state}`)}</Chip>}>
      <p style={{ margin: '0 0 6px', overflowWrap: 'anywhere' }}>{check.found}</p>
      {check.state === 'ok' ? null : (
        <>
          <p style={{ margin: '0 0 6px', color: 'var(--ink-2)', fontSize: '0.9rem' }}>{check.why}</p>
          <p style={{ margin: 0, fontSize: '0.9rem' }}>{check.fix}</p>
          {check.fixable && isAdmin ? (
            <Button
              mt="sm"
              size="xs"
              variant="light"
              leftSection={<IconTool size={15} aria-hidden />}
              onClick={() => void fix()}
            >
              {say('checks-fix')}
            </Button>
          ) : null}
        </>
      )}
    </Card>
  );
}
