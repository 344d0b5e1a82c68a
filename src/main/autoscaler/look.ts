/** What the autoscaler sees: the pool by PostgreSQL and Redis, at the same cost for ten bots and for ten thousand. */
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { countBots, readStatuses } from '#core/pool/presence.ts';
import { listRoster, readRestingSize } from '#core/pool/roster.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { rememberSilence } from '../stack/silence.ts';

/** Claims of the last quarter of an hour tell the present rate. */
export const CLAIMS_WINDOW_MS = 900_000;

/** What a look gives. */
export interface Look {
  readonly snapshot: ScalingSnapshot;
  /** Claims within {@link CLAIMS_WINDOW_MS}. */
  readonly claims: number;
}

/** What is needed to look. */
export interface LookOptions {
  readonly database: Queryable;
  readonly redis: Redis;
  readonly now: () => number;
  /** See `Pool.seekers`. */
  readonly seekers: () => readonly string[];
  /** How many more bots the host's memory bears beside so many that start; `null`: not known. */
  readonly memoryRoom: (starting: number) => number | null;
  /** A bot that does not wait after this time is stuck. */
  readonly stuckMs: number;
}

const countsSchema = z.object({
  total: z.coerce.number(),
  wanted: z.coerce.number(),
  serving: z.coerce.number(),
  queued: z.coerce.number(),
  seeking: z.coerce.number(),
  reserved: z.coerce.number(),
  claims: z.coerce.number(),
});

/** Looks again and again, and remembers since when a bot has not come up. */
export function createLook({ database, redis, now, seekers, memoryRoom, stuckMs }: LookOptions): () => Promise<Look> {
  const silence = rememberSilence(stuckMs);

  const countStuck = async (): Promise<number> => {
    const wanted = (await listRoster(database)).filter(({ state }) => state === 'wanted');
    const statuses = await readStatuses(
      redis,
      wanted.map(({ container }) => container),
    );
    const silent = wanted.filter((_bot, at) => {
      const status = statuses[at]?.status;
      return status === undefined || status === 'failed' || status === 'draining';
    });
    const containers = silent.map(({ container }) => container);
    return silence.look(containers, now()).size;
  };

  return async () => {
    const { waiting: shown } = await countBots(redis);
    const [counts, size] = await Promise.all([readCounts(database, seekers()), readRestingSize(database)]);
    // Who is claimed still seems to wait until the delivery, whose event brings the next look.
    const waiting = Math.min(shown, Math.max(0, counts.wanted - counts.serving));
    const starting = Math.max(0, counts.wanted - waiting - counts.serving);
    if (starting === 0) silence.look([], now());
    const stuck = starting === 0 ? 0 : Math.min(starting, await countStuck());
    const { serving, total, reserved } = counts;
    // Whoever is just being given a bot needs one as much as whoever has found none.
    const queued = counts.queued + counts.seeking;
    const resting = size?.bots ?? 0;
    return {
      snapshot: {
        waiting,
        starting,
        stuck,
        serving,
        total,
        queued,
        reserved,
        resting,
        memoryRoom: memoryRoom(starting),
      },
      claims: counts.claims,
    };
  };
}

async function readCounts(db: Queryable, seekers: readonly string[]): Promise<z.output<typeof countsSchema>> {
  const { rows } = await db.query(
    `SELECT
       (SELECT count(*) FROM control.roster) AS total,
       (SELECT count(*) FROM control.roster WHERE state = 'wanted') AS wanted,
       (SELECT count(*) FROM control.activations WHERE ended_at IS NULL) AS serving,
       (SELECT count(*) FROM control.tenants WHERE queued_at <= clock_timestamp()) AS queued,
       (SELECT count(*) FROM control.tenants t WHERE t.client_id = ANY ($2) AND t.state = 'active'
          AND t.queued_at IS NULL AND NOT EXISTS (
            SELECT FROM control.activations a WHERE a.client_id = t.client_id AND a.ended_at IS NULL)) AS seeking,
       (SELECT count(*) FROM control.reservations WHERE until > clock_timestamp()) AS reserved,
       (SELECT count(*) FROM control.activations
          WHERE claimed_at > clock_timestamp() - $1 * interval '1 millisecond') AS claims`,
    [CLAIMS_WINDOW_MS, seekers],
  );
  return countsSchema.parse(rows[0]);
}
