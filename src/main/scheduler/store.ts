/** Schedules and their runs in PostgreSQL. Each change that must happen once is decided by a row there. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { OVERLAP_POLICIES, type ScheduleRequest } from '#shared/schemas/schedule.ts';
import { RUN_STATES } from '#shared/state/run-state.ts';
import type { OpenRun, Plan } from './plan.ts';

const number = z.coerce.number();

const scheduleRow = z
  .object({
    name: z.string(),
    job: z.string(),
    payload: z.record(z.string(), z.unknown()),
    expression: z.string(),
    zone: z.string(),
    overlap: z.enum(OVERLAP_POLICIES),
    start_deadline_ms: number,
    catch_up: z.boolean(),
    timeout_ms: number,
    retries: number,
    back_off_ms: number,
    built_in: z.boolean(),
    paused_at: z.date().nullable(),
    paused_by: z.string().nullable(),
    pause_reason: z.string().nullable(),
    decided_to: z.date(),
  })
  .transform((row) => ({
    name: row.name,
    job: row.job,
    payload: row.payload,
    rule: { expression: row.expression, zone: row.zone },
    overlap: row.overlap,
    startDeadlineMs: row.start_deadline_ms,
    catchUp: row.catch_up,
    timeoutMs: row.timeout_ms,
    retries: row.retries,
    backOffMs: row.back_off_ms,
    builtIn: row.built_in,
    paused:
      row.paused_at === null ? null : { at: row.paused_at, by: row.paused_by ?? '', reason: row.pause_reason ?? '' },
    decidedTo: row.decided_to.getTime(),
  }));

/** A schedule as it is stored. Times in milliseconds. */
export type Schedule = z.output<typeof scheduleRow>;

const runRow = z
  .object({
    id: z.string(),
    schedule: z.string(),
    due_at: z.date(),
    cause: z.enum(['schedule', 'catch-up', 'manual']),
    state: z.enum(RUN_STATES),
    attempt: number,
    missed: number,
    requested_by: z.string().nullable(),
    started_at: z.date().nullable(),
    ended_at: z.date().nullable(),
    code: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    output: z.string(),
  })
  .transform((row) => ({
    id: row.id,
    schedule: row.schedule,
    dueAt: row.due_at,
    cause: row.cause,
    state: row.state,
    attempt: row.attempt,
    missed: row.missed,
    requestedBy: row.requested_by,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    code: row.code,
    facts: row.facts,
    output: row.output,
  }));

/** One run as it is stored. */
export type Run = z.output<typeof runRow>;

const RUN = `id, schedule, due_at, cause, state, attempt, missed, requested_by, started_at, ended_at, code, facts, output`;

/** Every schedule, by name. */
export async function listSchedules(db: Queryable): Promise<Schedule[]> {
  const { rows } = await db.query('SELECT * FROM control.schedules ORDER BY name');
  return rows.map((row) => scheduleRow.parse(row));
}

/** One schedule. Fails with `schedule_unknown`. */
export async function getSchedule(db: Queryable, name: string, lock = false): Promise<Schedule> {
  const { rows } = await db.query(`SELECT * FROM control.schedules WHERE name = $1 ${lock ? 'FOR UPDATE' : ''}`, [
    name,
  ]);
  if (rows[0] === undefined) throw new BotpoolError('schedule_unknown', { name });
  return scheduleRow.parse(rows[0]);
}

