/** Looks at what PostgreSQL and Redis hold, at a bounded cost: keys are scanned in steps and only so many of them. */
import type { Redis } from 'ioredis';
import type { Queryable } from '#core/postgres/database.ts';
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';

/** Clients that are named; the others count together. */
const MOST_TENANTS = 20;
const MOST_KEYS = 20_000;
const SCAN_STEP = 1_000;

/** Both stores now. */
export async function readStores(db: Queryable, redis: Redis, at: number): Promise<StoresSample> {
  const [postgres, memory] = await Promise.all([readPostgres(db), readRedis(redis)]);
  return { at, postgres, redis: memory };
}

async function readPostgres(db: Queryable): Promise<StoresSample['postgres']> {
  const { rows } = await db.query(
    `SELECT substring(usename FROM '^client_[0-9]{3,6}') AS client, count(*)::int AS connections,
       current_setting('max_connections')::int AS most, pg_database_size(current_database())::float8 AS bytes
     FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1 ORDER BY 2 DESC`,
  );
  const ofTenants = rows.filter((row) => row['client'] !== null);
  const named = ofTenants.slice(0, MOST_TENANTS);
  const rest = ofTenants.slice(MOST_TENANTS).reduce((sum, row) => sum + Number(row['connections']), 0);
  return {
    connections: rows.reduce((sum, row) => sum + Number(row['connections']), 0),
    most: Number(rows[0]?.['most'] ?? 0),
    databaseBytes: Number(rows[0]?.['bytes'] ?? 0),
    byTenant: [
      ...named.map((row) => ({ client: String(row['client']), connections: Number(row['connections']) })),
      ...(rest > 0 ? [{ client: 'other', connections: rest }] : []),
    ],
  };
}

async function readRedis(redis: Redis): Promise<StoresSample['redis']> {
  const [info, keys] = await Promise.all([redis.info('memory'), redis.dbsize()]);
  const fact = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const counts = new Map<string, number>();
  let [cursor, lookedAt] = ['0', 0];
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', SCAN_STEP);
    cursor = next;
    lookedAt += found.length;
    for (const key of found) counts.set(prefixOf(key), (counts.get(prefixOf(key)) ?? 0) + 1);
  } while (cursor !== '0' && lookedAt < MOST_KEYS);
  const byPrefix = [...counts].map(([prefix, count]) => ({ prefix, keys: count })).sort((a, b) => b.keys - a.keys);
  return {
    memoryBytes: fact('used_memory'),
    mostBytes: fact('maxmemory'),
    keys,
    byPrefix: byPrefix.slice(0, MOST_TENANTS),
    lookedAt,
  };
}

/** What a key begins with: bounded, whatever keys there are. */
export function prefixOf(key: string): string {
  if (/^client_\d{3,6}:/.test(key)) return 'client_*';
  if (key.startsWith('rehearsal_')) return 'rehearsal_*';
  return key.split(':')[0]?.slice(0, 40) ?? '';
}

/** The activations that ended within the last hour. */
export async function readActivations(db: Queryable): Promise<MetricsSample['activations']> {
  const { rows } = await db.query(
    `SELECT count(*) FILTER (WHERE acknowledged_at IS NOT NULL)::int AS done,
       count(*) FILTER (WHERE state = 'failed')::int AS failed,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS p95
     FROM (SELECT state, acknowledged_at, extract(epoch FROM acknowledged_at - claimed_at)::float8 * 1000 AS ms
       FROM control.activations WHERE claimed_at > clock_timestamp() - interval '1 hour') AS recent`,
  );
  const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  const row = rows[0] ?? {};
  return {
    done: Number(row['done'] ?? 0),
    failed: Number(row['failed'] ?? 0),
    p50Ms: number(row['p50']),
    p95Ms: number(row['p95']),
  };
}

/** Activations that have been answered since an instant, for the histogram: seconds, and how each ended. Instants as text, because they are finer than a `Date`. */
export async function endedSince(
  db: Queryable,
  since: string,
): Promise<{ readonly ended: readonly { outcome: string; seconds: number | null }[]; readonly until: string }> {
  const { rows } = await db.query<{ outcome: string; seconds: number | null; at: string }>(
    `SELECT CASE WHEN acknowledged_at IS NULL THEN coalesce(outcome, 'failed') ELSE 'active' END AS outcome,
       extract(epoch FROM acknowledged_at - claimed_at)::float8 AS seconds,
       CASE WHEN acknowledged_at IS NULL THEN ended_at ELSE acknowledged_at END::text AS at
     FROM control.activations
     WHERE (acknowledged_at > $1::timestamptz) OR (state = 'failed' AND acknowledged_at IS NULL AND ended_at > $1::timestamptz)
     ORDER BY CASE WHEN acknowledged_at IS NULL THEN ended_at ELSE acknowledged_at END LIMIT 10000`,
    [since],
  );
  return { ended: rows, until: rows.at(-1)?.at ?? since };
}
