/** The frame around every screen: navigation, state of the link, search, language, colours, who is signed in. */
import { ActionIcon, Drawer, Menu, useMantineColorScheme } from '@mantine/core';
import { openSpotlight } from '@mantine/spotlight';
import {
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMenu2,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { type ReactNode, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { useConnection, useSession } from '../client/context.tsx';
import { Loading } from '../components/states.tsx';
import { chooseLocale, useLocale, useSay } from '../i18n/i18n.ts';
import { fillOf } from '../stores/pool-reducer.ts';
import { poolStore } from '../stores/stores.ts';
import { perform } from './actions.ts';
import { Boundary } from './boundary.tsx';
import icon from './icon.svg';
import { LinkBanner, LinkState } from './link-banner.tsx';
import { Palette } from './palette.tsx';
import { hrefOf, usePlace } from './router.ts';
import { GROUPS, SCREENS } from './screens.ts';
import classes from './shell.module.css';
import { useEntrance } from './sign-in.tsx';

/** See the file. */
export function Shell() {
  const say = useSay();
  const place = usePlace();
  const screen = SCREENS.find(({ path }) => path === place.screen) ?? SCREENS[0];
  if (screen === undefined) return null;
  const { Main, path } = screen;
  const fills = screen.fill === true;
  return (
    <>
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        {say('skip-to-content')}
      </button>
      <div className={classes['shell']}>
        <nav className={classes['nav']} aria-label={say('nav-label')}>
          <NavItems current={path} />
        </nav>
        <div className={`${classes['main']} ${fills ? classes['mainFill'] : ''}`}>
          <TopBar current={path} />
          <LinkBanner />
          <main id="main" tabIndex={-1} className={classes['content']}>
            <Boundary key={path}>
              <Suspense fallback={<ScreenPlaceholder />}>
                <Main />
              </Suspense>
            </Boundary>
          </main>
        </div>
      </div>
      <Palette />
    </>
  );
}

function ScreenPlaceholder() {
  return (
    <div style={{ padding: '20px clamp(12px, 2vw, 32px)' }}>
      <Loading rows={8} />
    </div>
  );
}

function NavItems({ current, onUsed }: { readonly current: string; readonly onUsed?: () => void }) {
  const say = useSay();
  return (
    <>
      <a className={classes['brand']} href={hrefOf('pool')} onClick={onUsed}>
        <img src={icon} alt="" />
        Botpool
      </a>
      {GROUPS.map((group) => (
        <NavGroup key={group} title={say(`nav-group-${group}`)}>
          {SCREENS.filter((row) => row.group === group).map(({ path, title, icon: Icon }) => (
            <a
              key={path}
              className={classes['item']}
              href={hrefOf(path)}
              onClick={onUsed}
              aria-current={path === current ? 'page' : undefined}
            >
              <Icon size={19} stroke={1.7} aria-hidden />
              {say(title)}
            </a>
          ))}
        </NavGroup>
      ))}
      <PoolGauge />
    </>
  );
}

function NavGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div role="group" aria-label={title}>
      <p className={classes['group']} aria-hidden>
        {title}
      </p>
      {children}
    </div>
  );
}

/** How full the pool is, on every screen. */
function PoolGauge() {
  const say = useSay();
  const counts = useStore(poolStore, (state) => state.counts);
  const known = useStore(poolStore, (state) => state.at !== null);
  if (!known) return null;
  return (
    <a className={classes['gauge']} href={hrefOf('pool')}>
      <span className={classes['gaugeTrack']}>
        <span className={classes['gaugeFill']} style={{ display: 'block', width: `${fillOf(counts) * 100}%` }} />
      </span>
      <span>{say('gauge-free', { free: counts.waiting, total: counts.total })}</span>
    </a>
  );
}

function TopBar({ current }: { readonly current: string }) {
  const say = useSay();
  const [opened, setOpened] = useState(false);
  return (
    <header className={classes['top']}>
      <div className={classes['topSide']}>
        <ActionIcon
          className={classes['burger'] ?? ''}
          variant="subtle"
          size="lg"
          color="gray"
          aria-label={say('nav-open')}
          onClick={() => setOpened(true)}
        >
          <IconMenu2 size={20} aria-hidden />
        </ActionIcon>
        <LinkState />
      </div>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        size={264}
        padding="sm"
        closeButtonProps={{ 'aria-label': say('action-close') }}
      >
        <nav className={classes['drawerNav']} aria-label={say('nav-label')}>
          <NavItems current={current} onUsed={() => setOpened(false)} />
        </nav>
      </Drawer>
      <div className={classes['topSide']}>
        <button type="button" className={classes['search']} onClick={openSpotlight} aria-label={say('palette-open')}>
          <IconSearch size={16} aria-hidden style={{ flex: 'none' }} />
          <span>{say('palette-hint')}</span>
          <kbd>{navigator.userAgent.includes('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <LanguageButton />
        <SchemeMenu />
        <UserMenu />
      </div>
    </header>
  );
}

function LanguageButton() {
  const say = useSay();
  const locale = useLocale();
  const other = locale === 'ru' ? 'en' : 'ru';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={say('language-switch')}
      title={say('language-switch')}
      onClick={() => void chooseLocale(other)}
    >
      <IconLanguage size={20} stroke={1.7} aria-hidden />
    </ActionIcon>
  );
}

const SCHEMES = [
  { scheme: 'light', icon: IconSun },
  { scheme: 'dark', icon: IconMoon },
  { scheme: 'auto', icon: IconDeviceDesktop },
] as const;

function SchemeMenu() {
  const say = useSay();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = SCHEMES.find(({ scheme }) => scheme === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say('scheme-menu')} title={say('scheme-menu')}>
          <Current size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ scheme, icon: Icon }) => (
          <Menu.Item key={scheme} leftSection={<Icon size={16} aria-hidden />} onClick={() => setColorScheme(scheme)}>
            {say(`scheme-${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu() {
  const say = useSay();
  const connection = useConnection();
  const session = useSession();
  const { signOut } = useEntrance();
  if (session === null) return null;
  const leave = async (): Promise<void> => {
    await perform({
      doing: say('session-leaving'),
      done: say('session-left'),
      run: () => signOut(session.csrf),
    });
    connection.restart();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={say('session-menu')}
          title={say('session-menu')}
        >
          <IconUserCircle size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.user} · {say(`role-${session.role}`)}
        </Menu.Label>
        {session.local === true ? null : (
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
            {say('session-sign-out')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
