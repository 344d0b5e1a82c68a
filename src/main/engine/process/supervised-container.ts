/** One container of the process engine: its state, its child process, its restarts. Knows no other container. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { EngineClock } from '../clock.ts';
import type { ContainerInfo, ContainerSpec, ContainerState, EngineEvent } from '../engine.ts';
import type { SpawnLimit } from '../spawn-limit.ts';
import { afterEnd, NO_MEMORY, type RestartMemory } from './back-off.ts';
import { launchProgram, type Program } from './launch.ts';
import type { LogStore } from './log-store.ts';
import { keepOutput } from './output.ts';
import { PidFile } from './pid-file.ts';
import { exitCodeOf, signalProcess, signalTree } from './signals.ts';

/** A program that has written nothing for so long gives up its turn of coming up. Milliseconds. */
const LONGEST_TURN_MS = 500;

/** What a container needs from its engine. */
export interface Surroundings {
  readonly clock: EngineClock;
  readonly limit: SpawnLimit;
  readonly setpriv: string | undefined;
  readonly pidFolder: string;
  readonly onEvent: (event: EngineEvent) => void;
}

/** See the file's head. Calls that overlap are safe: they are carried out one after the other. */
export class SupervisedContainer {
  readonly spec: ContainerSpec;
  readonly program: Program;
  readonly log: LogStore;
  readonly #id: string;
  readonly #around: Surroundings;
  readonly #pidFile: PidFile;
  #state: ContainerState = 'created';
  #wanted = false;
  #removed = false;
  #turn: Promise<void> = Promise.resolve();
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #starting: Promise<void> | undefined;
  #cancelRestart: (() => void) | undefined;
  #memory: RestartMemory = NO_MEMORY;
  #restarts = 0;
  #startedAt: number | undefined;
  #finishedAt: number | undefined;
  #exitCode: number | undefined;

  constructor(id: string, spec: ContainerSpec, program: Program, log: LogStore, around: Surroundings) {
    this.#id = id;
    this.spec = spec;
    this.program = program;
    this.log = log;
    this.#around = around;
    this.#pidFile = new PidFile(around.pidFolder, spec, program.command);
  }

  /** What the engine tells about it. */
  info(): ContainerInfo {
    const pid = this.pid;
    return {
      name: this.spec.name,
      id: this.#id,
      image: this.spec.image,
      labels: this.spec.labels,
      state: this.#state,
      restarts: this.#restarts,
      ...(pid === undefined ? {} : { pid }),
      ...(this.#startedAt === undefined ? {} : { startedAt: this.#startedAt }),
      ...(this.#finishedAt === undefined ? {} : { finishedAt: this.#finishedAt }),
      ...(this.#exitCode === undefined ? {} : { exitCode: this.#exitCode }),
    };
  }

  /** The running program's, or undefined. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the program runs. Fails with `program_missing` or `program_failed` when it cannot be started at all. */
  start(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#removed) throw new BotpoolError('container_unknown', { name: this.spec.name });
      if (this.#child !== undefined) return;
      this.#wanted = true;
      this.#cancelRestart?.();
      this.#memory = NO_MEMORY;
      try {
        await assertExecutable(this.program.command);
        await this.#begin('asked');
      } catch (error) {
        this.#wanted = false;
        throw error;
      }
    });
  }

  /** Resolves when it has ended. */
  stop(): Promise<void> {
    const had = this.#wanted;
    // At once, so that a start that waits for its turn gives up.
    this.#wanted = false;
    return this.#inOrder(async () => {
      const stopped = had || this.#wanted;
      this.#wanted = false;
      this.#cancelRestart?.();
      await this.#starting?.catch(() => undefined);
      if (this.#child !== undefined) await this.#end(this.#child);
      if (this.#state === 'restarting') this.#state = 'exited';
      await this.#pidFile.remove();
      if (stopped) this.#emit('stop');
    });
  }

  /** Stops it for good and deletes its log. */
  async remove(): Promise<void> {
    await this.stop();
    await this.#inOrder(async () => {
      this.#removed = true;
      await this.log.remove();
    });
  }

