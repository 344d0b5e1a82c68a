/**
 * Runs the built desktop program with a played Electron in this process, and prints what became of it as JSON:
 * `desktop-program-host.ts <out/desktop> <folder for its data>`.
 */
import { mkdirSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { ElectronDouble } from './electron-double.ts';

const [program = '', appData = ''] = process.argv.slice(2);
mkdirSync(appData, { recursive: true });
const double = new ElectronDouble({ appData, appPath: program });
// The program asks for `electron` as every such program does; the module of that name only fetches the binary.
const loader = Module as unknown as { _load(name: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = (name, ...rest) => (name === 'electron' ? double.parts : load.call(loader, name, ...rest));
createRequire(import.meta.url)(join(program, 'main.cjs'));
await new Promise((resolve) => setTimeout(resolve, 500));
const answer = double.handlers.get('panel') as unknown as (request: object) => Promise<Response>;
const page = await answer({ url: 'app://botpool/', method: 'GET' });
console.log(JSON.stringify({ loaded: double.window.loaded, panel: await page.text(), trays: double.trays.length }));
process.exit(0);
