/**
 * The desktop program. `build`: its folder, `out/desktop`, as Electron runs it. `package [electron-builder's options]`: what
 * people install, into `out/packages`. `open`: builds it and opens it, fetching Electron where it is missing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { drawPicture } from '#bot-runtime/runtime/picture.ts';
import { buildPanel } from '#main/cli/host/build-panel.ts';
import { electronBinary } from '#main/cli/host/desktop.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'out/desktop');
const RESOURCES = join(ROOT, 'out/desktop-resources');
const USAGE = 'usage: npm run desktop -- build | package [--linux|--mac|--win] [--dir] | open';

/** The tray's colours, by what `levelOf` says. */
const TRAY = { away: '#868e96', good: '#2f9e44', full: '#f08c00', trouble: '#e03131' } as const;
const TRAY_PIXELS = 32;
const ICON_PIXELS = 512;

async function makeFolder(): Promise<void> {
  const panel = await buildPanel(ROOT, (stage) => console.log(stage));
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(join(FOLDER, 'icons'), { recursive: true });
  await Promise.all([
    bundle('src/main/electron/main.ts', 'main.cjs'),
    bundle('src/preload/index.ts', 'preload.cjs'),
    // What is compressed lies there for browsers.
    cp(panel, join(FOLDER, 'panel'), { recursive: true, filter: (file) => !/\.(?:br|gz)$/.test(file) }),
    drawIcons(),
    writeManifest(),
  ]);
  console.log(`the desktop program stands in ${FOLDER}`);
}

async function bundle(entry: string, name: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile: join(FOLDER, name),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    // Electron waits for a module's end before it becomes ready, and a sandboxed preload has to be a script.
    format: 'cjs',
    external: ['electron'],
    logLevel: 'silent',
  });
}

async function drawIcons(): Promise<void> {
  const svg = await readFile(join(ROOT, 'src/renderer/app/icon.svg'), 'utf8');
  await mkdir(RESOURCES, { recursive: true });
  await writeFile(join(RESOURCES, 'icon.png'), await drawPicture(sized(svg, ICON_PIXELS), 1));
  for (const [level, color] of Object.entries(TRAY)) {
    const dot = `<circle cx="25" cy="25" r="6" fill="${color}" stroke="#ffffff" stroke-width="1.5"/></svg>`;
    const png = await drawPicture(sized(svg.replace('</svg>', dot), TRAY_PIXELS), 1);
    await writeFile(join(FOLDER, 'icons', `tray-${level}.png`), png);
  }
}

function sized(svg: string, pixels: number): string {
  return svg.replace('<svg ', `<svg width="${pixels}" height="${pixels}" `);
}

async function writeManifest(): Promise<void> {
  const { version, description, license } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const manifest = {
    name: 'botpool',
    productName: 'Botpool',
    version,
    description,
    license,
    author: 'Botpool',
    main: 'main.cjs',
  };
  await writeFile(join(FOLDER, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

async function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return Number(code ?? 1);
}

async function open(): Promise<number> {
  if (electronBinary(ROOT, process.env) === undefined) {
    console.log('fetching Electron (once) …');
    await run(process.execPath, [join(ROOT, 'node_modules/electron/install.js')]);
  }
  const electron = electronBinary(ROOT, process.env);
  if (electron === undefined) {
    console.error(
      'Electron could not be fetched: it lies at github.com. The panel works in a browser: npx botpool panel',
    );
    return 1;
  }
  return await run(electron, [FOLDER]);
}

async function main([command, ...options]: readonly string[]): Promise<number> {
  if (command !== 'build' && command !== 'package' && command !== 'open') {
    console.error(USAGE);
    return 2;
  }
  await makeFolder();
  if (command === 'open') return await open();
  if (command === 'build') return 0;
  return await run(process.execPath, [
    join(ROOT, 'node_modules/electron-builder/cli.js'),
    '--publish',
    'never',
    ...options,
  ]);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
