/** Owns the figures of the business over a time: what took place, what came in, who came back. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';

/** Figures of the visits that began within a time. */
export interface Figures {
  /** Took place, or will: neither cancelled nor missed. */
  readonly visits: number;
  readonly missed: number;
  readonly cancelled: number;
  /** Kopecks of the visits, in the business's currency. */
  readonly income: number;
  /** Customers with a visit, and those of them who had none before. */
  readonly customers: number;
  readonly newcomers: number;
  /** The mean of the stars that were given; undefined without any. */
  readonly stars: number | undefined;
  /** What was done most, the first three. */
  readonly favourites: readonly { readonly service: string; readonly count: number }[];
}

/** One part of the time: its first day, and the visits that began in it. */
export interface Part {
  readonly day: string;
  readonly visits: number;
}

const figuresRow = z
  .object({
    visits: z.number().int(),
    missed: z.number().int(),
    cancelled: z.number().int(),
    income: z.coerce.number(),
    customers: z.number().int(),
    newcomers: z.number().int(),
    stars: z.coerce.number().nullable(),
    favourites: z.array(z.object({ service: z.string(), count: z.number().int() })),
  })
  .transform((row): Figures => ({ ...row, stars: row.stars ?? undefined }));
const partRow = z.object({ day: z.string(), visits: z.number().int() });

/** The figures from one instant to another. */
export async function figuresOf(source: Queryable, from: number, to: number, currency: string): Promise<Figures> {
  const { rows } = await source.query(
    `WITH chosen AS (
       SELECT b.*, status IN ('confirmed', 'done') AS counts FROM bookings b
       WHERE lower(during) >= $1 AND lower(during) < $2 AND status <> 'pending'
     )
     SELECT count(*) FILTER (WHERE counts)::integer AS visits,
       count(*) FILTER (WHERE status = 'no_show')::integer AS missed,
       count(*) FILTER (WHERE status = 'cancelled')::integer AS cancelled,
       coalesce(sum(price_kopecks) FILTER (WHERE counts AND currency = $3), 0) AS income,
       count(DISTINCT user_id) FILTER (WHERE counts)::integer AS customers,
       count(DISTINCT user_id) FILTER (WHERE counts AND NOT EXISTS (
         SELECT FROM bookings earlier WHERE earlier.user_id = chosen.user_id AND lower(earlier.during) < $1
           AND earlier.status IN ('confirmed', 'done')))::integer AS newcomers,
       (SELECT avg(stars) FROM reviews WHERE at >= $1 AND at < $2) AS stars,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('service', name, 'count', count) ORDER BY count DESC, name), '[]') FROM (
          SELECT s.name, count(*)::integer AS count FROM chosen c JOIN services s ON s.id = c.service_id WHERE c.counts
          GROUP BY s.name ORDER BY count DESC, s.name LIMIT 3) top) AS favourites
     FROM chosen`,
    [new Date(from), new Date(to), currency],
  );
  return figuresRow.parse(rows[0]);
}

/** The visits by day, week or month of the business's clock, the parts without any among them. */
export async function visitsByPart(
  source: Queryable,
  {
    from,
    to,
    part,
    zone,
  }: { readonly from: number; readonly to: number; readonly part: 'day' | 'week' | 'month'; readonly zone: string },
): Promise<Part[]> {
  const { rows } = await source.query(
    `WITH parts AS (
       SELECT generate_series(date_trunc($3, $1::timestamptz AT TIME ZONE $4),
         ($2::timestamptz AT TIME ZONE $4) - interval '1 microsecond', ('1 ' || $3)::interval) AS begins
     )
     SELECT begins::date::text AS day, count(b.id)::integer AS visits FROM parts
     LEFT JOIN bookings b ON date_trunc($3, lower(b.during) AT TIME ZONE $4) = begins
       AND lower(b.during) >= $1 AND lower(b.during) < $2 AND b.status IN ('confirmed', 'done')
     GROUP BY begins ORDER BY begins`,
    [new Date(from), new Date(to), part, zone],
  );
  return rows.map((row) => partRow.parse(row));
}
