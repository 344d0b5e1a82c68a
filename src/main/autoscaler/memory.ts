/** How many more bots the host's memory bears. */
import { readFileSync } from 'node:fs';

/** What a bot takes while it serves (the benchmark `memory` shows 33 MiB; peaks lie higher), and what stays free. */
const BOT_BYTES = 64 * 1_048_576;
const KEPT_BYTES = 256 * 1_048_576;

/**
 * Bots that fit beside those that are starting and have not taken their memory yet; `null` where the system does not
 * tell. `own`: bots are children of this process, so that its own limits hold for them, too.
 */
export function memoryRoom(starting: number, own: boolean): number | null {
  const free = freeBytes(own);
  return free === undefined ? null : Math.max(0, Math.floor((free - KEPT_BYTES) / BOT_BYTES) - starting);
}

function freeBytes(own: boolean): number | undefined {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo())?.[1];
  if (kib === undefined) return undefined;
  const host = Number(kib) * 1_024;
  return own ? Math.min(host, process.availableMemory()) : host;
}

/** The kernel answers from memory at once; an asynchronous read would queue behind the threads that encrypt. */
function meminfo(): string {
  try {
    return readFileSync('/proc/meminfo', 'utf8');
  } catch {
    return '';
  }
}
