/**
 * Entry file of the desktop program: hands Electron and the process to the shell. Bundled as a script, not as a module:
 * Electron waits for a module's end before it becomes ready, and the shell waits for Electron.
 */
import { setTimeout as delay } from 'node:timers/promises';
import * as electron from 'electron';
import { startShell } from './shell.ts';

startShell({
  electron,
  env: process.env,
  args: process.argv,
  platform: process.platform,
  fetch,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
  openSocket: ({ url, token }) =>
    new WebSocket(`${url.replace(/^http/, 'ws')}/api/ws`, { headers: { authorization: `Bearer ${token}` } }),
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  electron.app.exit(1);
});
