/** Home: how the business is, at a glance; then every bot, what needs a look, and what has just happened. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconRipple, IconRocket, IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { hrefOf, setQuery, usePlace } from '../../app/router.ts';
import { useLink } from '../../client/context.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { poolStore, tenantsStore } from '../../stores/stores.ts';
import { Alerts } from './alerts.tsx';
import { GROUPINGS, type Grouping, grouped, matching, tileSize } from './arrange.ts';
import { BotDrawer } from './bot-drawer.tsx';
import { Feed } from './feed.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Hero } from './hero.tsx';
import classes from './pool.module.css';
import { Reason } from './reason.tsx';
import { SizeButton } from './size-dialog.tsx';
import { TileGrid } from './tiles.tsx';

/** See the file. */
export function Main() {
  const say = useSay();
  const place = usePlace();
  const known = useStore(poolStore, (state) => state.at !== null);
  const number = Number(place.query['bot'] ?? Number.NaN);
  const bot = useStore(poolStore, (state) => state.bots.find(({ pool_id }) => pool_id === number));
  return (
    <Screen
      title={say('nav-pool')}
      actions={
        <>
          <SizeButton />
          <Button component="a" href={hrefOf('activate')} leftSection={<IconRocket size={17} aria-hidden />}>
            {say('nav-activate')}
          </Button>
        </>
      }
    >
      {known ? <Hero /> : <Loading rows={2} height={56} />}
      <div className={classes['columns']}>
        <PoolMap />
        <div className={classes['side']}>
          <FirstSteps />
          <Alerts />
          <Reason />
          <Feed />
        </div>
      </div>
      <BotDrawer bot={bot} onClose={() => setQuery({ bot: undefined })} />
    </Screen>
  );
}

function PoolMap() {
  const say = useSay();
  const { bots, at } = useStore(poolStore);
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const offline = useLink((state) => state.phase === 'offline');
  const [text, setText] = useState('');
  const [grouping, setGrouping] = useState<Grouping>('state');
  // Typing is never kept waiting by a thousand tiles.
  const wanted = useDeferredValue(text);
  const companies = useMemo(() => new Map((tenants ?? []).map((one) => [one.clientId, one.company])), [tenants]);
  const found = useMemo(() => matching(bots, wanted, companies), [bots, wanted, companies]);
  const groups = useMemo(() => grouped(found, grouping), [found, grouping]);
  const size = tileSize(bots.length);
  return (
    <Card
      title={say('pool-bots')}
      extra={
        <div className={classes['tools']}>
          <TextInput
            size="xs"
            type="search"
            leftSection={<IconSearch size={15} aria-hidden />}
            placeholder={say('pool-search')}
            aria-label={say('pool-search')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={190}
          />
          <SegmentedControl
            size="xs"
            aria-label={say('pool-group')}
            value={grouping}
            onChange={(value) => setGrouping(value as Grouping)}
            data={GROUPINGS.map((value) => ({ value, label: say(`pool-group-${value}`) }))}
          />
        </div>
      }
    >
      {at === null ? (
        <Loading rows={4} height={64} />
      ) : bots.length === 0 ? (
        <Empty
          icon={<IconRipple size={40} stroke={1.4} aria-hidden />}
          title={say('pool-empty')}
          text={say(offline ? 'pool-empty-offline' : 'pool-empty-text')}
        />
      ) : groups.length === 0 ? (
        <Empty
          icon={<IconSearch size={36} stroke={1.4} aria-hidden />}
          title={say('pool-nothing-found')}
          action={
            <Button variant="light" size="xs" onClick={() => setText('')}>
              {say('action-show-all')}
            </Button>
          }
        />
      ) : (
        <TileGrid groups={groups} grouping={grouping} size={size} companies={companies} />
      )}
    </Card>
  );
}
