/** The way to the engine, held to a real one: what the pool needs works through it, everything else is refused. */
import { once } from 'node:events';
import { connect } from 'node:net';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { firstLine, text } from '#main/engine/conformance-support.ts';
import { createDockerEngine, type DockerEngine } from '#main/engine/docker/docker-engine.ts';
import { botPlacement } from '#main/stack/compose/bot-placement.ts';
import { createSocketProxy } from '#socket-proxy/proxy.ts';
import { removeProject, testProject } from '../support/docker-runs.ts';
import { testEngine, testImage } from '../support/docker-world.ts';

const WAITS = 'console.log("ready"); setInterval(() => {}, 1000)';

describe.skipIf(inject('noDocker') !== undefined)('the way to the engine (needs a Docker engine)', () => {
  const project = testProject();
  const refused: string[] = [];
  const server = createSocketProxy({
    socketPath: '/var/run/docker.sock',
    ground: { project, prefix: project, image: testImage() },
    onRefused: ({ why }) => void refused.push(why),
  });
  let engine: DockerEngine;
  let docker: Docker;
  let port = 0;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    engine = await createDockerEngine({
      project,
      placement: botPlacement({ prefix: project, image: testImage(), egress: false }),
      surroundings: { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } },
    });
    docker = new Docker({ host: '127.0.0.1', port, protocol: 'http' });
  });
  afterAll(async () => {
    await engine?.close();
    server.closeAllConnections();
    server.close();
    await removeProject(new Docker(), project);
  });

  const bot = (number: number) => ({
    name: `${project}-bot-pool-${number}`,
    image: 'bot-runtime',
    args: [WAITS],
    env: { SECRET: 'kept' },
    labels: { 'botpool.role': 'pool-bot' },
    restart: 'unless-stopped' as const,
    stopTimeoutMs: 1_000,
  });
  const status = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'passed',
      (error: { readonly statusCode?: number }) => error.statusCode,
    );

  it('lets a bot be made, watched, asked, killed and removed', async () => {
    const stop = new AbortController();
    const events = engine.events(stop.signal)[Symbol.asyncIterator]();
    const { name } = bot(1);
    // The test's image has no command of its own, so the arguments are refused and left out.
    await expect(engine.create(bot(1))).rejects.toThrow('Cmd');
    const { args: _without, ...plain } = bot(1);
    await engine.create(plain);
    expect((await events.next()).value).toMatchObject({ type: 'create', name });
    stop.abort();
    expect((await engine.list({ 'botpool.role': 'pool-bot' })).map((each) => each.name)).toEqual([name]);
    expect((await engine.inspect(name)).state).toBe('created');
    await engine.remove(name);
    expect(await engine.list()).toEqual([]);
  });

  it('runs commands in bots of this project, with their streams, and in no other container', async () => {
    await using direct = await testEngine({ project });
    const { name } = await direct.engine.create({ ...bot(2), image: testImage() });
    await direct.engine.start(name);
    await firstLine(engine, name);
    const session = await engine.exec(name, ['cat']);
    session.stdin.end('through');
    expect([await text(session.stdout), await session.exitCode]).toEqual(['through', 0]);
    for await (const { memoryBytes } of engine.stats(name)) {
      expect(memoryBytes).toBeGreaterThan(0);
      break;
    }
    const made = await new Docker().getContainer(name).exec({ Cmd: ['true'] });
    expect(await status(docker.getExec(made.id).start({}))).toBe(403);
    expect(refused.at(-1)).toContain('was not made here');
  });

  it('does not even look at the containers of others', async () => {
    await using stranger = await testEngine();
    const { name } = await stranger.engine.create({ ...bot(3), name: `${stranger.project}-x`, image: testImage() });
    const other = docker.getContainer(name);
    expect(await status(other.inspect())).toBe(403);
    expect(await status(other.start())).toBe(403);
    expect(await status(other.remove({ force: true }))).toBe(403);
    expect(await status(other.exec({ Cmd: ['true'] }))).toBe(403);
    expect((await docker.listContainers({ all: true })).some(({ Names }) => Names.includes(`/${name}`))).toBe(false);
    expect(refused.at(-1)).toContain('is not of this project');
  });

  it('is not to be touched itself', async () => {
    const labels = { 'com.docker.compose.project': project, 'com.docker.compose.service': 'docker-proxy' };
    const made = await new Docker().createContainer({ Image: testImage(), Labels: labels });
    expect(await status(docker.getContainer(made.id).exec({ Cmd: ['true'] }))).toBe(403);
    expect(await status(docker.getContainer(made.id).stop())).toBe(403);
    await made.remove();
  });

  it('gives nobody more than a bot may have', async () => {
    const body = { Image: testImage(), HostConfig: { Binds: ['/:/host'] } };
    expect(await status(docker.createContainer({ ...body, name: `${project}-bot-pool-9` }))).toBe(403);
    expect(await status(docker.listImages())).toBe(403);
    expect(await status(docker.createVolume({ Name: project }))).toBe(403);
  });

  it('passes nothing behind a change of protocol that the engine has not agreed to', async () => {
    const socket = connect(port, '127.0.0.1');
    const smuggled = 'GET /images/json HTTP/1.1\r\nHost: d\r\n\r\n';
    const head = 'POST /exec/none/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n';
    socket.write(`${head}Content-Length: 2\r\n\r\n{}${smuggled}`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toContain('RepoTags');
  });
});
