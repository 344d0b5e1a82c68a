/**
 * The engine for machines with Docker: containers live in the engine's own process and outlast this one. Everything here
 * is found by the project's label; nothing is remembered that Docker knows.
 */
import { availableParallelism, homedir } from 'node:os';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type EngineClock, SYSTEM_CLOCK } from '../clock.ts';
import type {
  ContainerInfo,
  ContainerSpec,
  ContainerStats,
  Engine,
  EngineEvent,
  ExecSession,
  ImageStore,
  LogLine,
  LogOptions,
} from '../engine.ts';
import { spawnLimit } from '../spawn-limit.ts';
import { connectDocker, type DockerConnection, type DockerSurroundings } from './connect.ts';
import { Containers } from './containers.ts';
import { type DockerEvents, openEvents } from './events.ts';
import { startExec } from './exec.ts';
import { createImages } from './images.ts';
import { type KillSignal, sendSignal } from './kill.ts';
import { readLogs } from './logs.ts';
import { containerNames, type NamePrefix } from './names.ts';
import { createNetworks } from './networks.ts';
import type { Placement } from './placement.ts';
import { sampleStats } from './stats.ts';

/** What the engine needs. */
export interface DockerEngineOptions {
  /** Compose's project: the label by which everything is found. */
  readonly project: string;
  /** For a second installation on one host: what stands at Docker in place of the beginning of our names. */
  readonly prefix?: NamePrefix;
  /** How each container lies on the host. Default: hardened, without a network, no limits. */
  readonly placement?: (spec: ContainerSpec) => Placement;
  /** Where the engine is looked for. Default: as Docker's own client would, from this process's surroundings. */
  readonly surroundings?: Partial<DockerSurroundings>;
  /** How many containers are made or started at once. Default: twice the cores of this machine. */
  readonly parallel?: number;
  /** How many containers one network takes before the next is made. Default: 900. */
  readonly mostPerNetwork?: number;
  readonly clock?: EngineClock;
}

/** The engine, with what only this kind can tell. */
export interface DockerEngine extends Engine {
  readonly kind: 'docker';
  /** Where it was found: the address as it was written. */
  readonly address: string;
  /** The socket on this machine; `undefined` when the engine is on another one. */
  readonly socketPath: string | undefined;
  readonly engineVersion: string;
  /** The version of the Engine API that is spoken, such as `1.45`. */
  readonly apiVersion: string;
}

/** Connects. Fails with `engine_unreachable` or `engine_incompatible`. */
export async function createDockerEngine(options: DockerEngineOptions): Promise<DockerEngine> {
  const connection = await connectDocker({
    env: process.env,
    home: homedir(),
    platform: process.platform,
    ...options.surroundings,
  });
  const clock = options.clock ?? SYSTEM_CLOCK;
  const events = await openEvents(connection.docker, options.project, clock, containerNames(options.prefix));
  return new ConnectedEngine(connection, events, clock, options);
}

class ConnectedEngine implements DockerEngine {
  readonly kind = 'docker';
  readonly address: string;
  readonly socketPath: string | undefined;
  readonly engineVersion: string;
  readonly apiVersion: string;
  readonly images: ImageStore;
  readonly #connection: DockerConnection;
  readonly #containers: Containers;
  readonly #events: DockerEvents;
  readonly #clock: EngineClock;

  constructor(connection: DockerConnection, events: DockerEvents, clock: EngineClock, options: DockerEngineOptions) {
    const { docker } = connection;
    const { address } = connection.endpoint;
    this.address = connection.endpoint.text;
    this.socketPath = address?.kind === 'socket' ? address.path : undefined;
    this.engineVersion = connection.engineVersion;
    this.apiVersion = connection.apiVersion;
    this.images = createImages(docker);
    this.#connection = connection;
    this.#events = events;
    this.#clock = clock;
    this.#containers = new Containers({
      docker,
      project: options.project,
      networks: createNetworks(docker, options.project, options.mostPerNetwork),
      names: containerNames(options.prefix),
      placement: options.placement ?? (() => ({})),
      limit: spawnLimit(options.parallel ?? 2 * availableParallelism()),
    });
  }

  list(labels: Readonly<Record<string, string>> = {}): Promise<readonly ContainerInfo[]> {
    return this.#containers.list(labels);
  }

  create(spec: ContainerSpec): Promise<ContainerInfo> {
    return this.#containers.create(spec);
  }

  start(name: string): Promise<void> {
    return this.#containers.start(name);
  }

  stop(name: string): Promise<void> {
    return this.#containers.stop(name);
  }

  async kill(name: string, signal: KillSignal): Promise<void> {
    await sendSignal(await this.#containers.find(name), signal, this.#clock);
  }

  restart(name: string): Promise<void> {
    return this.#containers.restart(name);
  }

  remove(name: string): Promise<void> {
    return this.#containers.remove(name);
  }

  async inspect(name: string): Promise<ContainerInfo> {
    return this.#containers.info((await this.#containers.find(name)).seen);
  }

  async *logs(name: string, options: LogOptions = {}): AsyncGenerator<LogLine> {
    const { seen } = await this.#containers.find(name);
    yield* readLogs(
      {
        docker: this.#connection.docker,
        clock: this.#clock,
        id: seen.Id,
        name,
        // By its id: a new one of the same name is another container.
        runs: async () => (await this.inspect(seen.Id)).state === 'running',
        events: (signal) => this.#events.listen(signal),
      },
      options,
    );
  }

  async *stats(name: string, signal?: AbortSignal): AsyncGenerator<ContainerStats> {
    const { handle, seen } = await this.#containers.find(name);
    yield* sampleStats(handle, this.#containers.info(seen), this.#clock, signal);
  }

  events(signal?: AbortSignal): AsyncIterable<EngineEvent> {
    return this.#events.listen(signal);
  }

  async exec(
    name: string,
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ExecSession> {
    const { handle, seen } = await this.#containers.find(name);
    if (seen.State.Status !== 'running') {
      throw new BotpoolError('program_failed', { program: name, detail: 'it does not run' });
    }
    return startExec(handle, name, command, env, this.#clock);
  }

  async close(): Promise<void> {
    this.#events.close();
  }
}
