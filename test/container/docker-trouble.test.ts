/** What bad luck gets with the Docker engine: each a clear outcome. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type EngineClock, SYSTEM_CLOCK } from '#main/engine/clock.ts';
import { collect, firstLine, text } from '#main/engine/conformance-support.ts';
import type { ContainerSpec, EngineEvent } from '#main/engine/engine.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { openDockerProxy } from '../support/docker-proxy.ts';
import { testEngine, testImage } from '../support/docker-world.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { until } from '../support/until.ts';

const WAITS = 'console.log("ready"); setInterval(() => {}, 1000)';
const isRoot = process.getuid?.() === 0;
const run = promisify(execFile);

function bot(project: string, more: Partial<ContainerSpec> = {}): ContainerSpec {
  const name = `${project}-bot`;
  return { name, image: testImage(), args: [WAITS], env: {}, labels: {}, restart: 'no', stopTimeoutMs: 1_000, ...more };
}

/** Gathers what is told until the last event has come. */
async function eventsUntil(events: AsyncIterable<EngineEvent>, last: EngineEvent['type']): Promise<string[]> {
  const seen: string[] = [];
  for await (const { type } of events) {
    seen.push(type);
    if (type === last) break;
  }
  return seen;
}

describe.skipIf(inject('noDocker') !== undefined)('the Docker engine in trouble (needs a Docker engine)', () => {
  it('tells everything once that happened while the connection was broken', async () => {
    await using proxy = await openDockerProxy();
    await using direct = await testEngine();
    await using behind = await testEngine({
      project: direct.project,
      surroundings: { env: { DOCKER_HOST: proxy.address } },
    });
    const events = behind.engine.events();
    const spec = bot(direct.project);
    await direct.engine.create(spec);
    await until('the bot is seen', async () => (await behind.engine.list()).length === 1);
    await proxy.cut();
    await direct.engine.start(spec.name);
    await firstLine(direct.engine, spec.name);
    await direct.engine.stop(spec.name);
    await expect(behind.engine.list()).rejects.toSatisfy((error) => isBotpoolError(error, 'engine_unreachable'));
    await proxy.open();
    await direct.engine.start(spec.name);
    await direct.engine.stop(spec.name);
    await direct.engine.remove(spec.name);
    const all = ['create', 'start', 'die', 'stop', 'start', 'die', 'stop', 'remove'];
    expect(await eventsUntil(events, 'remove')).toEqual(all);
  });

  it.each([
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ])(
    'keeps its events and logs whole when the panel’s clock jumps a day %s while the engine is away',
    async (_way, jump) => {
      await using proxy = await openDockerProxy();
      await using direct = await testEngine();
      let shift = 0;
      const clock: EngineClock = { ...SYSTEM_CLOCK, now: () => Date.now() + shift };
      const surroundings = { env: { DOCKER_HOST: proxy.address } };
      await using behind = await testEngine({ project: direct.project, surroundings, clock });
      const events = behind.engine.events();
      const code = 'let n = 0; setInterval(() => console.log(n++), 20)';
      const spec = bot(direct.project, { args: [code] });
      await direct.engine.create(spec);
      await direct.engine.start(spec.name);
      await firstLine(direct.engine, spec.name);
      const seen: string[] = [];
      for await (const line of behind.engine.logs(spec.name, { follow: true })) {
        seen.push(line.text);
        if (seen.length === 10) {
          await proxy.cut();
          shift = jump;
          await direct.engine.stop(spec.name);
          await direct.engine.start(spec.name);
          await proxy.open();
        }
        if (line.text === '20' && seen.filter((text) => text === '0').length === 2) break;
      }
      // The second life counts from 0 again; of the first one, nothing is missing and nothing comes twice.
      const again = seen.lastIndexOf('0');
      expect(again).toBeGreaterThanOrEqual(10);
      expect(seen).toEqual([...seen.keys()].map((at) => String(at < again ? at : at - again)));
      await direct.engine.remove(spec.name);
      const all = ['create', 'start', 'die', 'stop', 'start', 'die', 'stop', 'remove'];
      expect(await eventsUntil(events, 'remove')).toEqual(all);
    },
  );

  it('goes on with a log where it was cut off, and repeats nothing', async () => {
    await using proxy = await openDockerProxy();
    await using under = await testEngine({ surroundings: { env: { DOCKER_HOST: proxy.address } } });
    const { engine, project } = under;
    const code = 'let n = 0; setInterval(() => { if (n < 60) console.log(n++) }, 10)';
    const { name } = await engine.create(bot(project, { args: [code] }));
    await engine.start(name);
    const seen: string[] = [];
    for await (const line of engine.logs(name, { follow: true })) {
      seen.push(line.text);
      if (seen.length === 20) await proxy.cut();
      if (seen.length === 20) await proxy.open();
      if (line.text === '59') break;
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_unused, index) => String(index)));
  });

  it('notices a container that was removed by hand', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const events = engine.events();
    const { name, id } = await engine.create(bot(project, { restart: 'unless-stopped' }));
    await engine.start(name);
    await firstLine(engine, name);
    const log = collect(engine.logs(name, { follow: true }));
    const session = await engine.exec(name, ['sh', '-c', 'echo up; cat']);
    await once(session.stdout, 'readable');
    await new Docker().getContainer(id).remove({ force: true });
    expect(await eventsUntil(events, 'remove')).toEqual(['create', 'start', 'die', 'remove']);
    expect((await log).map((line) => line.text)).toEqual(['ready']);
    expect(await session.exitCode).toBe(137);
    expect(await engine.list()).toEqual([]);
    await expect(engine.start(name)).rejects.toSatisfy((error) => isBotpoolError(error, 'container_unknown'));
  });

  it('leaves a container alone that bears the name but is of somebody else', async () => {
    await using stranger = await testEngine();
    await using under = await testEngine();
    const { name } = await stranger.engine.create(bot(under.project));
    const { engine } = under;
    const created = engine.create(bot(under.project));
    await expect(created).rejects.toSatisfy((error) => isBotpoolError(error, 'container_foreign'));
    await expect(engine.remove(name)).rejects.toSatisfy((error) => isBotpoolError(error, 'container_unknown'));
    expect((await stranger.engine.inspect(name)).state).toBe('created');
  });

  it('names the image that is missing', async () => {
    await using under = await testEngine();
    const spec = bot(under.project, { image: 'botpool-test/none:1' });
    await expect(under.engine.create(spec)).rejects.toThrow('image_missing image=botpool-test/none:1');
  });

  it('says of each address why there is no engine', async () => {
    const nowhere = (DOCKER_HOST: string) => testEngine({ surroundings: { env: { DOCKER_HOST } } });
    await expect(nowhere('unix:///nowhere.sock')).rejects.toThrow('unix:///nowhere.sock (DOCKER_HOST) is not there');
    await expect(nowhere('tcp://127.0.0.1:1')).rejects.toThrow('is there, but no engine listens');
    await expect(nowhere('nonsense')).rejects.toThrow('nonsense (DOCKER_HOST) cannot be understood');
    const many = testEngine({ surroundings: { env: { DOCKER_CONTEXT: 'work' }, home: '/nowhere' } });
    await expect(many).rejects.toThrow('the context work, which does not exist (DOCKER_CONTEXT)');
  });

  it.skipIf(!isRoot)('says what to do when the user may not open the socket (needs root)', async () => {
    const module = join(import.meta.dirname, '../../src/main/engine/docker/docker-engine.ts');
    const code = `import { createDockerEngine } from ${JSON.stringify(module)};
      await createDockerEngine({ project: 'none' }).catch((error) => console.log(error.message));`;
    const env = { ...process.env, HOME: '/nowhere' };
    const nobody = { uid: 65_534, gid: 65_534, env };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], nobody);
    expect(stdout).toContain('/var/run/docker.sock (default socket) may not be opened by this user: add the user to');
  });

  it('removes one that several callers remove at once', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const { name } = await engine.create(bot(project));
    await engine.start(name);
    await Promise.allSettled([engine.remove(name), engine.remove(name), engine.remove(name)]);
    expect(await engine.list()).toEqual([]);
  });

  it('reaches an engine through ssh as the client does', async () => {
    const folder = await makeRunFolder();
    // Stands for the way to another machine: goes on with what it was asked to run there.
    const ssh = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\necho "$2" >> "$0.log"\nshift 2; exec "$@"\n';
    await writeFile(join(folder, 'ssh'), ssh, { mode: 0o755 });
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}:${path}`;
    onTestFinished(async () => {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true, force: true });
    });
    await using under = await testEngine({ surroundings: { env: { DOCKER_HOST: 'ssh://operator@far.example:22' } } });
    const { engine, project } = under;
    const { name } = await engine.create(bot(project));
    await engine.start(name);
    expect(await firstLine(engine, name)).toBe('ready');
    const session = await engine.exec(name, ['cat']);
    session.stdin.end('through');
    expect([await text(session.stdout), await session.exitCode]).toEqual(['through', 0]);
    expect(await readFile(join(folder, 'ssh.log'), 'utf8')).toMatch(/^(operator@far\.example\n)+$/);
  });

  it('does not take a command that the image lacks for a success', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const { name } = await engine.create(bot(project));
    await engine.start(name);
    const session = await engine.exec(name, ['not-there']);
    expect(await session.exitCode).toBeGreaterThanOrEqual(126);
    expect(await text(session.stdout)).toContain('not-there');
  });
});
