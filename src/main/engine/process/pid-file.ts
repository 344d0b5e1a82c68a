/** One container's own pid file: written at each start, removed when it has ended for good. */
import type { ContainerSpec } from '../engine.ts';
import { removeRecord, writeRecord } from './pid-files.ts';
import { processStart } from './proc.ts';

/** Writes and removes in the order of the calls. It is for a killed engine only, so a write that fails is no failure. */
export class PidFile {
  readonly #folder: string;
  readonly #spec: ContainerSpec;
  readonly #command: string;
  #turn: Promise<void> = Promise.resolve();

  constructor(folder: string, spec: ContainerSpec, command: string) {
    this.#folder = folder;
    this.#spec = spec;
    this.#command = command;
  }

  /** Nobody has to wait for it. */
  write(pid: number): void {
    void this.#then(async () => {
      const start = await processStart(pid);
      if (start === undefined) return;
      const stopSignal = this.#spec.stopSignal ?? 'SIGTERM';
      await writeRecord(this.#folder, this.#spec.name, { pid, start, stopSignal, command: this.#command });
    });
  }

  /** Resolves when it is gone. */
  remove(): Promise<void> {
    return this.#then(() => removeRecord(this.#folder, this.#spec.name));
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch(() => undefined);
    return this.#turn;
  }
}
