import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { engineConformance } from '#main/engine/conformance.ts';
import type { ContainerSpec } from '#main/engine/engine.ts';
import { processStart } from '#main/engine/process/proc.ts';
import { createProcessEngine, type ProcessEngineOptions } from '#main/engine/process/process-engine.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';

const programs = { node: { command: process.execPath, args: ['-e'] } };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'process-engine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makeEngine(options: Partial<ProcessEngineOptions> = {}) {
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const engine = await createProcessEngine({ programs, ...options, stateDir });
  return { engine, stateDir, image: 'node', [Symbol.asyncDispose]: () => engine.close() };
}

function bot(args: readonly string[], more: Partial<ContainerSpec> = {}): ContainerSpec {
  return { name: 'bot', image: 'node', args, env: {}, labels: {}, restart: 'unless-stopped', ...more };
}

/** Resolves when the process is gone, however long that takes. */
async function gone(pid: number): Promise<void> {
  while ((await processStart(pid)) !== undefined) await sleep(10);
}

/** A process that hosts an engine, and the pids of what the engine runs. */
async function startHost(script: string, args: readonly string[] = []) {
  const file = fileURLToPath(new URL(`../support/${script}`, import.meta.url));
  const host = spawn(process.execPath, [file, ...args], {
    // What a killed host leaves behind goes with the test.
    env: { ...process.env, TMPDIR: await temporaryFolder() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    host.kill('SIGKILL');
  });
  const [line] = await once(createInterface(host.stdout), 'line');
  const pids: unknown = JSON.parse(String(line));
  if (!Array.isArray(pids)) throw new Error(`no pids in ${String(line)}`);
  return { host, pids: pids.map(Number) };
}

engineConformance('process', () => makeEngine());

describe('the process engine', () => {
  it('leaves no child behind when it is killed', async () => {
    const { host, pids } = await startHost('engine-host.ts', [await temporaryFolder(), '5']);
    expect(pids.length).toBe(5);
    host.kill('SIGKILL');
    await Promise.all(pids.map(gone));
  });

  it('leaves no PostgreSQL and no Redis behind when it is killed', async () => {
    const { host, pids } = await startHost('stack-host.ts');
    expect(pids.length).toBe(2);
    host.kill('SIGKILL');
    await Promise.all(pids.map(gone));
  });

  it('ends a command whose words nobody reads any more', async () => {
    await using under = await makeEngine();
    await under.engine.create(bot(['setInterval(() => {}, 1000)']));
    await under.engine.start('bot');
    const session = await under.engine.exec('bot', ['yes']);
    await once(session.stdout, 'readable');
    (session.stdout as Readable).destroy();
    expect(await session.exitCode).not.toBe(0);
  });

  it('ends what a killed engine has left, and nothing else', async () => {
    const stateDir = await temporaryFolder();
    const { engine } = await makeEngine({ stateDir });
    await engine.close();
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    onTestFinished(() => {
      stranger.kill('SIGKILL');
    });
    await Promise.all([once(left, 'spawn'), once(stranger, 'spawn')]);
    const record = async (pid: number | undefined, start: string | undefined): Promise<string> =>
      `${pid} ${start} SIGTERM ${process.execPath}\n`;
    await writeFile(join(stateDir, 'pids/bot-1.pid'), await record(left.pid, await processStart(left.pid ?? 0)));
    await writeFile(join(stateDir, 'pids/bot-2.pid'), await record(stranger.pid, '1'));
    const ended = once(left, 'exit');
    await using again = await makeEngine({ stateDir });
    await ended;
    expect(again.engine.leftovers).toEqual(['bot-1']);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(await readdir(join(stateDir, 'pids'))).toEqual([]);
  });

  it('refuses a folder that another living engine uses', async () => {
    await using one = await makeEngine();
    await expect(makeEngine({ stateDir: one.stateDir })).rejects.toSatisfy((error) =>
      isBotpoolError(error, 'already_running'),
    );
    expect(one.engine.leftovers).toEqual([]);
  });

  it('starts a program that ended cleanly again at once', async () => {
    await using under = await makeEngine({ clock: { now: () => 0, after: () => () => undefined } });
    const { engine } = under;
    await engine.create(bot(['console.log(process.pid); process.exit(0)']));
    // Timers of this clock never ring: whatever comes up a second time was started without a pause.
    await engine.start('bot');
    const seen = new Set<string>();
    for await (const { text } of engine.logs('bot', { follow: true })) {
      seen.add(text);
      if (seen.size === 2) break;
    }
    expect(seen.size).toBe(2);
  });

  it('waits longer after each failure', async () => {
    const pauses: number[] = [];
    const enough = Promise.withResolvers<void>();
    const after = (ms: number, call: () => void): (() => void) => {
      if (ms % 100 !== 0 || ms === 500) return () => undefined;
      pauses.push(ms);
      if (pauses.length < 5) queueMicrotask(call);
      else enough.resolve();
      return () => undefined;
    };
    await using under = await makeEngine({ clock: { now: () => Date.now(), after } });
    await under.engine.create(bot(['process.exit(1)']));
    await under.engine.start('bot');
    await enough.promise;
    expect(pauses).toEqual([100, 200, 400, 800, 1600]);
    expect((await under.engine.inspect('bot')).state).toBe('restarting');
  });

  it('keeps no more log than it may', async () => {
    await using under = await makeEngine({ logLimits: { fileBytes: 20_000, files: 3 } });
    const { engine, stateDir } = under;
    const code =
      'for (let i = 1; i <= 5000; i++) console.log("line " + i + " " + "x".repeat(20)); setInterval(() => {}, 1000)';
    await engine.create(bot([code]));
    await engine.start('bot');
    for await (const { text } of engine.logs('bot', { follow: true })) if (text.startsWith('line 5000 ')) break;
    // Whoever reads kept lines waits until they are on the disk.
    const last = [];
    for await (const { text } of engine.logs('bot', { tail: 2 })) last.push(text.split(' ')[1]);
    const folder = join(stateDir, 'logs/bot');
    const files = await readdir(folder);
    expect(files.length).toBeLessThanOrEqual(3);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000 + 100);
    expect(last).toEqual(['4999', '5000']);
  });

  it('ends grandchildren with their parent', async () => {
    await using under = await makeEngine();
    const code = `const child = require("node:child_process").spawn("sleep", ["1000"]); console.log(child.pid); setInterval(() => {}, 1000)`;
    await under.engine.create(bot([code], { restart: 'no' }));
    await under.engine.start('bot');
    let grandchild = 0;
    for await (const { text } of under.engine.logs('bot', { follow: true })) {
      grandchild = Number(text);
      break;
    }
    expect(await processStart(grandchild)).toBeDefined();
    await under.engine.kill('bot', 'SIGKILL');
    await gone(grandchild);
  });

  it('says which programs it knows when it is asked for another', async () => {
    await using under = await makeEngine();
    await expect(under.engine.create(bot([], { image: 'unknown' }))).rejects.toThrow('program_missing');
  });
});
