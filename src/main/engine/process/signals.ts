/** Sends signals to a program and to all that it has started. */
import { constants } from 'node:os';
import { processTree } from './proc.ts';

/** To one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** To the whole process group and to descendants that have left it, as PostgreSQL's backends do. */
export async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  const tree = await processTree(pid);
  signalProcess(-pid, signal);
  for (const descendant of tree.slice(1)) signalProcess(descendant, signal);
}

/** The exit code by which a shell reports how a process ended: 128 and the signal's number, or its own code. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return signal === null ? 1 : 128 + constants.signals[signal];
}
