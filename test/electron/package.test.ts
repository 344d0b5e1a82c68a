/**
 * The desktop program as it is packaged, without Electron: an Electron of the same shape and no content is packaged in its
 * place, so that configuration, contents and fuses are checked. That the program runs in Electron is shown by
 * `window.test.ts`, where Electron is.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** How a fuse is written: the package does not export its names for it. */
const FuseState = { DISABLE: '0'.charCodeAt(0), ENABLE: '1'.charCodeAt(0) } as const;
/** What Electron's binary carries its fuses behind, then version 1 with ten fuses. */
const FUSES = Buffer.concat([
  Buffer.from('FAKE\0dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 10]),
  Buffer.from('0'.repeat(10)),
  Buffer.alloc(64),
]);

let folder: string;
let unpacked: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botpool-package-'));
  const electron = join(folder, 'electron-dist');
  await mkdir(join(electron, 'locales'), { recursive: true });
  const files = {
    version: '45.4.1',
    LICENSE: '',
    'LICENSES.chromium.html': '',
    'locales/en-US.pak': '',
    chrome_crashpad_handler: '',
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(electron, name), text)));
  await writeFile(join(electron, 'electron'), FUSES, { mode: 0o755 });
  const output = join(folder, 'packages');
  const options = ['--linux', '--dir', `-c.electronDist=${electron}`, `-c.directories.output=${output}`];
  await run(process.execPath, [join(ROOT, 'scripts/desktop.ts'), 'package', ...options], { cwd: ROOT });
  unpacked = join(output, 'linux-unpacked');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The names of the files in an asar archive: a Chromium pickle with a JSON header of folders. */
async function filesIn(archive: string): Promise<string[]> {
  const file = await open(archive);
  try {
    const sizes = Buffer.alloc(16);
    await file.read(sizes, 0, 16, 0);
    const header = Buffer.alloc(sizes.readUInt32LE(12));
    await file.read(header, 0, header.length, 16);
    const names = (node: Node, path: string): string[] =>
      node.files === undefined
        ? [path]
        : Object.entries(node.files).flatMap(([name, child]) => names(child, `${path}/${name}`));
    return names(JSON.parse(header.toString('utf8')) as Node, '');
  } finally {
    await file.close();
  }
}

interface Node {
  readonly files?: Readonly<Record<string, Node>>;
}

describe('the packaged desktop program (Electron itself is not in it)', () => {
  it('holds the program, the panel and its icons, and no sources, maps or tests', async () => {
    const files = await filesIn(join(unpacked, 'resources/app.asar'));
    expect(files).toEqual(
      expect.arrayContaining(['/main.cjs', '/preload.cjs', '/package.json', '/panel/desktop.html']),
    );
    expect(files.filter((name) => name.startsWith('/icons/')).sort()).toEqual([
      '/icons/tray-away.png',
      '/icons/tray-full.png',
      '/icons/tray-good.png',
      '/icons/tray-trouble.png',
    ]);
    expect(files.filter((name) => /\.(?:ts|tsx|map|br|gz)$|node_modules|\.env/.test(name))).toEqual([]);
  });

  it('has its fuses set: it is no Node, takes no arguments of Node, and loads nothing but its own archive', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'botpool-panel'));
    const state = (fuse: FuseV1Options): unknown => wire[fuse];
    expect(state(FuseV1Options.RunAsNode)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableCookieEncryption)).toBe(FuseState.ENABLE);
    expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(FuseState.ENABLE);
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe(FuseState.ENABLE);
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(FuseState.DISABLE);
  });

  it('needs nothing that is not packaged with it: its own file starts the shell and loads the panel', async () => {
    const program = join(ROOT, 'out/desktop');
    const host = join(ROOT, 'test/support/desktop-program-host.ts');
    const { stdout } = await run(process.execPath, [host, program, join(folder, 'data')], { timeout: 30_000 });
    const told = JSON.parse(stdout) as {
      readonly loaded: readonly string[];
      readonly panel: string;
      readonly trays: number;
    };
    expect(told.loaded).toEqual(['app://botpool/']);
    expect(told.panel).toContain('<div id="root">');
    expect(told.trays).toBe(1);
  });

  it('carries the version and the name of the project', async () => {
    const own = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
    const packed = JSON.parse(await readFile(join(ROOT, 'out/desktop/package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(packed).toMatchObject({ name: 'botpool', productName: 'Botpool', version: own.version, main: 'main.cjs' });
  });
});
