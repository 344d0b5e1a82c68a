/** Settings: how the panel looks to this person; how the pool fills itself; what is sold; who may come in; tokens of programs; the variables of the installation. */
import { SegmentedControl, Tabs, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { setQuery, usePlace } from '../../app/router.ts';
import { useSession } from '../../client/context.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty } from '../../components/states.tsx';
import { chooseLocale, useLocale, useSay } from '../../i18n/i18n.ts';
import { Environment } from './environment.tsx';
import { Plans } from './plans.tsx';
import { PoolPolicy } from './pool-policy.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';

const TABS = ['look', 'pool', 'plans', 'users', 'tokens', 'environment'] as const;

/** See the file. */
export function Main() {
  const say = useSay();
  const { query } = usePlace();
  const isAdmin = useSession()?.role === 'admin';
  const tab = TABS.find((name) => name === query['tab']) ?? 'look';
  const admins = (what: ReactNode): ReactNode =>
    isAdmin ? (
      what
    ) : (
      <Card>
        <Empty icon={null} title={say('settings-admins')} text={say('settings-admins-text')} />
      </Card>
    );
  return (
    <Screen title={say('nav-settings')}>
      <Tabs value={tab} onChange={(value) => setQuery({ tab: value ?? undefined })} keepMounted={false}>
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {say(`settings-tab-${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="look" pt="md">
          <Look />
        </Tabs.Panel>
        <Tabs.Panel value="pool" pt="md">
          <PoolPolicy />
        </Tabs.Panel>
        <Tabs.Panel value="plans" pt="md">
          {admins(<Plans />)}
        </Tabs.Panel>
        <Tabs.Panel value="users" pt="md">
          {admins(<Users />)}
        </Tabs.Panel>
        <Tabs.Panel value="tokens" pt="md">
          {admins(<Tokens />)}
        </Tabs.Panel>
        <Tabs.Panel value="environment" pt="md">
          {admins(<Environment />)}
        </Tabs.Panel>
      </Tabs>
    </Screen>
  );
}

function Look() {
  const say = useSay();
  const locale = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))' }}>
      <Card title={say('settings-language')}>
        <SegmentedControl
          fullWidth
          aria-label={say('settings-language')}
          value={locale}
          onChange={(value) => void chooseLocale(value === 'ru' ? 'ru' : 'en')}
          data={[
            { value: 'ru', label: 'Русский' },
            { value: 'en', label: 'English' },
          ]}
        />
      </Card>
      <Card title={say('scheme-menu')}>
        <SegmentedControl
          fullWidth
          aria-label={say('scheme-menu')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: say(`scheme-${value}`) }))}
        />
      </Card>
    </div>
  );
}
