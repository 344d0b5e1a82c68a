/** Entry file of the command line: hands the process to the program, and its exit code back. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { scrubText } from '#core/telemetry/scrub.ts';
import type { CliHost } from './context.ts';
import { runCli } from './program.ts';

/** A reader that has seen enough, such as `head`, ends us without a complaint. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

/** A host has this long to stop its bots and servers; what is left then ends with this process. */
const STOP_MS = 30_000;

/** A command that runs something listens for SIGTERM and stops in order; any other may end at once. */
async function stopInOrder(): Promise<void> {
  if (process.emit('SIGTERM', 'SIGTERM')) await running.promise;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

const running = Promise.withResolvers<void>();
endOnUnforeseen({
  report: (error) =>
    void process.stderr.write(`${scrubText(`botpool ends: something unforeseen happened\n${inspect(error)}`)}\n`),
  stop: stopInOrder,
  limitMs: STOP_MS,
});
process.stdout.on('error', endWithReader);
const host: CliHost = {
  env: process.env,
  writeOut: (output) => void process.stdout.write(output),
  writeErr: (output) => void process.stderr.write(output),
  readStdin: () => text(process.stdin),
  ask: process.stdin.isTTY ? ask : undefined,
  isTerminal: process.stdout.isTTY === true,
  projectFolder: resolve(import.meta.dirname, '../../..'),
};
try {
  const code = await runCli(process.argv.slice(2), host);
  process.exitCode ??= code;
} finally {
  running.resolve();
}
