/** What the API says of schedules and their runs, and what may be done to them. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { OVERLAP_POLICIES, scheduleNameSchema, scheduleRequestSchema, timeZoneSchema } from '../schemas/schedule.ts';
import { RUN_STATES } from '../state/run-state.ts';
import { procedure } from './failure.ts';

/** One run. `code` and `facts`: why it did not succeed, as in the error table. */
const runViewSchema = z.object({
  id: z.string(),
  schedule: z.string(),
  dueAt: z.date(),
  cause: z.enum(['schedule', 'catch-up', 'manual']),
  state: z.enum(RUN_STATES),
  attempt: z.number().int(),
  /** How many due instants a missed run stands for. */
  missed: z.number().int(),
  requestedBy: z.string().nullable(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  code: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The newest lines of what the job said. */
  output: z.string(),
});

/** See `runViewSchema`. */
export type RunView = z.infer<typeof runViewSchema>;

/** One schedule with its next and its last run. */
const scheduleViewSchema = z.object({
  name: z.string(),
  job: z.string(),
  payload: z.record(z.string(), z.unknown()),
  expression: z.string(),
  zone: z.string(),
  overlap: z.enum(OVERLAP_POLICIES),
  startDeadlineSeconds: z.number(),
  catchUp: z.boolean(),
  timeoutSeconds: z.number(),
  retries: z.number().int(),
  backOffSeconds: z.number(),
  builtIn: z.boolean(),
  paused: z.object({ at: z.date(), by: z.string(), reason: z.string() }).nullable(),
  /** The next instants; none while it is paused. */
  next: z.array(z.date()),
  /** The run that goes on, else the newest one. */
  last: runViewSchema.nullable(),
});

/** See `scheduleViewSchema`. */
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

const named = z.object({ name: scheduleNameSchema });
const done = z.object({ name: z.string() });

/** Schedules: what is to be done when. */
export const schedulesContract = {
  /** Every schedule, by name. */
  list: procedure.read.output(z.array(scheduleViewSchema)),
  /** The same, now and after every change. */
  watch: procedure.read.output(eventIterator(z.array(scheduleViewSchema))),
  /** The names of the jobs that a schedule may run. */
  jobs: procedure.read.output(z.array(z.string())),
  /** The next instants of a rule, without making a schedule. */
  preview: procedure.read
    .input(
      z.object({
        expression: z.string().trim().min(1).max(200),
        zone: timeZoneSchema,
        count: z.number().int().min(1).max(50).default(5),
      }),
    )
    .output(z.array(z.date())),
  add: procedure.operate.input(scheduleRequestSchema).output(done),
  /** Gives a schedule other rules; its job stays. */
  update: procedure.operate.input(scheduleRequestSchema).output(done),
  /** Removes a schedule with its history. Built-in ones can be paused only. */
  remove: procedure.operate.input(named).output(done),
  /** Runs it now; answers when the run is written down. */
  run: procedure.operate.input(named).output(z.object({ name: z.string(), run: z.string() })),
  pause: procedure.operate.input(named.extend({ reason: z.string().trim().min(1).max(500) })).output(done),
  resume: procedure.operate.input(named).output(done),
  /** The newest runs first. */
  history: procedure.read
    .input(z.object({ name: scheduleNameSchema.optional(), limit: z.number().int().min(1).max(500).default(50) }))
    .output(z.array(runViewSchema)),
};
