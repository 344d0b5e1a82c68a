/** What `down` does once the host has ended: containers do not end with it, and data goes only when that is said. */
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readHostConfig, readVariables } from '../config.ts';
import { takeDownCompose } from '../stack/compose/take-down.ts';
import { connectEngine } from './open-stack.ts';

/** Whose installation, and whether its data goes. */
export interface TakeDownRequest {
  readonly home: string;
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly volumes: boolean;
  readonly report: (stage: string) => void;
}

/** What an installation has that a `down` without a host can take away. */
export interface Leftovers {
  /** Containers of a stack on Docker, or at least their secrets. */
  readonly docker: boolean;
  /** Data of the embedded stack. */
  readonly embedded: boolean;
}

/** Looks into the home; no engine is asked. */
export async function leftovers(home: string): Promise<Leftovers> {
  const there = (path: string): Promise<boolean> =>
    access(join(home, path)).then(
      () => true,
      () => false,
    );
  const [docker, embedded] = await Promise.all([there('secrets/postgres-password'), there('data')]);
  return { docker, embedded };
}

/** Takes it down. Fails with `engine_unreachable` when there is a stack on Docker and Docker does not answer. */
export async function takeDown(request: TakeDownRequest): Promise<Leftovers> {
  const { home, projectFolder, env, volumes, report } = request;
  const found = await leftovers(home);
  if (found.docker) {
    const config = readHostConfig(projectFolder, { ...env, BOTPOOL_HOME: home });
    const engine = await connectEngine({ config, projectFolder, env });
    try {
      const { project, prefix } = config;
      const variables = readVariables(projectFolder, env);
      await takeDownCompose({ home, project, prefix, projectFolder, engine, variables, volumes, report });
    } finally {
      await engine.close();
    }
  }
  if (volumes && found.embedded) await rm(join(home, 'data'), { recursive: true, force: true });
  return found;
}
