/** Entry file of the command line: hands the process to the program, and its exit code back. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { CliHost } from './context.ts';
import { runCli } from './program.ts';

/** A reader that has seen enough, such as `head`, ends us without a complaint. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

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
process.exitCode = await runCli(process.argv.slice(2), host);
