/** Whether the desktop window can be opened on this machine, and opening it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `open`: there is a screen and Electron. `no-binary`: Electron is not there. `no-screen`: nobody would see it. */
export type DesktopPossibility = 'open' | 'no-binary' | 'no-screen' | 'off';

/** What of this machine decides. */
export interface DesktopFacts {
  readonly projectFolder: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** True for an administrator on Linux: there Electron runs only without its sandbox, and so not at all for us. */
  readonly isRoot: boolean;
}

/** The Electron that is installed; its package itself tries to fetch it when it is only asked where it is. */
export function electronBinary(projectFolder: string, env: Environment): string | undefined {
  const folder = join(projectFolder, 'node_modules/electron');
  const name = join(folder, 'path.txt');
  if (!existsSync(name)) return undefined;
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(name, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

/** What can be done here. */
export function desktopPossibility({ projectFolder, env, platform, isRoot }: DesktopFacts): DesktopPossibility {
  if (env['DESKTOP'] === 'off' || env['CI'] === 'true') return 'off';
  const headless = platform === 'linux' && (isRoot || !(env['DISPLAY'] || env['WAYLAND_DISPLAY']));
  if (headless) return 'no-screen';
  return electronBinary(projectFolder, env) === undefined ? 'no-binary' : 'open';
}

/** Builds and opens the window beside this process; it stays when this process ends. */
export function openDesktop(projectFolder: string, home: string): void {
  const child = spawn(process.execPath, [join(projectFolder, 'scripts/desktop.ts'), 'open'], {
    cwd: projectFolder,
    env: { ...process.env, BOTPOOL_HOME: home },
    stdio: 'ignore',
    detached: true,
  });
  // A window that cannot be opened is no reason to end: the panel is in the browser, too.
  child.on('error', () => undefined);
  child.unref();
}
