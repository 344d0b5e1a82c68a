/**
 * Remembers on the disk which processes an engine has started, so that the next start can end what a killed engine has
 * left behind. A number alone proves nothing, because numbers come round again: start time and program must agree.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processCommandLine, processExecutable, processStart, processTree } from './proc.ts';

/** One started process. */
export interface PidRecord {
  readonly pid: number;
  /** As {@link processStart} gave it. */
  readonly start: string;
  /** The program's path. */
  readonly command: string;
  readonly stopSignal: NodeJS.Signals;
}

/** What a process looks like now, to be compared with its record. */
export interface ProcessLook {
  readonly start: string | undefined;
  readonly executable: string | undefined;
  readonly commandLine: readonly string[];
}

/** True when the process is the recorded one. Before it becomes the program, its command line names the program already. */
export function isRecorded(record: PidRecord, look: ProcessLook): boolean {
  if (look.start === undefined || look.start !== record.start) return false;
  return look.executable === record.command || look.commandLine.some((part) => part.includes(basename(record.command)));
}

/** Parses a pid file; undefined when it was cut short. */
export function parseRecord(text: string): PidRecord | undefined {
  const [pid, start, stopSignal, ...command] = text.trim().split(' ');
  if (start === undefined || !isSignal(stopSignal) || command.length === 0) return undefined;
  return Number.isSafeInteger(Number(pid))
    ? { pid: Number(pid), start, stopSignal, command: command.join(' ') }
    : undefined;
}

/** The text of a pid file. */
export function formatRecord({ pid, start, stopSignal, command }: PidRecord): string {
  return `${pid} ${start} ${stopSignal} ${command}\n`;
}

function isSignal(text: string | undefined): text is NodeJS.Signals {
  return text === 'SIGTERM' || text === 'SIGINT' || text === 'SIGQUIT';
}

/** Writes the file of a container; whole or not at all. */
export async function writeRecord(folder: string, name: string, record: PidRecord): Promise<void> {
  const file = join(folder, `${name}.pid`);
  await writeFile(`${file}.part`, formatRecord(record), { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** Forgets a container's process. */
export async function removeRecord(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.pid`), { force: true });
}

/** Ends every recorded process that still lives: asked first, killed with all its children after the time limit. Returns their names. */
export async function endLeftovers(folder: string, graceMs: number): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = await readdir(folder);
  const ended = await Promise.all(files.map((file) => endLeftover(join(folder, file), graceMs)));
  return ended.filter((name) => name !== undefined);
}

async function endLeftover(file: string, graceMs: number): Promise<string | undefined> {
  const record = parseRecord(await readFile(file, 'utf8').catch(() => ''));
  const lives = record !== undefined && (await isAlive(record));
  if (lives) {
    const tree = await processTree(record.pid);
    signal(record.pid, record.stopSignal);
    const until = performance.now() + graceMs;
    while (performance.now() < until && (await isAlive(record))) await sleep(20);
    if (await isAlive(record)) for (const pid of tree) signal(pid, 'SIGKILL');
    while (await isAlive(record)) await sleep(20);
  }
  await rm(file, { force: true });
  return lives ? basename(file, '.pid') : undefined;
}

async function isAlive(record: PidRecord): Promise<boolean> {
  const [start, executable, commandLine] = await Promise.all([
    processStart(record.pid),
    processExecutable(record.pid),
    processCommandLine(record.pid),
  ]);
  return isRecorded(record, { start, executable, commandLine });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in this very moment.
  }
}