/** Writes a schedule down; `false` when one of this name is there already, which stays as it is. */
export async function insertSchedule(
  db: Queryable,
  request: ScheduleRequest,
  now: number,
  builtIn: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO control.schedules (name, job, payload, expression, zone, overlap, start_deadline_ms, catch_up, timeout_ms,
       retries, back_off_ms, built_in, decided_to)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (name) DO NOTHING`,
    [request.name, request.job, JSON.stringify(request.payload), ...rulesOf(request), builtIn, new Date(now)],
  );
  return rowCount > 0;
}

/** Gives a schedule other rules from now on. */
export async function updateSchedule(db: Queryable, request: ScheduleRequest, now: number): Promise<void> {
  await db.query(
    `UPDATE control.schedules SET payload = $2, expression = $3, zone = $4, overlap = $5, start_deadline_ms = $6,
       catch_up = $7, timeout_ms = $8, retries = $9, back_off_ms = $10, decided_to = $11 WHERE name = $1`,
    [request.name, JSON.stringify(request.payload), ...rulesOf(request), new Date(now)],
  );
}

function rulesOf(request: ScheduleRequest): readonly unknown[] {
  return [
    request.expression,
    request.zone,
    request.overlap,
    request.startDeadlineSeconds * 1_000,
    request.catchUp,
    request.timeoutSeconds * 1_000,
    request.retries,
    request.backOffSeconds * 1_000,
  ];
}

/** Removes a schedule with its history. */
export async function removeSchedule(db: Queryable, name: string): Promise<void> {
  await db.query('DELETE FROM control.schedules WHERE name = $1', [name]);
}

/** Stops a schedule from being due; what runs goes on. */
export async function pauseSchedule(db: Queryable, name: string, actor: string, reason: string): Promise<void> {
  await db.query(
    `UPDATE control.schedules SET paused_at = coalesce(paused_at, clock_timestamp()), paused_by = $2, pause_reason = $3
     WHERE name = $1`,
    [name, actor, reason],
  );
}

/** Goes on from now: what would have been due meanwhile was not missed, it was not wanted. */
export async function resumeSchedule(db: Queryable, name: string, now: number): Promise<void> {
  await db.query(
    `UPDATE control.schedules SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, decided_to = $2
     WHERE name = $1 AND paused_at IS NOT NULL`,
    [name, new Date(now)],
  );
}

/** The runs of a schedule that have not ended, oldest first. */
export async function openRuns(db: Queryable, schedule: string): Promise<OpenRun[]> {
  const { rows } = await db.query<{ id: string; state: OpenRun['state'] }>(
    "SELECT id, state FROM control.runs WHERE schedule = $1 AND state IN ('queued', 'running') ORDER BY due_at",
    [schedule],
  );
  return rows;
}

/** Carries a plan out, in the caller's transaction that holds the schedule's row. */
export async function applyPlan(tx: Queryable, schedule: string, plan: Plan, newId: () => string): Promise<void> {
  if (plan.replace.length > 0) {
    await tx.query(
      `UPDATE control.runs SET state = 'replaced', ended_at = clock_timestamp(), code = 'run_replaced', lease_until = NULL
       WHERE id = ANY($1) AND state IN ('queued', 'running')`,
      [plan.replace],
    );
  }
  for (const run of plan.runs) {
    const ended = run.state === 'queued' ? null : new Date(run.dueAt);
    const code = run.state === 'missed' ? 'run_missed' : run.state === 'skipped' ? 'run_overlapped' : null;
    await tx.query(
      `INSERT INTO control.runs (id, schedule, due_at, cause, state, not_before, missed, ended_at, code)
       VALUES ($1, $2, $3, $4, $5, $3, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [newId(), schedule, new Date(run.dueAt), run.cause, run.state, run.missed, ended, code],
    );
  }
  await tx.query('UPDATE control.schedules SET decided_to = $2 WHERE name = $1', [schedule, new Date(plan.decidedTo)]);
}

/** A run asked for by somebody. Fails with `run_exists` while one is open. */
export async function insertManual(
  tx: Queryable,
  schedule: string,
  run: { readonly id: string; readonly at: number; readonly actor: string },
): Promise<void> {
  if ((await openRuns(tx, schedule)).length > 0) throw new BotpoolError('run_exists', { name: schedule });
  await tx.query(
    `INSERT INTO control.runs (id, schedule, due_at, cause, state, not_before, requested_by)
     VALUES ($1, $2, $3, 'manual', 'queued', $3, $4)`,
    [run.id, schedule, new Date(run.at), run.actor],
  );
}

/** A run that this runner has taken, with what it needs. */
export interface TakenRun {
  readonly run: Run;
  readonly schedule: Schedule;
}

/** Takes the run that has waited longest, if one may begin now. Nobody else gets it. */
export async function takeRun(
  database: Database,
  runner: string,
  now: number,
  leaseMs: number,
): Promise<TakenRun | undefined> {
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query(
      `UPDATE control.runs SET state = 'running', runner = $1, attempt = attempt + 1,
         started_at = coalesce(started_at, clock_timestamp()),
         lease_until = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE id = (
         SELECT q.id FROM control.runs q WHERE q.state = 'queued' AND q.not_before <= $2 AND NOT EXISTS (
           SELECT FROM control.runs o WHERE o.schedule = q.schedule AND o.state = 'running')
         ORDER BY q.not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${RUN}`,
      [runner, new Date(now), leaseMs],
    );
    if (rows[0] === undefined) return undefined;
    const run = runRow.parse(rows[0]);
    return { run, schedule: await getSchedule(tx, run.schedule) };
  });
}

