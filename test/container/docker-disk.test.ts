/** The disk of the engine is full: what could not be made is said plainly, what runs goes on, and room heals it. */
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstLine } from '#main/engine/conformance-support.ts';
import { createDockerEngine } from '#main/engine/docker/docker-engine.ts';
import type { ContainerSpec } from '#main/engine/engine.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { describeError } from '#shared/texts/translate.ts';
import { makeTestImage, testProject } from '../support/docker-runs.ts';
import { TEST_PLACEMENT, testImage } from '../support/docker-world.ts';
import { startOwnDocker } from '../support/own-docker.ts';

/** Room for the test's image and not much more. */
const DISK_MIB = 400;
const BEATS = 'let n = 0; console.log("up"); setInterval(() => console.log(++n), 50)';

/** Takes what is left of a disk. */
async function fill(folder: string): Promise<string> {
  const path = join(folder, 'full');
  const file = await open(path, 'w');
  try {
    for (const bytes of [1_048_576, 4_096]) {
      const block = Buffer.alloc(bytes, 1);
      while ((await statfs(folder)).bavail > 0) {
        const { bytesWritten } = await file.write(block).catch(() => ({ bytesWritten: 0 }));
        if (bytesWritten < bytes) break;
      }
    }
  } finally {
    await file.close();
  }
  return path;
}

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a Docker engine on a full disk (needs root)',
  () => {
    it('says that it is full and what to do; what runs goes on; with room again everything works', async () => {
      await using own = await startOwnDocker({ diskMiB: DISK_MIB });
      await makeTestImage(own.docker, testImage());
      const surroundings = { env: { DOCKER_HOST: own.address } };
      const project = testProject();
      const engine = await createDockerEngine({ project, surroundings, placement: () => TEST_PLACEMENT });
      await using _closing = { [Symbol.asyncDispose]: () => engine.close() };
      const spec = (name: string): ContainerSpec => ({
        ...{ name: `${project}-${name}`, image: testImage(), args: [BEATS], env: {}, labels: {} },
        ...{ restart: 'no', stopTimeoutMs: 1_000 },
      });
      const early = await engine.create(spec('early'));
      await engine.start(early.name);
      await firstLine(engine, early.name);
      const full = await fill(own.data);

      const refused = await engine.create(spec('late')).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!isBotpoolError(refused, 'engine_full')) throw refused;
      expect(describeError(refused.code, { ...refused.data }, 'en', 'operator')).toContain('its disk is full');
      // Nothing half-made stays, and the engine still answers for what runs.
      expect((await engine.list()).map(({ name }) => name)).toEqual([early.name]);
      expect((await engine.inspect(early.name)).state).toBe('running');

      await rm(full);
      const late = await engine.create(spec('late'));
      await engine.start(late.name);
      expect(await firstLine(engine, late.name)).toBe('up');
      await Promise.all([early, late].map(({ name }) => engine.remove(name)));
    }, 120_000);
  },
);
