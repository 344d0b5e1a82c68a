/** The engine under test: each with a project of its own that goes with the test. */
import Docker from 'dockerode';
import { inject } from 'vitest';
import { createDockerEngine, type DockerEngine, type DockerEngineOptions } from '#main/engine/docker/docker-engine.ts';
import type { Placement } from '#main/engine/docker/placement.ts';
import { removeProject, testProject } from './docker-runs.ts';

/** As the pool's bots lie on a host, but without a network: its bridge and firewall rules cost time. */
export const TEST_PLACEMENT: Placement = { user: '1000:1000', memoryBytes: 256 * 1024 * 1024, pids: 200 };

/** The run's image: it runs the JavaScript text in its first argument. */
export function testImage(): string {
  return inject('testImage');
}

/** An engine with a project of its own, which goes with the test. */
export interface TestEngine {
  readonly engine: DockerEngine;
  readonly project: string;
  readonly image: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connects; what the test leaves is removed. */
export async function testEngine(options: Partial<DockerEngineOptions> = {}): Promise<TestEngine> {
  const project = options.project ?? testProject();
  const engine = await createDockerEngine({ placement: () => TEST_PLACEMENT, ...options, project });
  return {
    engine,
    project,
    image: testImage(),
    async [Symbol.asyncDispose]() {
      await engine.close();
      await removeProject(new Docker(), project);
    },
  };
}
