/** Finds a Chromium for the browser tests, or installs one where the machine allows it; hands out why there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPanel } from '#main/cli/host/build-panel.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Path of the browser; undefined when there is none. */
    chromium: string | undefined;
    /** Why there is none. */
    noChromium: string | undefined;
  }
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function find(): string | undefined {
  return [process.env['CHROMIUM_PATH'], ...PLACES].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
}

/** Debian and Ubuntu as root: the system's own package. */
function install(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return 'Chromium is missing. Install it, or name one in CHROMIUM_PATH.';
  }
  console.log('Installing Chromium for the browser tests (once)');
  const apt = (...args: string[]) =>
    spawnSync('/usr/bin/apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  const { status, stderr } = apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  return status === 0 ? undefined : `Chromium could not be installed: ${stderr.trim().split('\n').slice(-2).join(' ')}`;
}

/** Called by vitest before the first test. The panel is built once, before anybody serves it. */
export async function setup(project: TestProject): Promise<void> {
  const trouble = find() === undefined ? install() : undefined;
  project.provide('chromium', find());
  project.provide('noChromium', trouble);
  if (find() !== undefined) await buildPanel(join(import.meta.dirname, '../..'), (stage) => console.log(stage));
}
