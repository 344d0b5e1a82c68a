import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BOOTSTRAP = new URL('./bootstrap.mjs', import.meta.url).href;

let folder = '';
let lock = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botpool-bootstrap-'));
  lock = join(folder, 'install.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that holds the lock until it has done `work`, with what it wrote. */
function holder(work: string) {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withInstallLock } from ${JSON.stringify(BOOTSTRAP)};
    const note = (text) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, text + ' ');
    await withInstallLock(async () => { ${work} }, ${JSON.stringify(lock)});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let output = '';
  const told = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
      told.resolve();
    });
  }
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  return { child, ended, told: told.promise };
}

const notes = (): Promise<string> => readFile(join(folder, 'notes'), 'utf8');

it('lets several processes in one after the other, and leaves nothing behind', async () => {
  const work = `note('in'); await sleep(20); note('out');`;
  const ended = await Promise.all(Array.from({ length: 6 }, () => holder(work).ended));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await notes()).toBe('in out '.repeat(6));
  expect(await readdir(folder)).toEqual(['notes']);
});

it('says for whom it waits, and goes on when that one was killed', async () => {
  const first = holder(`process.stdout.write('here'); await sleep(60_000);`);
  await first.told;
  const second = holder(`note('second');`);
  await second.told;
  first.child.kill('SIGKILL');
  const { code, output } = await second.ended;
  expect(code).toBe(0);
  expect(output.match(/waiting until it is done/g)).toHaveLength(1);
  expect(output).toContain(`(process ${first.child.pid})`);
  expect(await notes()).toBe('second ');
});

it.runIf(process.platform === 'linux')(
  'takes over the lock of a process whose number another one has now',
  async () => {
    await writeFile(lock, `${process.pid} 1`);
    expect(await holder(`note('in');`).ended).toEqual({ code: 0, output: '' });
    expect(await notes()).toBe('in ');
  },
);

it.each(['', 'nonsense'])('takes over a lock that names nobody: “%s”', async (text) => {
  await writeFile(lock, text);
  expect(await holder(`note('in');`).ended).toEqual({ code: 0, output: '' });
});
