/** Entry file of the desktop program: hands Electron and the process to the shell. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as electron from 'electron';
import { startShell } from './shell.ts';

// Where the bundle lies: out/desktop, beside out/renderer.
const here = import.meta.dirname;
await startShell({
  electron,
  env: process.env,
  args: process.argv,
  home: process.env['BOTPOOL_HOME'] ?? join(electron.app.getPath('home'), '.botpool'),
  panelFolder: join(here, '../renderer'),
  preload: join(here, 'preload.cjs'),
  iconFolder: join(here, 'icons'),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
  openSocket: (url, token) => new WebSocket(url, { headers: { authorization: `Bearer ${token}` } }),
});
