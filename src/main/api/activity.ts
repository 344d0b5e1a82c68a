/** The group `activity`: the audit, and a feed of it. */
import { LATE_MS, newestAudit, readAudit, readAuditTail } from '#core/audit/audit.ts';
import type { Pool } from '#core/pool/index.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { ActivityBatch } from '#shared/api/activity.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface ActivityApiServices {
  readonly database: Queryable;
  readonly pool: Pick<Pool, 'listen'>;
  readonly now: () => number;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const PACE_MS = 300;
/** Most changes tell no event of the pool. */
const SAFETY_MS = 1_000;
/** A reader who is further behind is told how many rows are left out. */
const MOST_ROWS = 200;
/** What somebody sees who comes without a place to go on from. */
const FIRST_ROWS = 50;

/** The procedures of the group. */
export function activityApi(root: ApiRoot, services: ActivityApiServices) {
  const { database } = services;
  return root.activity.router({
    audit: root.activity.audit.handler(async ({ input }) => [...(await readAudit(database, input))]),
    watch: root.activity.watch.handler(({ input, signal = new AbortController().signal }) =>
      followActivity(services, input.from, signal),
    ),
  });
}

/** Never faster than its reader: what happened meanwhile is told together, and beyond a bound only counted. */
async function* followActivity(
  services: ActivityApiServices,
  from: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<ActivityBatch, void, void> {
  const { database, pool, sleep, now } = services;
  let wake = new AbortController();
  const stopListening = pool.listen(() => wake.abort());
  const end = (): void => wake.abort();
  signal.addEventListener('abort', end, { once: true });
  try {
    // A feed that was restored from an older backup may be behind its reader: then it begins anew.
    const newest = await newestAudit(database);
    let version = from === undefined || from > newest ? Math.max(0, newest - FIRST_ROWS) : from;
    let begun = false;
    const told = new Map<number, number>();
    while (!signal.aborted) {
      wake = new AbortController();
      const tail = await readAuditTail(database, version, MOST_ROWS);
      const rows = tail.rows.filter((row) => !told.has(row.id));
      for (const row of rows) told.set(row.id, row.at.getTime());
      for (const [id, at] of told) if (at < now() - 2 * LATE_MS) told.delete(id);
      version = Math.max(version, tail.rows.at(-1)?.id ?? 0);
      if (rows.length > 0 || !begun) yield { version, rows: [...rows], skipped: tail.skipped };
      begun = true;
      await sleep(PACE_MS, signal);
      if (!signal.aborted) await sleep(SAFETY_MS, wake.signal);
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', end);
  }
}
