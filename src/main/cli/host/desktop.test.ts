import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { desktopPossibility, electronBinary } from './desktop.ts';

let empty: string;
let full: string;

beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'botpool-desktop-'));
  full = await mkdtemp(join(tmpdir(), 'botpool-desktop-'));
  const electron = join(full, 'node_modules/electron');
  await mkdir(join(electron, 'dist'), { recursive: true });
  await writeFile(join(electron, 'path.txt'), 'electron\n');
  await writeFile(join(electron, 'dist/electron'), '');
});
afterAll(() => Promise.all([empty, full].map((folder) => rm(folder, { recursive: true, force: true }))));

it('finds Electron where it was fetched, or where a variable says', async () => {
  expect(electronBinary(full, {})).toBe(join(full, 'node_modules/electron/dist/electron'));
  expect(electronBinary(empty, {})).toBeUndefined();
  expect(electronBinary(full, { ELECTRON_OVERRIDE_DIST_PATH: empty })).toBeUndefined();
});

it.each([
  ['linux', { DISPLAY: ':0' }, false, 'open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, false, 'open'],
  ['linux', {}, false, 'no-screen'],
  ['linux', { DISPLAY: ':0' }, true, 'no-screen'],
  ['darwin', {}, false, 'open'],
  ['win32', {}, false, 'open'],
  ['darwin', { DESKTOP: 'off' }, false, 'off'],
  ['darwin', { CI: 'true' }, false, 'off'],
] as const)('%s %o as administrator %s: %s', (platform, env, isRoot, expected) => {
  expect(desktopPossibility({ projectFolder: full, env, platform, isRoot })).toBe(expected);
});

it('says that Electron is missing only where somebody would see a window', () => {
  const facts = { projectFolder: empty, env: {}, isRoot: false };
  expect(desktopPossibility({ ...facts, platform: 'darwin' })).toBe('no-binary');
  expect(desktopPossibility({ ...facts, platform: 'linux' })).toBe('no-screen');
});
