/**
 * Sees to it that the container tests find an engine: the one that answers, or one that is installed and started for this
 * run where the machine allows it. Hands out why there is none otherwise.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { TestProject } from 'vitest/node';
import { createDockerEngine } from '#main/engine/docker/docker-engine.ts';
import { makeTestImage, removeTestImage, sweepProjects, testProject } from './docker-world.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Why there is no engine; undefined when there is one. */
    noDocker: string | undefined;
  }
}

const SCRIPT = join(import.meta.dirname, '../../scripts/docker-engine.sh');

async function script(command: 'up' | 'down' | 'status'): Promise<number> {
  const child = spawn(SCRIPT, [command], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return Number(code);
}

/** Undefined when an engine answers. */
async function trouble(): Promise<string | undefined> {
  try {
    const engine = await createDockerEngine({ project: testProject() });
    await engine.close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = await trouble();
  const debian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  // The script also brings the client and its plugins where they are missing.
  if (debian) await script('up');
  const noDocker = before === undefined ? undefined : await trouble();
  project.provide('noDocker', noDocker);
  if (noDocker !== undefined) {
    const sentence = `container tests need a Docker engine: ${noDocker}`;
    if (process.env['CI'] === 'true') throw new Error(sentence);
    console.log(sentence);
    return async () => undefined;
  }
  const docker = new Docker();
  await sweepProjects(docker);
  await makeTestImage(docker);
  return async () => {
    await sweepProjects(docker);
    await removeTestImage(docker);
    if (before !== undefined) await script('down');
  };
}
