/** The jobs that schedules may name. Their owners hand them in; the scheduler knows none by itself. */
import type * as z from 'zod';

/** What a job is told while it runs. */
export interface JobContext {
  readonly runId: string;
  readonly dueAt: Date;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts when the time is over, when a newer run takes its place, and when the control plane stops. */
  readonly signal: AbortSignal;
  /** Adds a line to the run's output, of which the newest are kept. */
  readonly log: (line: string) => void;
}

/** One job. It may be run twice for one due instant when its control plane dies: it must be safe to repeat. */
export interface Job<P extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
  run(payload: P, context: JobContext): Promise<void>;
}

/** A job whose payload is parsed by its own schema before it runs. */
export interface ParsedJob {
  readonly name: string;
  /** Fails as the schema does. */
  readonly check: (payload: unknown) => void;
  readonly run: (payload: unknown, context: JobContext) => Promise<void>;
}

/** Makes a job for the scheduler's table. */
export function defineJob<P extends Readonly<Record<string, unknown>>>(job: Job<P>): ParsedJob {
  return {
    name: job.name,
    check: (payload) => void job.payload.parse(payload),
    run: (payload, context) => job.run(job.payload.parse(payload), context),
  };
}
