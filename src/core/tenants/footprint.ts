/** What one client stores in PostgreSQL and Redis: counted, for people who look at it. */
import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { keys } from '#shared/redis/keys.ts';

/** Rows are counted; sizes in bytes with indexes. `moreKeys`: there are more keys than were counted. */
export interface Footprint {
  readonly tables: { name: string; rows: number; bytes: number }[];
  readonly keys: { group: string; count: number }[];
  readonly moreKeys: boolean;
}

const tableRow = z.object({ name: z.string(), bytes: z.coerce.number() });
const countRow = z.object({ name: z.string(), rows: z.coerce.number() });

/** One client's keys are few; looking further than this would cost every other client. */
const MOST_STEPS = 200;
const STEP_KEYS = 1_000;

/** Looks now. A client without a schema has no tables. `clientId` must have been parsed. */
export async function readFootprint(
  database: Queryable,
  redis: Pick<Redis, 'scan'>,
  clientId: string,
): Promise<Footprint> {
  const [tables, found] = await Promise.all([readTables(database, clientId), readKeys(redis, clientId)]);
  return { tables, ...found };
}

async function readTables(database: Queryable, clientId: string): Promise<Footprint['tables']> {
  const { rows } = await database.query(
    `SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname`,
    [clientId],
  );
  const tables = z.array(tableRow).parse(rows);
  if (tables.length === 0) return [];
  const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const parts = tables.map(
    ({ name }, index) =>
      `SELECT $${index + 1}::text AS name, count(*) AS rows FROM ${identifier(clientId)}.${identifier(name)}`,
  );
  const counted = await database.query(
    parts.join(' UNION ALL '),
    tables.map(({ name }) => name),
  );
  const counts = new Map(
    z
      .array(countRow)
      .parse(counted.rows)
      .map(({ name, rows: count }) => [name, count]),
  );
  return tables.map(({ name, bytes }) => ({ name, rows: counts.get(name) ?? 0, bytes }));
}

async function readKeys(
  redis: Pick<Redis, 'scan'>,
  clientId: string,
): Promise<{ readonly keys: Footprint['keys']; readonly moreKeys: boolean }> {
  const prefix = keys.tenantPrefix(clientId);
  const counts = new Map<string, number>();
  let cursor = '0';
  let steps = 0;
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', STEP_KEYS);
    for (const key of found) {
      const group = key.slice(prefix.length).split(':')[0] ?? '';
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    cursor = next;
    steps += 1;
  } while (cursor !== '0' && steps < MOST_STEPS);
  const groups = [...counts].map(([group, count]) => ({ group, count })).sort((a, b) => b.count - a.count);
  return { keys: groups, moreKeys: cursor !== '0' };
}
