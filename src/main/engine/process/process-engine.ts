/**
 * The engine for a machine without Docker: containers are supervised child processes of this very process. It isolates
 * nothing: they share its files, network and user. They live no longer than it does.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type Channel, openChannel } from '../channel.ts';
import { type EngineClock, SYSTEM_CLOCK } from '../clock.ts';
import type {
  ContainerInfo,
  ContainerSpec,
  ContainerStats,
  Engine,
  EngineEvent,
  ExecSession,
  LogLine,
  LogOptions,
} from '../engine.ts';
import { noImages } from '../no-images.ts';
import { spawnLimit } from '../spawn-limit.ts';
import { startCommand } from './exec.ts';
import { findSetpriv, launchCommand, type Program } from './launch.ts';
import { LOG_LIMITS, type LogLimits, LogStore } from './log-store.ts';
import { endLeftovers } from './pid-files.ts';
import { claimFolder } from './programs/folder-lock.ts';
import { signalProcess } from './signals.ts';
import { sampleTree } from './stats.ts';
import { SupervisedContainer, type Surroundings } from './supervised-container.ts';

/** Pause between two samples of {@link Engine.stats}. Milliseconds. */
const SAMPLE_EVERY_MS = 1_000;

const NO_IMAGES = noImages('process');

/** What the engine needs. */
export interface ProcessEngineOptions {
  /** A folder of this engine alone, for logs and pid files. Made when missing. */
  readonly stateDir: string;
  /** What runs for an image's name. More can be added later with {@link ProcessEngine.addProgram}. */
  readonly programs: Readonly<Record<string, Program>>;
  readonly logLimits?: LogLimits;
  readonly clock?: EngineClock;
  /** How long processes left behind by a killed engine get to end by themselves. Default 10,000 ms. */
  readonly leftoverGraceMs?: number;
}

/** The engine, with what only this kind can do. */
export interface ProcessEngine extends Engine {
  readonly kind: 'process';
  /** Names of containers whose processes an earlier, killed engine had left, and which were ended at this start. */
  readonly leftovers: readonly string[];
  /** True where the kernel ends the children of a killed engine; false where only the next start does. */
  readonly diesWithParent: boolean;
  /** Adds or replaces a row of the table of programs; containers made before keep theirs. */
  addProgram(image: string, program: Program): void;
}

/** True for an engine of this kind, which can be taught more programs. */
export function isProcessEngine(engine: Engine): engine is ProcessEngine {
  return engine.kind === 'process';
}

/**
 * Ends what an earlier engine has left in the folder, then is ready. Fails with `already_running` when another living
 * process uses the folder.
 */
export async function createProcessEngine(options: ProcessEngineOptions): Promise<ProcessEngine> {
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const owner = join(options.stateDir, 'engine.lock');
  const holder = await claimFolder(owner);
  if (holder !== undefined) throw new BotpoolError('already_running', { pid: holder, folder: options.stateDir });
  const leftovers = await endLeftovers(join(options.stateDir, 'pids'), options.leftoverGraceMs ?? 10_000);
  return new SupervisingEngine(options, leftovers, () => rm(owner, { force: true }));
}

class SupervisingEngine implements ProcessEngine {
  readonly kind = 'process';
  readonly images = NO_IMAGES;
  readonly leftovers: readonly string[];
  readonly diesWithParent: boolean;
  readonly #stateDir: string;
  readonly #programs: Map<string, Program>;
  readonly #logLimits: LogLimits;
  readonly #clock: EngineClock;
  readonly #around: Surroundings;
  readonly #release: () => Promise<void>;
  readonly #containers = new Map<string, SupervisedContainer>();
  readonly #listeners = new Set<Channel<EngineEvent>>();
  /** Commands that run beside containers: process to container. */
  readonly #commands = new Map<number, string>();
  #closed = false;

  constructor(options: ProcessEngineOptions, leftovers: readonly string[], release: () => Promise<void>) {
    const setpriv = findSetpriv();
    this.leftovers = leftovers;
    this.diesWithParent = setpriv !== undefined;
    this.#stateDir = options.stateDir;
    this.#programs = new Map(Object.entries(options.programs));
    this.#logLimits = options.logLimits ?? LOG_LIMITS;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#release = release;
    this.#around = {
      clock: this.#clock,
      // One for each core: together they would all come up late, and the first one is what somebody waits for.
      limit: spawnLimit(availableParallelism()),
      setpriv,
      pidFolder: join(options.stateDir, 'pids'),
      onEvent: (event) => {
        if (event.type === 'die') this.#endCommands(event.name);
        for (const listener of this.#listeners) listener.push(event);
      },
    };
  }

  addProgram(image: string, program: Program): void {
    this.#programs.set(image, program);
  }

