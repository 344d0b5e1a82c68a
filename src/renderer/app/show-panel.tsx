/** Shows the panel over a connection: in a browser and in the desktop window alike. */
import '@fontsource-variable/onest/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '../theme/tokens.css';
import { createRoot } from 'react-dom/client';
import type { Connection } from '../client/connection.ts';
import { loadErrorTexts } from '../client/error-text.ts';
import { followStores } from '../stores/stores.ts';
import { App } from './app.tsx';
import { SCREENS } from './screens.ts';
import type { Entrance } from './sign-in.tsx';

/** Shows it. `entrance`: how people get in. */
export function showPanel(root: HTMLElement, connection: Connection, entrance: Entrance): void {
  followStores(connection, new AbortController().signal);
  createRoot(root).render(<App connection={connection} entrance={entrance} />);
  setTimeout(() => void fetchTheRest().catch(() => undefined), REST_MS);
}

/** The first screen has come by then, and nobody waits for the others yet. */
const REST_MS = 2_500;

/** What is not needed at first but must be here when the server hangs or is away: every screen, and words for failures. */
async function fetchTheRest(): Promise<void> {
  await loadErrorTexts();
  for (const { load } of SCREENS) await load();
  document.documentElement.dataset['screens'] = 'here';
}
