/** Runs a command beside a container's program, with its streams apart and its exit code. */
import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import * as z from 'zod';
import type { EngineClock } from '../clock.ts';
import type { ExecSession } from '../engine.ts';
import { engineError, isUnreachable, statusOf } from './errors.ts';
import { frameReader } from './frames.ts';
import { pause } from './streams.ts';

/** How much of each stream waits for its reader before the command has to. Bytes. */
const READ_AHEAD = 1024 * 1024;
/** What is told of a command that ended with its container. */
const KILLED = 137;
/** Docker may tell the end of the streams a moment before the exit code. */
const LOOK_AGAIN_MS = 20;
/** The streams of a command that nobody reads do not end, so its exit code is looked for now and then. */
const LOOK_NOW_AND_THEN_MS = 1_000;

const STATE = z.object({ Running: z.boolean(), ExitCode: z.number().nullable() });

/** Starts it. A command that does not exist ends with 126 or 127, by the engine's version, and with Docker's words. */
export async function startExec(
  container: Docker.Container,
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  clock: EngineClock,
): Promise<ExecSession> {
  const context = { action: `run ${command[0] ?? 'nothing'} in ${name}`, container: name };
  try {
    const exec = await container.exec({
      Cmd: [...command],
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    return sessionOf(exec, await exec.start({ hijack: true, stdin: true }), clock);
  } catch (error) {
    throw engineError(error, context);
  }
}

function sessionOf(exec: Docker.Exec, connection: Duplex, clock: EngineClock): ExecSession {
  const stdout = new PassThrough({ readableHighWaterMark: READ_AHEAD });
  const stderr = new PassThrough({ readableHighWaterMark: READ_AHEAD });
  // The command may end without reading what it is given.
  connection.on('error', () => undefined);
  const ended = new AbortController();
  void separate(connection, stdout, stderr).then(() => ended.abort());
  return { stdin: connection, stdout, stderr, exitCode: exitCodeOf(exec, clock, ended.signal) };
}

/** Carries frames to their streams until the connection ends, and no faster than they are read. */
async function separate(connection: Duplex, stdout: PassThrough, stderr: PassThrough): Promise<void> {
  const frames = frameReader();
  try {
    for await (const chunk of connection.iterator({ destroyOnReturn: false })) {
      for (const { stream, payload } of frames(chunk)) {
        const target = stream === 'stdout' ? stdout : stderr;
        if (!target.destroyed && !target.write(payload))
          await Promise.race([once(target, 'drain'), once(target, 'close')]);
      }
    }
  } catch {
    // A connection that breaks ends the streams, too; the exit code tells how the command fared.
  } finally {
    connection.destroy();
    stdout.end();
    stderr.end();
  }
}

async function exitCodeOf(exec: Docker.Exec, clock: EngineClock, ended: AbortSignal): Promise<number> {
  for (;;) {
    await pause(clock, LOOK_NOW_AND_THEN_MS, ended);
    const code = await codeNow(exec);
    if (code !== undefined) return code;
    if (ended.aborted) await pause(clock, LOOK_AGAIN_MS);
  }
}

/** Undefined while the command runs, or while the engine is away. */
async function codeNow(exec: Docker.Exec): Promise<number | undefined> {
  try {
    const { Running, ExitCode } = STATE.parse(await exec.inspect());
    return Running ? undefined : (ExitCode ?? KILLED);
  } catch (error) {
    // The engine has forgotten it together with its container.
    if (statusOf(error) !== undefined) return KILLED;
    if (isUnreachable(error)) return undefined;
    throw error;
  }
}
