/** Backups: whether one can rely on them, what is being done, all of them, and what is kept. */
import { Button, Menu, Tabs } from '@mantine/core';
import { IconChevronDown, IconDatabaseExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { perform } from '../../app/actions.ts';
import { hrefOf, setQuery, usePlace } from '../../app/router.ts';
import { useConnection, useFollow, useMayOperate } from '../../client/context.tsx';
import { displayName } from '../../components/display-name.ts';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { BackupDrawer } from './backup-drawer.tsx';
import { BackupList } from './backup-list.tsx';
import classes from './backups.module.css';
import { BackupHealth } from './health.tsx';
import type { RestoreWish } from './restore-wish.ts';
import { RestoreWizard } from './restore-wizard.tsx';
import { Retention } from './retention.tsx';
import { Working } from './working.tsx';

const TABS = ['list', 'kept'] as const;

/** See the file. */
export function Main() {
  const say = useSay();
  const { query } = usePlace();
  const { value: backups, error } = useFollow('backups', (client, signal) =>
    client.backups.watch(undefined, { signal }),
  );
  const [wish, setWish] = useState<RestoreWish | null>(null);
  const tab = TABS.find((name) => name === query['tab']) ?? 'list';
  const chosen = query['backup'];
  return (
    <Screen title={say('nav-backups')} sub={say('backups-sub')} actions={<MakeButtons />}>
      {backups === undefined ? (
        error === undefined ? (
          <Loading rows={8} />
        ) : (
          <Failure error={error} />
        )
      ) : (
        <>
          <BackupHealth backups={backups} />
          <Working backups={backups} />
          <Tabs value={tab} onChange={(value) => setQuery({ tab: value ?? undefined })} keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="list">{say('backups-list')}</Tabs.Tab>
              <Tabs.Tab value="kept">{say('retention-title')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="list" pt="md">
              {backups.length === 0 ? <None /> : <BackupList backups={backups} />}
            </Tabs.Panel>
            <Tabs.Panel value="kept" pt="md">
              <Retention backups={backups} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
      <BackupDrawer
        id={chosen}
        live={backups?.find(({ id }) => id === chosen)}
        onClose={() => setQuery({ backup: undefined })}
        onRestore={setWish}
      />
      <RestoreWizard wish={wish} onClose={() => setWish(null)} />
    </Screen>
  );
}

function None() {
  const say = useSay();
  return (
    <Card>
      <Empty
        icon={<IconDatabaseExport size={40} stroke={1.4} aria-hidden />}
        title={say('backups-empty')}
        text={say('backups-empty-text')}
      />
    </Card>
  );
}

/** Everything with one click; one client by a menu. */
function MakeButtons() {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const tenants = useStore(tenantsStore, (state) => state.tenants) ?? [];
  if (!mayOperate) return null;
  const make = (scope: string): void =>
    void perform({
      doing: say('backups-beginning'),
      done: say('backups-begun'),
      run: () => client.backups.create({ scope }),
      link: ({ id }) => ({ label: say('backup-one'), href: hrefOf('backups', { backup: id }) }),
    });
  return (
    <span className={classes['split']}>
      <Button leftSection={<IconDatabaseExport size={17} aria-hidden />} onClick={() => make('all')}>
        {say('backups-now')}
      </Button>
      {tenants.length === 0 ? null : (
        <Menu position="bottom-end" width={260}>
          <Menu.Target>
            <Button aria-label={say('backups-more')} px={9}>
              <IconChevronDown size={17} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes['menu'] ?? ''}>
            <Menu.Label>{say('backups-one-client')}</Menu.Label>
            {tenants.map(({ clientId, company }) => (
              <Menu.Item key={clientId} onClick={() => make(clientId)}>
                {displayName(company, 32)} <small>{clientId}</small>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}
