/** The processes of a soak as the soak holds them: killed at a point, started again at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fromHostSchema, type SoakFacts } from './facts.ts';
import type { Role } from './kill-points.ts';

/** One process that comes back whenever it ends. */
export interface Revenant {
  /** Resolves when it runs (again). */
  ready(): Promise<void>;
  /** Lets it end at this point, the next time but so many; true when it has ended within `ms`. */
  killAt(point: string, after: number, ms: number): Promise<boolean>;
  /** A step of the sales desk. Rejects when the process dies on it, or when the step is refused. */
  call(step: string, args: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** The step was refused: `message` is the code. */
export class Refused extends Error {}

/** Starts it. */
export function raise(role: Role, facts: SoakFacts): Revenant {
  let closing = false;
  let calls = 0;
  const ends = new WeakMap<ChildProcess, Promise<void>>();
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let running = Promise.withResolvers<ChildProcess>();
  const start = (): void => {
    const child = fork(join(import.meta.dirname, 'host.ts'), [role], {
      env: { ...process.env, SOAK: JSON.stringify(facts) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const mine = running;
    child.on('message', (message) => {
      const said = fromHostSchema.parse(message);
      if ('ready' in said) mine.resolve(child);
      else {
        const waiting = open.get(said.call);
        open.delete(said.call);
        if ('refused' in said) waiting?.reject(new Refused(said.refused));
        else waiting?.resolve(said.answer);
      }
    });
    child.on('error', () => undefined);
    // One listener, however often it is asked to end.
    const end = Promise.withResolvers<void>();
    ends.set(child, end.promise);
    child.once('exit', () => end.resolve());
    child.once('exit', () => {
      for (const waiting of open.values()) waiting.reject(new Error(`${role} died`));
      open.clear();
      // Those who wait for a process that never came wait for the next one.
      const next = Promise.withResolvers<ChildProcess>();
      void next.promise.then(mine.resolve);
      running = next;
      if (!closing) setTimeout(start, 100);
    });
  };
  start();
  return {
    ready: async () => void (await running.promise),
    async killAt(point, after, ms) {
      const child = await running.promise;
      const ended = (ends.get(child) ?? Promise.resolve()).then(() => true);
      if (child.connected) child.send({ killAt: point, after }, () => undefined);
      const { promise: late, resolve } = Promise.withResolvers<false>();
      const timer = setTimeout(() => resolve(false), ms);
      return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
    },
    async call(step, args) {
      const child = await running.promise;
      calls += 1;
      const waiting = Promise.withResolvers<unknown>();
      const id = calls;
      open.set(id, waiting);
      if (child.connected) child.send({ call: id, step, args }, (error) => error !== null && waiting.reject(error));
      else waiting.reject(new Error(`${role} is gone`));
      return await waiting.promise;
    },
    async close() {
      closing = true;
      const child = await running.promise;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
