/** Which bots the pool is wanted to have: the rows that containers are made from, and the way out of each of them. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';

/** One bot that the pool is wanted to have (`wanted`), or that nobody can claim any more (`retiring`). */
export interface RosterBot {
  readonly poolId: number;
  readonly container: string;
  readonly state: 'wanted' | 'retiring';
  /** Tells this stay of the container from a later one of the same name. */
  readonly stay: string;
  /** When it came into its state, by PostgreSQL's clock. */
  readonly changedAt: Date;
}

/** A bot that was set aside by one call, to be removed. */
export type RetiredBot = Pick<RosterBot, 'container' | 'stay'>;

/**
 * Whose word it is. A number: the epoch of a leader, refused with {@link isFormerLeader} when another one leads by now.
 * `undefined`: an operator's own word.
 */
export type Epoch = number | undefined;

const rowSchema = z
  .object({
    pool_id: z.number(),
    container: z.string(),
    state: z.enum(['wanted', 'retiring']),
    stay: z.string(),
    changed_at: z.date(),
  })
  .transform(({ pool_id, changed_at, ...row }): RosterBot => ({ poolId: pool_id, changedAt: changed_at, ...row }));

/** Every bot of the roster, by pool id. */
export async function listRoster(db: Queryable): Promise<readonly RosterBot[]> {
  const { rows } = await db.query(
    'SELECT pool_id, container, state, stay, changed_at FROM control.roster ORDER BY pool_id',
  );
  return rows.map((row) => rowSchema.parse(row));
}

/** Wants so many more bots, but never more than `max` in all; returns the pool ids that were added. */
export async function wantBots(
  db: Queryable,
  prefix: string,
  wish: { readonly count: number; readonly max: number; readonly epoch: Epoch },
): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>('SELECT control.want_bots($1, $2, $3, $4) AS id', [
    prefix,
    wish.count,
    wish.max,
    wish.epoch ?? null,
  ]);
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Enters containers that exist already. Known ones are left as they are. */
export async function adoptBots(
  db: Queryable,
  bots: readonly { readonly poolId: number; readonly container: string }[],
): Promise<void> {
  await db.query(
    `INSERT INTO control.roster (pool_id, container) SELECT * FROM unnest($1::integer[], $2::text[])
     ON CONFLICT DO NOTHING`,
    [bots.map(({ poolId }) => poolId), bots.map(({ container }) => container)],
  );
}

/**
 * Sets at most `most` of these containers aside, in this order, while more than `keep` bots are wanted. Decided in one
 * transaction with the claims: a claimed bot is never among them, and none of them can be claimed afterwards.
 */
export async function retireBots(
  db: Queryable,
  containers: readonly string[],
  wish: { readonly most: number; readonly keep: number; readonly epoch: Epoch },
): Promise<readonly RetiredBot[]> {
  const { rows } = await db.query<{ container: string; stay: string }>(
    'SELECT container, stay FROM control.retire_bots($1, $2, $3, $4)',
    [containers, wish.most, wish.keep, wish.epoch ?? null],
  );
  return rows;
}

/** A bot that was set aside is gone: its number is free again. Nothing happens when it was forgotten before. */
export async function forgetBot(db: Queryable, bot: RetiredBot): Promise<void> {
  await db.query(`DELETE FROM control.roster WHERE container = $1 AND stay = $2 AND state = 'retiring'`, [
    bot.container,
    bot.stay,
  ]);
}

/** True when a step was refused because another control plane leads by now. */
export function isFormerLeader(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'BP003';
}

/** How big the pool is when nobody needs more of it. */
export interface RestingSize {
  readonly bots: number;
  /** What `POOL_BOTS` was when it was last taken over. */
  readonly fromEnvironment: number;
}

const sizeSchema = z.object({ bots: z.number(), fromEnvironment: z.number() });
const SIZE_KEY = 'pool.size';

/** The stored size; `undefined` before the very first start. */
export async function readRestingSize(db: Queryable): Promise<RestingSize | undefined> {
  const { rows } = await db.query<{ value: unknown }>(
    'SELECT value FROM control.settings WHERE key = $1 ORDER BY version DESC LIMIT 1',
    [SIZE_KEY],
  );
  return rows[0] === undefined ? undefined : sizeSchema.parse(rows[0].value);
}

/** Stores a new size; every earlier one stays readable. */
export async function writeRestingSize(db: Queryable, size: RestingSize, actor: string): Promise<void> {
  await db.query(
    `INSERT INTO control.settings (key, version, value, actor)
     SELECT $1, coalesce(max(version), 0) + 1, $2::jsonb, $3 FROM control.settings WHERE key = $1`,
    [SIZE_KEY, JSON.stringify(size), actor],
  );
}
