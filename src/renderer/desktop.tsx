/** The panel's beginning in the desktop window. */
import { serverForm } from './app/server-form.tsx';
import { showPanel } from './app/show-panel.tsx';
import { openConnection } from './client/connection.ts';
import { createDesktopLink } from './client/desktop-link.ts';
import { chooseLocale, preferredLocale } from './i18n/i18n.ts';

async function start(root: HTMLElement): Promise<void> {
  await chooseLocale(preferredLocale());
  const link = createDesktopLink();
  const connection = openConnection(link);
  showPanel(root, connection, {
    form: serverForm(link),
    title: (say) => say('server-title'),
    signOut: async () => link.forget(),
  });
}

const root = document.getElementById('root');
if (root !== null) void start(root);
