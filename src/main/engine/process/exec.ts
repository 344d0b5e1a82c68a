/** Runs a command beside a container's program, with its streams in the caller's hands. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, pipeline, type Readable, type Writable } from 'node:stream';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ExecSession } from '../engine.ts';
import type { Launch } from './launch.ts';
import { exitCodeOf } from './signals.ts';

/** What a shell answers for a command that is not there. */
const COMMAND_NOT_FOUND = 127;

/** The session, and the process behind it for whoever has to end it early. */
export interface StartedCommand {
  readonly session: ExecSession;
  readonly child: ChildProcess;
}

/** Starts it. A command that does not exist ends with 127, as in a shell. */
export async function startCommand({ command, args, options }: Launch): Promise<StartedCommand> {
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const exitCode = ended(child);
  const { stdin, stdout, stderr } = streamsOf(child, command);
  // The command may end without reading what it is given.
  stdin.on('error', () => undefined);
  return { session: { stdin, stdout, stderr, exitCode }, child };
}

async function ended(child: ChildProcess): Promise<number> {
  try {
    await once(child, 'exit');
  } catch {
    return COMMAND_NOT_FOUND;
  }
  return exitCodeOf(child.exitCode, child.signalCode);
}

function streamsOf(
  { stdin, stdout, stderr }: ChildProcess,
  command: string,
): { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable } {
  if (stdin !== null && stdout !== null && stderr !== null) {
    // Node throws away what nobody has begun to read when a child ends; a pipe of our own keeps it for a late reader.
    return { stdin, stdout: kept(stdout), stderr: kept(stderr) };
  }
  throw new BotpoolError('program_failed', { program: command, detail: 'it has no streams' });
}

/** Who reads no more closes the pipe: a command that goes on writing must end, not wait for ever. */
function kept(stream: Readable): Readable {
  return pipeline(stream, new PassThrough(), () => undefined);
}
