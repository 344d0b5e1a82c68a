/**
 * Sees to it that the container tests find an engine: the one that answers, or one that is installed and started for this
 * run where the machine allows it. Hands out why there is none otherwise.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { TestProject } from 'vitest/node';
import { createDockerEngine } from '#main/engine/docker/docker-engine.ts';
import { imageOfRun, isOver, makeTestImage, sweepRuns, testProject } from './docker-runs.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Why there is no engine; undefined when there is one. */
    noDocker: string | undefined;
    /** An image that runs the JavaScript text in its first argument. */
    testImage: string;
  }
}

const SCRIPT = join(import.meta.dirname, '../../scripts/docker-engine.sh');

async function script(command: 'up' | 'down'): Promise<number> {
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

/** Says which run has started the engine, so that the next one ends it should this one crash. */
const OWNER = join(import.meta.dirname, '../../.cache/docker-ci/test-run');

/** True when the engine has to be ended with this run. */
async function bringEngine(answered: boolean): Promise<boolean> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  const left = Number(await readFile(OWNER, 'utf8').catch(() => '0'));
  // The script also brings the client and its plugins where they are missing.
  await script('up');
  const ours = !answered || (left > 0 && isOver(left));
  if (ours) await writeFile(OWNER, String(process.pid));
  return ours;
}

/** Called by vitest before the first test; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = await trouble();
  const ours = await bringEngine(before === undefined);
  const noDocker = before === undefined ? undefined : await trouble();
  project.provide('noDocker', noDocker);
  project.provide('testImage', imageOfRun());
  if (noDocker !== undefined) {
    const sentence = `container tests need a Docker engine: ${noDocker}`;
    if (process.env['CI'] === 'true') throw new Error(sentence);
    console.log(sentence);
    return async () => undefined;
  }
  const docker = new Docker();
  await sweepRuns(docker);
  await makeTestImage(docker, imageOfRun());
  return async () => {
    await sweepRuns(docker);
    if (!ours) return;
    await script('down');
    await rm(OWNER, { force: true });
  };
}
