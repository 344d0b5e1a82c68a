/**
 * The one interface behind which containers are started and stopped: by Docker, by Swarm, or as child processes.
 * An engine knows names, labels, programs and streams; it knows no tenants, no Redis and no PostgreSQL.
 */

/** Which engine it is. `process` isolates nothing and says so. */
export type EngineKind = 'docker' | 'swarm' | 'process';

/** `restarting`: it ended and waits for its back-off. `exited`: it ended and nobody will start it again. */
export type ContainerState = 'created' | 'running' | 'restarting' | 'exited';

/** What to run. A name is unique within an engine; labels are how it is found again. */
export interface ContainerSpec {
  readonly name: string;
  /** An image's name; the process engine maps it to a program of its own. */
  readonly image: string;
  /** Arguments after the image's entry point. */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `unless-stopped`: started again with back-off, whatever its exit code, until `stop` or `remove`. */
  readonly restart: 'no' | 'unless-stopped';
  /** Asked to stop with this signal, then killed after `stopTimeoutMs`. Defaults: SIGTERM, 10,000 ms. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT' | 'SIGQUIT';
  readonly stopTimeoutMs?: number;
}

/** One container as the engine sees it now. Instants are milliseconds since the epoch. */
export interface ContainerInfo {
  readonly name: string;
  readonly id: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerState;
  readonly pid?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly exitCode?: number;
  /** How often the restart policy has started it again. */
  readonly restarts: number;
}

/** One line that a container wrote, without its line end. */
export interface LogLine {
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What one container uses now. */
export interface ContainerStats {
  readonly at: number;
  /** Share of one core since the last sample: 1 is one full core. */
  readonly cpu: number;
  /** Memory that would come free if it ended: private plus its share of shared pages, in bytes. */
  readonly memoryBytes: number;
}

/** A change of state, in the order it happened. */
export interface EngineEvent {
  readonly at: number;
  readonly type: 'create' | 'start' | 'die' | 'stop' | 'remove';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** With `die` only. */
  readonly exitCode?: number;
}

/** A command running beside a container's own program, with its streams. */
export interface ExecSession {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  /** Resolves when the command has ended. */
  readonly exitCode: Promise<number>;
}

/** Options of {@link Engine.logs}. */
export interface LogOptions {
  /** Only the last so many lines of what is kept. */
  readonly tail?: number;
  /** Only lines at or after this instant. */
  readonly since?: number;
  /** Go on with new lines until the signal aborts or the container is removed. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** One step of work on an image, as it happens. */
export interface ImageProgress {
  readonly text: string;
  /** The layer that it is about. */
  readonly layer?: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
}

/** What an image is built with. */
export interface BuildOptions {
  /** The image's name. */
  readonly tag: string;
  /** Path within the context. Default: `Dockerfile`. */
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The stage to stop at. */
  readonly target?: string;
}

/** Who one is for a registry. */
export interface RegistryAccess {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The engine's images. An engine without images fails with `unsupported`. Work is done while its progress is read to the
 * end; what goes wrong fails the reading.
 */
export interface ImageStore {
  has(image: string): Promise<boolean>;
  /** Builds from a tar of the folder with the Dockerfile. */
  build(context: NodeJS.ReadableStream, options: BuildOptions): AsyncIterable<ImageProgress>;
  /** Fails with `image_refused` when the registry does not give it. */
  pull(image: string, access?: RegistryAccess): AsyncIterable<ImageProgress>;
  /** Fails with `image_refused` when the registry does not take it. */
  push(image: string, access?: RegistryAccess): AsyncIterable<ImageProgress>;
  remove(image: string): Promise<void>;
}

/**
 * Starts, stops and watches containers. A call names a container by its name, or by its id when a later container of
 * that name must not be meant. One that names an unknown container fails with `container_unknown`.
 */
export interface Engine {
  readonly kind: EngineKind;
  readonly images: ImageStore;
  /** Containers that carry all of these labels; everything of ours without a filter. */
  list(labels?: Readonly<Record<string, string>>): Promise<readonly ContainerInfo[]>;
  /**
   * Makes it without starting it. Fails with `container_exists` when the name is taken, and with `container_foreign`
   * when it is taken by something that is not of this installation.
   */
  create(spec: ContainerSpec): Promise<ContainerInfo>;
  /** Starts it; nothing happens when it runs already. */
  start(name: string): Promise<void>;
  /** Asks it to end, kills it when it does not, and keeps the restart policy from starting it again. */
  stop(name: string): Promise<void>;
  /** Sends a signal and leaves the restart policy in force. */
  kill(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): Promise<void>;
  restart(name: string): Promise<void>;
  /** Stops it when it runs, and forgets it with its logs. */
  remove(name: string): Promise<void>;
  inspect(name: string): Promise<ContainerInfo>;
  logs(name: string, options?: LogOptions): AsyncIterable<LogLine>;
  /** One sample now, then one a second until the signal aborts or it ends. */
  stats(name: string, signal?: AbortSignal): AsyncIterable<ContainerStats>;
  /** Every change from now on until the signal aborts. */
  events(signal?: AbortSignal): AsyncIterable<EngineEvent>;
  exec(name: string, command: readonly string[], env?: Readonly<Record<string, string>>): Promise<ExecSession>;
  /** Stops everything that this engine runs in its own process; an outside engine only disconnects. */
  close(): Promise<void>;
}