  async list(labels: Readonly<Record<string, string>> = {}): Promise<readonly ContainerInfo[]> {
    const wanted = Object.entries(labels);
    return [...this.#containers.values()]
      .filter(({ spec }) => wanted.every(([key, value]) => spec.labels[key] === value))
      .map((container) => container.info());
  }

  async create(spec: ContainerSpec): Promise<ContainerInfo> {
    const { name, image } = spec;
    if (this.#closed) throw new BotpoolError('program_failed', { program: name, detail: 'the engine is closed' });
    if (!/^[\w][\w.-]*$/.test(name)) {
      throw new BotpoolError('input_invalid', { field: 'name', problem: `${name} is no name for a container` });
    }
    if (this.#containers.has(name)) throw new BotpoolError('container_exists', { name });
    const program = this.#programs.get(image);
    if (program === undefined) {
      const remedy = `name one of the images this engine knows: ${[...this.#programs.keys()].join(', ')}`;
      throw new BotpoolError('program_missing', { program: image, remedy });
    }
    const log = new LogStore(join(this.#stateDir, 'logs', name), this.#logLimits);
    const container = new SupervisedContainer(randomUUID(), spec, program, log, this.#around);
    this.#containers.set(name, container);
    this.#emit('create', spec);
    return container.info();
  }

  async start(name: string): Promise<void> {
    await this.#find(name).start();
  }

  async stop(name: string): Promise<void> {
    await this.#find(name).stop();
  }

  async kill(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): Promise<void> {
    await this.#find(name).kill(signal);
  }

  async restart(name: string): Promise<void> {
    const container = this.#find(name);
    await container.stop();
    await container.start();
  }

  async remove(name: string): Promise<void> {
    const container = this.#find(name);
    await container.remove();
    // Two callers may remove at the same time; the name may even be taken again by now.
    if (this.#containers.get(container.spec.name) !== container) return;
    this.#containers.delete(container.spec.name);
    this.#emit('remove', container.spec);
  }

  async inspect(name: string): Promise<ContainerInfo> {
    return this.#find(name).info();
  }

  async *logs(name: string, options: LogOptions = {}): AsyncGenerator<LogLine> {
    yield* this.#find(name).log.read(options);
  }

  async *stats(name: string, signal?: AbortSignal): AsyncGenerator<ContainerStats> {
    const container = this.#find(name);
    if (process.platform !== 'linux') {
      throw new BotpoolError('unsupported', { what: 'stats', engine: `process on ${process.platform}` });
    }
    const pid = container.pid;
    let reading = { at: container.info().startedAt ?? this.#clock.now(), ticks: 0 };
    while (pid !== undefined && container.pid === pid && signal?.aborted !== true) {
      const sample = await sampleTree(pid, this.#clock.now(), reading);
      if (sample === undefined) return;
      reading = sample.reading;
      yield sample.stats;
      await this.#pause(SAMPLE_EVERY_MS, signal);
    }
  }

  events(signal?: AbortSignal): AsyncIterable<EngineEvent> {
    const channel: Channel<EngineEvent> = openChannel<EngineEvent>({
      ...(signal === undefined ? {} : { signal }),
      onEnd: () => this.#listeners.delete(channel),
    });
    if (!this.#closed && signal?.aborted !== true) this.#listeners.add(channel);
    return channel;
  }

  async exec(
    name: string,
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ExecSession> {
    const { spec, program, pid } = this.#find(name);
    if (pid === undefined) throw new BotpoolError('program_failed', { program: name, detail: 'it does not run' });
    const launch = launchCommand(program, command, { ...spec.env, ...env }, this.#around.setpriv);
    const { session, child } = await startCommand(launch);
    const own = child.pid;
    if (own !== undefined) {
      this.#commands.set(own, name);
      child.once('exit', () => this.#commands.delete(own));
    }
    return session;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#containers.values()];
    await Promise.all(all.filter(({ program }) => program.foundation !== true).map((each) => each.stop()));
    await Promise.all(all.filter(({ program }) => program.foundation === true).map((each) => each.stop()));
    await Promise.all(all.map(({ log }) => log.close()));
    for (const listener of this.#listeners) listener.end();
    await this.#release();
  }

  /** A command has no business without the container that it was started beside. */
  #endCommands(name: string): void {
    for (const [pid, container] of this.#commands) if (container === name) signalProcess(-pid, 'SIGKILL');
  }

  #find(name: string): SupervisedContainer {
    const container =
      this.#containers.get(name) ?? [...this.#containers.values()].find((one) => one.info().id === name);
    if (container === undefined) throw new BotpoolError('container_unknown', { name });
    return container;
  }

  #emit(type: EngineEvent['type'], { name, labels }: ContainerSpec): void {
    this.#around.onEvent({ at: this.#clock.now(), type, name, labels });
  }

  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    cancel();
  }
}
