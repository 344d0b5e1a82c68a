/** The group `schedules`: what is to be done when, and what became of it. */
import type { ScheduleView } from '#shared/api/schedules.ts';
import type { Scheduler, ScheduleState } from '../scheduler/index.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface SchedulesApiServices {
  readonly scheduler: Scheduler;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const PACE_MS = 250;
const SAFETY_MS = 10_000;

/** The procedures of the group. */
export function schedulesApi(root: ApiRoot, { scheduler, sleep }: SchedulesApiServices) {
  const read = async (): Promise<ScheduleView[]> => (await scheduler.list()).map(scheduleViewOf);
  return root.schedules.router({
    list: root.schedules.list.handler(read),
    watch: root.schedules.watch.handler(({ signal }) =>
      watchChanges({
        listen: (changed) => scheduler.onChange(changed),
        read,
        paceMs: PACE_MS,
        safetyMs: SAFETY_MS,
        sleep,
        signal: signal ?? new AbortController().signal,
      }),
    ),
    jobs: root.schedules.jobs.handler(() => [...scheduler.jobs()]),
    preview: root.schedules.preview.handler(({ input }) =>
      scheduler.preview(input, input.count).map((at) => new Date(at)),
    ),
    add: root.schedules.add.handler(async ({ input, context }) => {
      await scheduler.add(input, context.actor);
      return { name: input.name };
    }),
    update: root.schedules.update.handler(async ({ input, context }) => {
      await scheduler.update(input, context.actor);
      return { name: input.name };
    }),
    remove: root.schedules.remove.handler(async ({ input, context }) => {
      await scheduler.remove(input.name, context.actor);
      return { name: input.name };
    }),
    run: root.schedules.run.handler(async ({ input, context }) => {
      return { name: input.name, run: await scheduler.run(input.name, context.actor) };
    }),
    pause: root.schedules.pause.handler(async ({ input, context }) => {
      await scheduler.pause(input.name, input.reason, context.actor);
      return { name: input.name };
    }),
    resume: root.schedules.resume.handler(async ({ input, context }) => {
      await scheduler.resume(input.name, context.actor);
      return { name: input.name };
    }),
    history: root.schedules.history.handler(({ input }) =>
      scheduler.history({ schedule: input.name, limit: input.limit }),
    ),
  });
}

function scheduleViewOf({ schedule, next, last }: ScheduleState): ScheduleView {
  const { name, job, payload, overlap, catchUp, retries, builtIn, paused } = schedule;
  return {
    ...{ name, job, payload, overlap, catchUp, retries, builtIn, paused },
    ...schedule.rule,
    startDeadlineSeconds: schedule.startDeadlineMs / 1_000,
    timeoutSeconds: schedule.timeoutMs / 1_000,
    backOffSeconds: schedule.backOffMs / 1_000,
    next: next.map((at) => new Date(at)),
    last: last ?? null,
  };
}
