/** The panel's beginning in a browser: takes the one-time ticket out of the address, opens the link, shows the first screen. */
import { showPanel } from './app/show-panel.tsx';
import { SignInForm } from './app/sign-in.tsx';
import { openConnection } from './client/connection.ts';
import { errorText } from './client/error-text.ts';
import { asFailure } from './client/failure.ts';
import { exchangeTicket, readSession, signOut } from './client/session.ts';
import { chooseLocale, preferredLocale } from './i18n/i18n.ts';

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

async function start(root: HTMLElement): Promise<void> {
  const [problem] = await Promise.all([redeemTicket(), chooseLocale(preferredLocale())]);
  const socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`;
  const connection = openConnection({ openSocket: () => new WebSocket(socketUrl), readSession });
  showPanel(root, connection, { form: () => <SignInForm problem={problem} />, signOut });
}

const root = document.getElementById('root');
if (root !== null) void start(root);
