/** ⌘K: every screen, client and bot by its name, and what one does most. */
import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconLanguage, IconMoon, IconRobot, IconSearch, IconUser } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { displayName } from '../components/display-name.ts';
import { chooseLocale, useLocale, useSay } from '../i18n/i18n.ts';
import { poolStore, tenantsStore } from '../stores/stores.ts';
import { goTo } from './router.ts';
import { SCREENS } from './screens.ts';

const SHOWN = 8;

/** See the file. */
export function Palette() {
  const say = useSay();
  const locale = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const bots = useStore(poolStore, (state) => state.bots);
  const group = (name: string, actions: SpotlightActionData[]): SpotlightActionGroupData => ({ group: name, actions });
  const actions = [
    group(
      say('palette-screens'),
      SCREENS.map(({ path, title, icon: Icon }) => ({
        id: `screen-${path}`,
        label: say(title),
        leftSection: <Icon size={18} stroke={1.7} aria-hidden />,
        onClick: () => goTo(path),
      })),
    ),
    group(say('palette-clients'), [
      ...(tenants ?? []).map(({ clientId, company, botUsername }) => ({
        id: `client-${clientId}`,
        label: displayName(company, 60),
        description: `${clientId}${botUsername === null ? '' : ` · @${botUsername}`}`,
        leftSection: <IconUser size={18} stroke={1.7} aria-hidden />,
        onClick: () => goTo(`clients/${clientId}`),
      })),
    ]),
    group(
      say('palette-bots'),
      bots.map(({ container_id, pool_id, client_id }) => ({
        id: `bot-${container_id}`,
        label: say('bot-name', { number: pool_id }),
        description: client_id ?? container_id,
        keywords: [container_id],
        leftSection: <IconRobot size={18} stroke={1.7} aria-hidden />,
        onClick: () => goTo('pool', { bot: String(pool_id) }),
      })),
    ),
    group(say('palette-do'), [
      {
        id: 'do-language',
        label: say('language-switch'),
        leftSection: <IconLanguage size={18} stroke={1.7} aria-hidden />,
        onClick: () => void chooseLocale(locale === 'ru' ? 'en' : 'ru'),
      },
      {
        id: 'do-scheme',
        label: say('scheme-switch'),
        leftSection: <IconMoon size={18} stroke={1.7} aria-hidden />,
        onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
      },
    ]),
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      limit={SHOWN}
      highlightQuery
      scrollable
      maxHeight={420}
      // On the row that is chosen, too, it must be read.
      styles={{ actionDescription: { opacity: 1, color: 'inherit' } }}
      nothingFound={say('palette-nothing')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: say('palette-hint'),
        'aria-label': say('palette-hint'),
      }}
    />
  );
}
