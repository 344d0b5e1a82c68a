/** Decides what runs the containers: Docker where one answers, child processes otherwise, and always what the data was made with. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { DockerEngine } from '../engine/docker/docker-engine.ts';
import { composeTrouble } from './compose/compose-command.ts';
import { socketEnvironment } from './compose/compose-stack.ts';
import { CLUSTER_MARK } from './embedded/postgres.ts';

/** What was wished: by `ENGINE`, or nothing. */
export type WishedEngine = 'auto' | 'docker' | 'process';

/** What an installation has data of. */
export interface InstalledWith {
  readonly process: boolean;
  readonly docker: boolean;
}

/** The choice, with a sentence for the operator. */
export type ChosenEngine =
  | { readonly kind: 'docker'; readonly engine: DockerEngine; readonly why: string }
  | { readonly kind: 'process'; readonly why: string };

/** What the choice depends on. */
export interface ChooseEngineOptions {
  readonly wished: WishedEngine;
  readonly home: string;
  /** Fails with `engine_unreachable` and the reason for each place that was tried. */
  readonly connect: () => Promise<DockerEngine>;
  /** The environment of the docker command. */
  readonly env: Readonly<Record<string, string>>;
}

/** Chooses. Fails when Docker is wished, or holds the data, and cannot be used. */
export async function chooseEngine(options: ChooseEngineOptions): Promise<ChosenEngine> {
  const data = await installedWith(options.home);
  const order = orderOf(options.wished, data);
  if (order === 'process') return { kind: 'process', why: processReason(options.wished) };
  try {
    const engine = await usableDocker(options);
    return { kind: 'docker', engine, why: `Docker ${engine.engineVersion} at ${engine.address} runs the containers` };
  } catch (error) {
    if (order === 'docker' || !isBotpoolError(error)) throw error;
    const { tried, detail, remedy } = { tried: '', detail: '', remedy: '', ...error.data };
    const why = `no Docker here (${String(tried || detail || remedy || error.message)})`;
    return { kind: 'process', why: `${why}: bots run as child processes, which isolates nothing` };
  }
}

/** What may run it: one kind only, or whatever there is. Pure. */
export function orderOf(wished: WishedEngine, data: InstalledWith): 'process' | 'docker' | 'either' {
  if (wished !== 'auto') return wished;
  // With the other engine the operator would meet an empty installation and miss the clients.
  if (data.docker) return 'docker';
  return data.process ? 'process' : 'either';
}

function processReason(wished: WishedEngine): string {
  if (wished === 'process') return 'child processes run everything, as ENGINE=process says';
  const made = 'the data of this installation was made without Docker';
  return `${made}, so child processes run everything (ENGINE=docker starts an empty one on Docker)`;
}

/** Which engines have left data in a home. */
async function installedWith(home: string): Promise<InstalledWith> {
  const there = (path: string): Promise<boolean> =>
    access(join(home, path)).then(
      () => true,
      () => false,
    );
  const [embedded, compose] = await Promise.all([
    there(join('data/postgres', CLUSTER_MARK)),
    there('secrets/postgres-password'),
  ]);
  return { process: embedded, docker: compose };
}

/** An engine on this machine, with the command that runs the stack. */
async function usableDocker({ connect, env }: ChooseEngineOptions): Promise<DockerEngine> {
  const engine = await connect();
  try {
    if (engine.socketPath === undefined) {
      // Secrets are files of this machine, and the databases answer on its loopback.
      const tried = `${engine.address} is on another machine, and the stack runs on this one`;
      throw new BotpoolError('engine_unreachable', { tried });
    }
    const trouble = await composeTrouble({ ...env, ...(await socketEnvironment(engine)) });
    if (trouble === undefined) return engine;
    const remedy = `${trouble}; install Docker's command line with its Compose plugin`;
    throw new BotpoolError('program_missing', { program: 'docker compose', remedy });
  } catch (error) {
    await engine.close();
    throw error;
  }
}