  /** Sends a signal; a program that does not run is past all signals. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const pid = this.pid;
    if (pid === undefined) return;
    if (signal === 'SIGTERM') signalProcess(pid, signal);
    else await signalTree(pid, signal);
  }

  async #end(child: ChildProcess): Promise<void> {
    const pid = child.pid;
    if (pid === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const cancel = this.#around.clock.after(this.spec.stopTimeoutMs ?? 10_000, () => resolve('late'));
    signalProcess(pid, this.spec.stopSignal ?? 'SIGTERM');
    if ((await Promise.race([this.#ended, late])) === 'late') await signalTree(pid, 'SIGKILL');
    cancel();
    await this.#ended;
  }

  #begin(why: 'asked' | 'policy'): Promise<void> {
    this.#starting ??= this.#spawn(why).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #spawn(why: 'asked' | 'policy'): Promise<void> {
    const endTurn = await this.#around.limit.turn();
    // It may have been stopped while it waited for its turn.
    if (!this.#wanted) return endTurn();
    let child: ChildProcess;
    try {
      const { command, args, options } = launchProgram(this.program, this.spec, this.#around.setpriv);
      child = spawn(command, [...args], options);
      keepOutput(child, this.log, this.#around.clock);
      this.#watchTurn(child, endTurn);
      await once(child, 'spawn');
    } catch (cause) {
      endTurn();
      this.#state = 'exited';
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new BotpoolError('program_failed', { program: this.spec.name, detail }, { cause });
    }
    if (why === 'policy') this.#restarts += 1;
    this.#running(child);
  }

  #watchTurn(child: ChildProcess, endTurn: () => void): void {
    const cancel = this.#around.clock.after(LONGEST_TURN_MS, endTurn);
    const over = (): void => {
      cancel();
      endTurn();
    };
    child.stdout?.once('data', over);
    child.stderr?.once('data', over);
    child.once('exit', over);
  }

  #running(child: ChildProcess): void {
    this.#child = child;
    this.#state = 'running';
    this.#startedAt = this.#around.clock.now();
    child.on('error', () => undefined);
    // A program may end before `spawn` is told; then its end has been told already, too.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    const ended = (): void => {
      this.#onExit(child);
      resolve();
    };
    this.#emit('start');
    if (child.exitCode !== null || child.signalCode !== null) {
      ended();
      return;
    }
    child.once('exit', ended);
    if (child.pid !== undefined) this.#pidFile.write(child.pid);
  }

  #onExit(child: ChildProcess): void {
    const now = this.#around.clock.now();
    // What it started in its own group ends with it, so that nothing of a tenant outlives its bot.
    if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
    this.#child = undefined;
    this.#finishedAt = now;
    this.#exitCode = exitCodeOf(child.exitCode, child.signalCode);
    this.#emit('die', this.#exitCode);
    if (this.#wanted && this.spec.restart === 'unless-stopped') {
      this.#restartLater(this.#exitCode, now - (this.#startedAt ?? now));
      return;
    }
    this.#state = 'exited';
    void this.#pidFile.remove();
  }

  #restartLater(exitCode: number, ranMs: number): void {
    const { pauseMs, memory } = afterEnd({ exitCode, ranMs }, this.#memory);
    this.#memory = memory;
    this.#state = 'restarting';
    const again = (): void => {
      this.#cancelRestart = undefined;
      this.#begin('policy').catch(() => {
        if (this.#wanted) this.#restartLater(127, 0);
      });
    };
    if (pauseMs === 0) queueMicrotask(again);
    else this.#cancelRestart = this.#around.clock.after(pauseMs, again);
  }

  /** Starts and stops never overlap. */
  #inOrder(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #emit(type: EngineEvent['type'], exitCode?: number): void {
    const { name, labels } = this.spec;
    const at = this.#around.clock.now();
    this.#around.onEvent({ at, type, name, labels, ...(exitCode === undefined ? {} : { exitCode }) });
  }
}

async function assertExecutable(command: string): Promise<void> {
  await access(command, constants.X_OK).catch((cause) => {
    throw new BotpoolError(
      'program_missing',
      { program: command, remedy: 'install it or correct its path' },
      { cause },
    );
  });
}
