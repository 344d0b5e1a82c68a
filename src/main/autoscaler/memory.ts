/** How many more bots the host's memory bears. */
import { readFile } from 'node:fs/promises';

/** What a bot takes while it serves (the benchmark `memory` shows 33 MiB; peaks lie higher), and what stays free. */
const BOT_BYTES = 64 * 1_048_576;
const KEPT_BYTES = 256 * 1_048_576;

/**
 * Bots that fit beside those that are starting and have not taken their memory yet; `null` where the system does not
 * tell. `own`: bots are children of this process, so that its own limits hold for them, too.
 */
export async function memoryRoom(starting: number, own: boolean): Promise<number | null> {
  const free = await freeBytes(own);
  return free === undefined ? null : Math.max(0, Math.floor((free - KEPT_BYTES) / BOT_BYTES) - starting);
}

async function freeBytes(own: boolean): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kib === undefined) return undefined;
  const host = Number(kib) * 1_024;
  return own ? Math.min(host, process.availableMemory()) : host;
}
