/** The engine itself is stopped and started again under a panel that goes on. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstLine } from '#main/engine/conformance-support.ts';
import { createDockerEngine } from '#main/engine/docker/docker-engine.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { makeTestImage, testProject } from '../support/docker-runs.ts';
import { TEST_PLACEMENT, testImage } from '../support/docker-world.ts';
import { startOwnDocker } from '../support/own-docker.ts';

/** The default bridge of this machine's other engine. */
const BRIDGE = '/sys/class/net/docker0';
const WAITS = 'console.log("up"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)';

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a Docker engine of its own (needs root)',
  () => {
    it('brings every bot back by itself, each once, and is watched on without a gap', async () => {
      const bridge = existsSync(BRIDGE);
      await using own = await startOwnDocker();
      await makeTestImage(own.docker, testImage());
      const surroundings = { env: { DOCKER_HOST: own.address } };
      const project = testProject();
      const engine = await createDockerEngine({ project, surroundings, placement: () => TEST_PLACEMENT });
      await using _closing = { [Symbol.asyncDispose]: () => engine.close() };
      const names = [1, 2, 3].map((number) => `${project}-${number}`);
      for (const name of names) {
        const restart = 'unless-stopped';
        await engine.create({
          name,
          image: testImage(),
          args: [WAITS],
          env: {},
          labels: {},
          restart,
          stopTimeoutMs: 2_000,
        });
        await engine.start(name);
        await firstLine(engine, name);
      }
      // This one was stopped by a person, and shall stay so.
      await engine.stop(names[2] ?? '');
      const stop = new AbortController();
      const events = engine.events(stop.signal);
      const log = engine.logs(names[0] ?? '', { follow: true, tail: 1 })[Symbol.asyncIterator]();
      expect((await log.next()).value).toMatchObject({ text: 'up' });
      await own.stop();
      await expect(engine.list()).rejects.toSatisfy((error) => isBotpoolError(error, 'engine_unreachable'));
      await own.start();
      const started: string[] = [];
      for await (const { type, name } of events) {
        if (type === 'start') started.push(name);
        if (started.length === 2) stop.abort();
      }
      expect(started.sort()).toEqual(names.slice(0, 2));
      // The log goes on, too.
      expect((await log.next()).value).toMatchObject({ text: 'up' });
      await log.return?.();
      const states = await Promise.all(names.map(async (name) => (await engine.inspect(name)).state));
      expect(states).toEqual(['running', 'running', 'exited']);
      await Promise.all(names.map((name) => engine.remove(name)));
      // An engine that comes up may not harm another beside it.
      expect(existsSync(BRIDGE)).toBe(bridge);
    }, 120_000);
  },
);
