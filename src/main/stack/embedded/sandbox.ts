/** The simulated outside world as one more program of the process engine. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Program } from '../../engine/process/launch.ts';
import type { ReadyOptions } from './ready.ts';

/** The container's name, the same under every engine. */
export const SANDBOX_CONTAINER = 'booking-sandbox';

/** Runs the sandbox from its sources. */
export function sandboxProgram(): Program {
  const entry = join(import.meta.dirname, '../../../sandbox/main.ts');
  // Bots stand on it as on PostgreSQL: it is stopped after them, so that their last words reach it.
  return { command: process.execPath, args: [entry], foundation: true, deathSignal: 'SIGTERM' };
}

/** Resolves with its address when it answers. Fails with `program_failed` and the last log lines. */
export async function sandboxReady(port: number, options: ReadyOptions): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + (options.timeoutMs ?? 15_000);
  for (;;) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      () => true,
      () => false,
    );
    if (answered) return url;
    if (performance.now() >= until) {
      throw new BotpoolError('program_failed', { program: 'sandbox', detail: await options.lastLines() });
    }
    await sleep(20);
  }
}
