/** The panel's beginning: takes the one-time ticket out of the address, opens the link, shows the first screen. */
import '@fontsource-variable/onest/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './theme/tokens.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { SCREENS } from './app/screens.ts';
import { openConnection } from './client/connection.ts';
import { errorText, loadErrorTexts } from './client/error-text.ts';
import { asFailure } from './client/failure.ts';
import { exchangeTicket, readSession } from './client/session.ts';
import { chooseLocale, preferredLocale } from './i18n/i18n.ts';
import { followStores } from './stores/stores.ts';

/** Signs in with the ticket of the address, which goes from there and from the history at once. */
async function redeemTicket(): Promise<string | undefined> {
  const ticket = /^#ticket=([^&]+)/.exec(location.hash)?.[1];
  if (ticket === undefined) return undefined;
  history.replaceState(null, '', `${location.pathname}#/pool`);
  try {
    await exchangeTicket(ticket);
    return undefined;
  } catch (error) {
    // Whoever is signed in already does not care that the link was used up.
    const known = await readSession().catch(() => null);
    return known === null ? await errorText(asFailure(error), preferredLocale()) : undefined;
  }
}

/** The first screen has come by then, and nobody waits for the others yet. */
const REST_MS = 2_500;

/** What is not needed at first but must be here when the server hangs or is away: every screen, and words for failures. */
async function fetchTheRest(): Promise<void> {
  await loadErrorTexts();
  for (const { load } of SCREENS) await load();
  document.documentElement.dataset['screens'] = 'here';
}

async function start(root: HTMLElement): Promise<void> {
  const [problem] = await Promise.all([redeemTicket(), chooseLocale(preferredLocale())]);
  const connection = openConnection({
    socketUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`,
    readSession,
  });
  followStores(connection, new AbortController().signal);
  createRoot(root).render(<App connection={connection} problem={problem} />);
  setTimeout(() => void fetchTheRest().catch(() => undefined), REST_MS);
}

const root = document.getElementById('root');
if (root !== null) void start(root);
