/** The autoscaler's memory in PostgreSQL: its policy, and every decision with what it was made from. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import {
  type ScalingPolicy,
  scalingDecisionSchema,
  scalingHistorySchema,
  scalingPolicySchema,
  scalingSnapshotSchema,
} from '#shared/schemas/scaling.ts';

const POLICY_KEY = 'pool.policy';
/** How long decisions are kept. */
const KEPT_DAYS = 30;

const resultSchema = z.object({
  started: z.array(z.string()),
  removed: z.array(z.string()),
  /** Why bots could not be started: one sentence each. */
  failed: z.array(z.string()),
});

/** What came of a decision. */
export type ScalingResult = z.infer<typeof resultSchema>;

const rowSchema = z
  .object({
    id: z.string(),
    at: z.date(),
    last_at: z.date(),
    times: z.number(),
    snapshot: scalingSnapshotSchema,
    policy: scalingPolicySchema,
    history: scalingHistorySchema,
    decision: scalingDecisionSchema,
    result: resultSchema.nullable(),
  })
  .transform(({ last_at, ...row }) => ({ ...row, lastAt: last_at }));

/** One decision as it is stored. `times`: how often in a row the same was seen and decided, until `lastAt`. */
export type StoredDecision = z.output<typeof rowSchema>;

/** What is stored of a decision before it is carried out. */
export type DecisionRecord = Pick<StoredDecision, 'snapshot' | 'policy' | 'history' | 'decision'>;

/** The operator's policy; `undefined` when only the variables say anything. */
export async function readPolicy(db: Queryable): Promise<ScalingPolicy | undefined> {
  const { rows } = await db.query<{ value: unknown }>(
    'SELECT value FROM control.settings WHERE key = $1 ORDER BY version DESC LIMIT 1',
    [POLICY_KEY],
  );
  // `null` says that the variables count again.
  return rows[0] === undefined || rows[0].value === null ? undefined : scalingPolicySchema.parse(rows[0].value);
}

/** Stores a new policy; `undefined`: the variables count again. */
export async function writePolicy(db: Queryable, policy: ScalingPolicy | undefined, actor: string): Promise<void> {
  await db.query(
    `INSERT INTO control.settings (key, version, value, actor)
     SELECT $1, coalesce(max(version), 0) + 1, $2::jsonb, $3 FROM control.settings WHERE key = $1`,
    [POLICY_KEY, JSON.stringify(policy ?? null), actor],
  );
}

/** Stores a decision; one that repeats the newest only counts it once more. Returns its id. */
export async function storeDecision(tx: Queryable, epoch: number, record: DecisionRecord): Promise<string> {
  const values = [record.snapshot, record.policy, record.decision].map((one) => JSON.stringify(one));
  if (record.decision.action === 'hold') {
    const { rows } = await tx.query<{ id: string }>(
      `UPDATE control.scaling_decisions SET times = times + 1, last_at = clock_timestamp()
       WHERE id = (SELECT max(id) FROM control.scaling_decisions)
         AND snapshot = $1::jsonb AND policy = $2::jsonb AND decision = $3::jsonb RETURNING id`,
      values,
    );
    if (rows[0] !== undefined) return rows[0].id;
  }
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO control.scaling_decisions (epoch, snapshot, policy, decision, history)
     VALUES ($4, $1::jsonb, $2::jsonb, $3::jsonb, $5::jsonb) RETURNING id`,
    [...values, epoch, JSON.stringify(record.history)],
  );
  return rows[0]?.id ?? '';
}

/** Writes down what came of a decision. */
export async function storeResult(db: Queryable, id: string, result: ScalingResult): Promise<void> {
  await db.query('UPDATE control.scaling_decisions SET result = $2::jsonb WHERE id = $1', [id, JSON.stringify(result)]);
}

/** The newest decisions, newest first. `onlyActs`: without those that changed nothing. */
export async function listDecisions(
  db: Queryable,
  options: { readonly limit: number; readonly onlyActs?: boolean },
): Promise<readonly StoredDecision[]> {
  const { rows } = await db.query(
    `SELECT id, at, last_at, times, snapshot, policy, history, decision, result FROM control.scaling_decisions
     WHERE NOT $2 OR decision ->> 'action' <> 'hold' ORDER BY id DESC LIMIT $1`,
    [options.limit, options.onlyActs ?? false],
  );
  return rows.map((row) => rowSchema.parse(row));
}

/** Forgets decisions that are older than a month. */
export async function forgetOldDecisions(db: Queryable): Promise<void> {
  await db.query(`DELETE FROM control.scaling_decisions WHERE last_at < now() - $1 * interval '1 day'`, [KEPT_DAYS]);
}

/** When bots were claimed and given back since an instant (ms since the epoch), in order. */
export async function readDemand(
  db: Queryable,
  since: number,
): Promise<readonly { readonly at: number; readonly type: 'claim' | 'end' }[]> {
  const { rows } = await db.query<{ claimed_at: Date; ended_at: Date | null }>(
    'SELECT claimed_at, ended_at FROM control.activations WHERE claimed_at >= $1 ORDER BY claimed_at',
    [new Date(since)],
  );
  const events = rows.flatMap(({ claimed_at, ended_at }) => [
    { at: claimed_at.getTime(), type: 'claim' as const },
    ...(ended_at === null ? [] : [{ at: ended_at.getTime(), type: 'end' as const }]),
  ]);
  return events.sort((a, b) => a.at - b.at);
}