/** Says that a run goes on; `false` when it is not this runner's any more. */
export async function keepRun(
  db: Queryable,
  id: string,
  runner: string,
  leaseMs: number,
  output: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE control.runs SET lease_until = clock_timestamp() + $3 * interval '1 millisecond', output = $4
     WHERE id = $1 AND runner = $2 AND state = 'running'`,
    [id, runner, leaseMs, output],
  );
  return rowCount > 0;
}

/** How a try ended. */
export type TryOutcome =
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly code: string; readonly facts: Readonly<Record<string, string | number>> }
  | {
      readonly state: 'queued';
      readonly code: string;
      readonly facts: Readonly<Record<string, string | number>>;
      readonly notBefore: number;
    };

/** Writes the end of a try down; `false` when the run is not this runner's any more. */
export async function endTry(
  db: Queryable,
  id: string,
  runner: string,
  outcome: TryOutcome,
  output: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE control.runs SET state = $3, ended_at = CASE WHEN $3 = 'queued' THEN NULL ELSE clock_timestamp() END,
       code = $4, facts = $5, not_before = coalesce($6, not_before), output = $7, lease_until = NULL, runner = NULL
     WHERE id = $1 AND runner = $2 AND state = 'running'`,
    [
      id,
      runner,
      outcome.state,
      outcome.state === 'succeeded' ? null : outcome.code,
      JSON.stringify(outcome.state === 'succeeded' ? {} : outcome.facts),
      outcome.state === 'queued' ? new Date(outcome.notBefore) : null,
      output,
    ],
  );
  return rowCount > 0;
}

/** Runs whose runner has said nothing for the length of its lease: it has died. Each is told once. */
export async function takeLostRuns(database: Database): Promise<TakenRun[]> {
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query(
      `SELECT ${RUN} FROM control.runs WHERE state = 'running' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED`,
    );
    const lost = await Promise.all(
      rows.map(async (row) => {
        const run = runRow.parse(row);
        return { run, schedule: await getSchedule(tx, run.schedule) };
      }),
    );
    for (const { run, schedule } of lost) {
      const again = run.attempt <= schedule.retries;
      await tx.query(
        `UPDATE control.runs SET state = $2, ended_at = CASE WHEN $2 = 'queued' THEN NULL ELSE clock_timestamp() END,
           code = 'run_lost', lease_until = NULL, runner = NULL WHERE id = $1`,
        [run.id, again ? 'queued' : 'failed'],
      );
    }
    return lost;
  });
}

/** The newest runs of a schedule, or of all. */
export async function listRuns(
  db: Queryable,
  query: { readonly schedule?: string | undefined; readonly limit: number },
): Promise<Run[]> {
  const { rows } = await db.query(
    `SELECT ${RUN} FROM control.runs WHERE ($1::text IS NULL OR schedule = $1)
     ORDER BY coalesce(started_at, ended_at, due_at) DESC, id DESC LIMIT $2`,
    [query.schedule ?? null, query.limit],
  );
  return rows.map((row) => runRow.parse(row));
}

/** The newest run of each schedule. */
export async function latestRuns(db: Queryable): Promise<ReadonlyMap<string, Run>> {
  const { rows } = await db.query(
    `SELECT DISTINCT ON (schedule) ${RUN} FROM control.runs
     ORDER BY schedule, state IN ('queued', 'running') DESC, coalesce(started_at, ended_at, due_at) DESC, id DESC`,
  );
  return new Map(rows.map((row) => runRow.parse(row)).map((run) => [run.schedule, run]));
}

/** Forgets runs beyond the newest `keep` of each schedule. */
export async function forgetOldRuns(db: Queryable, keep: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM control.runs WHERE id IN (
       SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY schedule ORDER BY due_at DESC) AS place, state
         FROM control.runs) AS numbered
       WHERE place > $1 AND state NOT IN ('queued', 'running'))`,
    [keep],
  );
  return rowCount;
}

/** When the next queued run may begin, if one waits. */
export async function nextQueued(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    "SELECT min(not_before) AS at FROM control.runs WHERE state = 'queued'",
  );
  return rows[0]?.at?.getTime();
}

/** Says that the scheduler is alive. */
export async function beat(db: Queryable, runner: string): Promise<void> {
  await db.query(
    `INSERT INTO control.scheduler_beat (at, runner) VALUES (clock_timestamp(), $1)
     ON CONFLICT (only_one) DO UPDATE SET at = clock_timestamp(), runner = $1`,
    [runner],
  );
}
