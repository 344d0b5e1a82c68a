/** Runs one short command to its end and hands back what it wrote. For tools, not for containers. */
import { spawn } from 'node:child_process';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** How to run it. The environment is complete: nothing of the parent's is added. */
export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Killed after so many milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

/** How it ended. `code` is -1 when a signal ended it. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a shell. Fails with `program_failed` only when it cannot be started at all. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    // Not spawn's own limit: its timer keeps this process alive when the command could not be started.
    const limit = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) => {
      clearTimeout(limit);
      reject(new BotpoolError('program_failed', { program: command, detail: cause.message }, { cause }));
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** Like {@link runCommand}, but any other end than exit code 0 fails with `program_failed` and its last lines. */
export async function runOrFail(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) {
    const detail = lastLines(`${result.stdout}\n${result.stderr}`, 6) || `exit code ${result.code}`;
    throw new BotpoolError('program_failed', { program: command, detail });
  }
  return result.stdout;
}

/** The last so many lines that hold anything, joined by ` | `. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join(' | ');
}
