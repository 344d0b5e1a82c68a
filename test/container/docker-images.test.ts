/** Images of the Docker engine: built with progress, refused by registries in clear words, and what a bot of them may do. */

import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { firstLine, lines, text } from '#main/engine/conformance-support.ts';
import type { Engine, ImageProgress } from '#main/engine/engine.ts';
import { TEST_PLACEMENT, testEngine, testImage } from '../support/docker-world.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { until } from '../support/until.ts';
import { docker } from './docker-command.ts';

const WAITS = 'console.log("ready"); setInterval(() => {}, 1000)';
const run = promisify(execFile);

/** Builds from files; returns every step. The image goes with the test. */
async function build(engine: Engine, tag: string, files: Readonly<Record<string, string>>): Promise<ImageProgress[]> {
  const folder = join(await makeRunFolder(), 'context');
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const tar = spawn('tar', ['-c', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => engine.images.remove(tag).catch(() => undefined));
  return await readAll(engine.images.build(tar.stdout, { tag }));
}

async function readAll(progress: AsyncIterable<ImageProgress>): Promise<ImageProgress[]> {
  const steps: ImageProgress[] = [];
  for await (const step of progress) steps.push(step);
  return steps;
}

describe.skipIf(inject('noDocker') !== undefined)('images of the Docker engine (needs a Docker engine)', () => {
  it('are built with progress, found and removed', async () => {
    await using under = await testEngine();
    const { images } = under.engine;
    const tag = `${under.project}:1`;
    expect(await images.has(tag)).toBe(false);
    const steps = await build(under.engine, tag, { Dockerfile: 'FROM scratch\nCOPY greeting /\n', greeting: 'hello' });
    expect(steps.map((step) => step.text)).toContain('Step 2/2 : COPY greeting /');
    expect(await images.has(tag)).toBe(true);
    await images.remove(tag);
    expect(await images.has(tag)).toBe(false);
  });

  it('tell why a build failed', async () => {
    await using under = await testEngine();
    const built = build(under.engine, `${under.project}:1`, { Dockerfile: 'FROM scratch\nCOPY missing /\n' });
    await expect(built).rejects.toThrow(/engine_failed .*missing/);
  });

  it('are refused in clear words by a registry that is not there', async () => {
    await using under = await testEngine();
    const { images } = under.engine;
    const image = `127.0.0.1:1/${under.project}:1`;
    const pull = readAll(images.pull(image));
    await expect(pull).rejects.toThrow(/image_refused .*action=pull .*connection refused/);
    await build(under.engine, image, { Dockerfile: 'FROM scratch\nCOPY greeting /\n', greeting: 'hello' });
    const push = readAll(images.push(image));
    await expect(push).rejects.toThrow(/image_refused .*action=push .*connection refused/);
  });

  it('need no shell for a bot to be frozen and woken, and for a killed one to be started again', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const image = `${project}:1`;
    await build(engine, image, { Dockerfile: `FROM ${testImage()}\nCOPY none /bin/sh\n`, none: '' });
    const name = `${project}-bot`;
    await engine.create({ name, image, args: [WAITS], env: {}, labels: {}, restart: 'unless-stopped' });
    await engine.start(name);
    await firstLine(engine, name);
    const { pid } = await engine.inspect(name);
    const stateOf = async (): Promise<string> =>
      (await docker(['inspect', '--format', '{{.State.Status}}', name])).trim();
    await engine.kill(name, 'SIGSTOP');
    expect(await stateOf()).toBe('paused');
    await engine.kill(name, 'SIGCONT');
    expect(await stateOf()).toBe('running');
    await engine.kill(name, 'SIGKILL');
    await until('it runs again', async () => {
      const now = await engine.inspect(name);
      return now.state === 'running' && now.pid !== pid;
    });
    expect(await lines(engine, name, 2)).toEqual(['ready', 'ready']);
  });
});

describe.skipIf(inject('noDocker') !== undefined)('a bot on Docker (needs a Docker engine)', () => {
  it('has no rights, no disk and no more memory than it was given', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const name = `${project}-bot`;
    await engine.create({
      name,
      image: testImage(),
      args: [WAITS],
      env: {},
      labels: {},
      restart: 'no',
      stopTimeoutMs: 1,
    });
    await engine.start(name);
    const look = 'while read -r line; do echo "$line"; done < /proc/self/status; : > /tmp/yes && : > /no';
    const session = await engine.exec(name, ['sh', '-c', look]);
    const [out, err] = await Promise.all([text(session.stdout), text(session.stderr)]);
    expect(out).toMatch(/^CapEff:\s+0+$/m);
    expect(out).toMatch(/^CapBnd:\s+0+$/m);
    expect(out).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(out).toMatch(/^Uid:\s+1000\s/m);
    expect(err).toContain('Read-only file system');
    expect(await session.exitCode).not.toBe(0);
    const format = '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{json .HostConfig.LogConfig.Config}}';
    const { stdout } = await run('docker', ['inspect', '--format', format, name]);
    expect(stdout.trim()).toBe(`${TEST_PLACEMENT.memoryBytes} 200 {"max-file":"3","max-size":"10m"}`);
  });

  it('is seen by Compose under its service, with its log', async () => {
    await using under = await testEngine();
    const { engine, project } = under;
    const name = `${project}-bot-pool-5`;
    const labels = { 'com.docker.compose.service': 'bot-pool-5', 'com.docker.compose.container-number': '1' };
    await engine.create({ name, image: testImage(), args: [WAITS], env: {}, labels, restart: 'no', stopTimeoutMs: 1 });
    await engine.start(name);
    await firstLine(engine, name);
    const compose = async (...args: readonly string[]): Promise<string> =>
      (await run('docker', ['compose', '--project-name', project, ...args])).stdout;
    expect(await compose('ps', '--format', '{{.Name}} {{.Service}}')).toBe(`${name} bot-pool-5\n`);
    expect(await compose('logs', '--no-color', 'bot-pool-5')).toContain('ready');
    const before = await engine.inspect(name);
    await compose('restart', '--timeout', '1', 'bot-pool-5');
    expect((await engine.inspect(name)).startedAt).toBeGreaterThan(before.startedAt ?? 0);
  });

  it('finds its networks made, and a second one when the first is full', async () => {
    const networks = (name: string) => [{ name, internal: true, aliases: ['bot'] }];
    await using under = await testEngine();
    const { project } = under;
    const placement = () => ({ ...TEST_PLACEMENT, networks: networks(`${project}-net`) });
    await using placed = await testEngine({ project, placement, mostPerNetwork: 2 });
    const names = [1, 2, 3].map((number) => `${project}-${number}`);
    const make = (name: string) =>
      placed.engine.create({
        name,
        image: testImage(),
        args: [WAITS],
        env: {},
        labels: {},
        restart: 'no',
        stopTimeoutMs: 1,
      });
    await Promise.all(names.map(make));
    await Promise.all(names.map((name) => placed.engine.start(name)));
    const infos = await placed.engine.list();
    const places = infos.map(({ labels }) => labels['botpool.networks']).sort();
    expect(places).toEqual([`${project}-net`, `${project}-net`, `${project}-net-2`]);
  });
});
