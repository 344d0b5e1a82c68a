/** PostgreSQL's own tools, run beside the server through the engine's exec and streamed. They end, and say why they failed. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExecSession } from '#main/engine/engine.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** Runs a command beside the server. */
export type Exec = (command: readonly string[], env?: Readonly<Record<string, string>>) => Promise<ExecSession>;

/** One run of a tool. */
export interface ToolRun {
  readonly command: readonly string[];
  /** Variables for it, such as who it is. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Handed to the tool; a tool that ends without reading it all is judged by its exit code. */
  readonly input?: Readable;
  /** Reads what the tool writes, to the end. */
  readonly output?: (stdout: Readable) => Promise<void>;
  /** The tool is killed after this time. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_WORDS = 4_000;
/** What a shell says of a command that was killed. */
const KILLED = 137;
/** How much later than the tool's own limit nobody waits for it any more. */
const PATIENCE_MS = 5_000;

/** Runs it. Fails with the code that its words mean, or with `backup_tool_failed`. */
export async function runTool(exec: Exec, run: ToolRun): Promise<void> {
  const [tool = ''] = run.command;
  const seconds = Math.max(1, Math.ceil(run.limitMs / 1_000));
  // The engine cannot end what it has started beside a container; the tool's guard does, whoever has died.
  const session = await exec(['timeout', '-s', 'KILL', String(seconds), ...run.command], run.env);
  const words = tail(session.stderr);
  const over = new AbortController();
  const signals = [
    AbortSignal.timeout(seconds * 1_000 + PATIENCE_MS),
    over.signal,
    ...(run.signal ? [run.signal] : []),
  ];
  const signal = AbortSignal.any(signals);
  const stdout = session.stdout as Readable;
  const abort = (): void => {
    stdout.destroy();
    run.input?.destroy();
    session.stdin.end();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    const feeding = feed(session, run.input);
    const reading = (run.output ?? drain)(stdout);
    const [read, , code] = await Promise.all([
      reading.then(
        () => undefined,
        (error: unknown) => {
          // Nobody reads it any more: the tool ends at its next word.
          stdout.destroy();
          run.input?.destroy();
          return error;
        },
      ),
      feeding,
      orAborted(session.exitCode, signal),
    ]);
    if (code !== 0) throw failureOf(tool, code, signal.aborted ? '' : await words, seconds, read);
    if (read !== undefined) throw read;
  } finally {
    signal.removeEventListener('abort', abort);
    over.abort();
  }
}

async function orAborted(exitCode: Promise<number>, signal: AbortSignal): Promise<number> {
  const aborted = Promise.withResolvers<number>();
  const give = (): void => aborted.resolve(KILLED);
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  return await Promise.race([exitCode, aborted.promise]);
}

async function feed(session: ExecSession, input: Readable | undefined): Promise<void> {
  if (input === undefined) return session.stdin.end() as unknown as undefined;
  // A tool that has failed reads no more; its exit code says why.
  await pipeline(input, session.stdin).catch(() => undefined);
}

async function drain(stdout: Readable): Promise<void> {
  for await (const _chunk of stdout) {
    // Read, so that the tool may go on.
  }
}

async function tail(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text = `${text}${String(chunk)}`.slice(-KEPT_WORDS);
  } catch {
    // What was said until then is what there is.
  }
  return text.trim();
}

function failureOf(tool: string, code: number, words: string, seconds: number, read: unknown): BotpoolError {
  if (isNoSpace(read)) return new BotpoolError('disk_full', { what: 'backups' }, { cause: read });
  const known = meaningOf(words);
  if (known !== undefined) return known;
  if (code === KILLED && words === '') return new BotpoolError('backup_timeout', { tool, seconds });
  const detail = words === '' ? `it ended with ${code}` : words.split('\n').slice(-4).join(' | ');
  return new BotpoolError('backup_tool_failed', { tool, detail }, { cause: read });
}

/** True for the system's word that a disk is full. */
export function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** What the words of a tool mean, where one can say. Pure. */
export function meaningOf(words: string): BotpoolError | undefined {
  if (/max_locks_per_transaction|out of shared memory/.test(words)) return new BotpoolError('backup_locks', {});
  if (/password authentication failed|no password supplied|no pg_hba.conf entry/.test(words)) {
    return new BotpoolError('backup_access', {});
  }
  if (/server version mismatch|unsupported version \(/.test(words)) return new BotpoolError('backup_version', {});
  if (/No space left on device|could not extend file/.test(words))
    return new BotpoolError('disk_full', { what: 'PostgreSQL' });
  const missing =
    /(role "[^"]+") does not exist/.exec(words) ??
    /(extension "[^"]+") is not available/.exec(words) ??
    /no matching (schemas) were found/.exec(words) ??
    /(schema "[^"]+") does not exist/.exec(words);
  return missing?.[1] === undefined ? undefined : new BotpoolError('backup_incomplete', { what: missing[1] });
}
