/** The guide of the first run: three steps that tick themselves off, until they are done or put away. */
import { Anchor, CloseButton } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { hrefOf } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { Card } from '../../components/screen.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { poolStore, tenantsStore } from '../../stores/stores.ts';

const STORAGE_KEY = 'botpool.first-steps';

/** See the file. */
export function FirstSteps() {
  const say = useSay();
  const [gone, setGone] = useState(() => localStorage.getItem(STORAGE_KEY) === 'done');
  const waiting = useStore(poolStore, (state) => state.counts.total > 0);
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const { value: sandbox } = useAsk('sandbox', (client) => client.sandbox.info());
  if (gone || tenants === undefined || tenants.length > 1) return null;
  const hide = (): void => {
    localStorage.setItem(STORAGE_KEY, 'done');
    setGone(true);
  };
  const played = sandbox?.url !== undefined && sandbox.url !== null;
  const steps = [
    { id: 'pool', done: waiting, href: hrefOf('pool') },
    { id: 'activate', done: tenants.length > 0, href: hrefOf('activate') },
    { id: played ? 'talk' : 'telegram', done: false, href: hrefOf(played ? 'sandbox' : 'clients') },
  ] as const;
  return (
    <Card
      title={say('guide-title')}
      extra={<CloseButton size="sm" aria-label={say('guide-hide')} title={say('guide-hide')} onClick={hide} />}
    >
      <ol style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 10, fontSize: '0.9rem' }}>
        {steps.map(({ id, done, href }) => (
          <li key={id} style={{ display: 'grid', gridTemplateColumns: '24px 1fr', gap: 6 }}>
            {done ? (
              <IconCircleCheckFilled size={20} aria-label={say('guide-done')} style={{ color: 'var(--brand)' }} />
            ) : (
              <IconCircle size={20} stroke={1.6} aria-hidden style={{ color: 'var(--ink-3)' }} />
            )}
            <span>
              <Anchor href={href} size="sm" fw={600} c="var(--brand-ink)">
                {say(`guide-${id}`)}
              </Anchor>
              <br />
              <span style={{ color: 'var(--ink-2)' }}>{say(`guide-${id}-text`)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
