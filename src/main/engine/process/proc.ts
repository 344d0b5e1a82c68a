/** Reads what Linux tells about processes in `/proc`; elsewhere `ps` tells the little that pid files need. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { runCommand } from './programs/run-command.ts';

/** Ticks of the kernel's process times per second; Linux shows 100 to every program. */
export const TICKS_PER_SECOND = 100;

/** The fields of `/proc/<pid>/stat` that we use. Times in ticks. */
export interface ProcessStat {
  readonly state: string;
  readonly group: number;
  /** Used by the process and by its children that have ended. */
  readonly cpuTicks: number;
  /** Since the machine's start; with the pid it names one process for good. */
  readonly startTicks: string;
}

/** Parses one line of `/proc/<pid>/stat`. The name in brackets may itself hold blanks and brackets. */
export function parseStat(line: string): ProcessStat | undefined {
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  const [state, , group] = fields;
  const startTicks = fields[19];
  if (close < 0 || state === undefined || startTicks === undefined) return undefined;
  const cpuTicks = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { state, group: Number(group), cpuTicks, startTicks };
}

/** The process as it is now, or undefined when there is none. */
export async function processStat(pid: number): Promise<ProcessStat | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return parseStat(line);
}

/** What tells this process from an earlier or later one of the same number; undefined when there is none. */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== 'linux') return startByPs(pid);
  const found = await processStat(pid);
  return found === undefined || found.state === 'Z' ? undefined : found.startTicks;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const result = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)], { env: PS_ENV }).catch(() => undefined);
  return result?.code === 0 ? result.stdout.trim().replaceAll(/\s+/g, '-') || undefined : undefined;
}

const PS_ENV = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/** The file that it runs, or undefined. Programs can change their title, not this. */
export function processExecutable(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/exe`).catch(() => undefined);
}

/** Its command line, as it shows it. */
export async function processCommandLine(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').filter((part) => part !== '');
}

/** The process and everything that it has started, its own first. */
export async function processTree(pid: number): Promise<readonly number[]> {
  const tree = [pid];
  for (const parent of tree) tree.push(...(await childrenOf(parent)));
  return tree;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter((text) => text !== '')).map(Number);
}

/** Private memory plus the share of what is shared, in bytes; 0 when it is gone. */
export async function processMemory(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return parsePss(text);
}

/** Pss from the text of `smaps_rollup`, in bytes. */
export function parsePss(text: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
}
