/** Docker's answers, read once: what of them matters here, and how it looks to the rest of the product. Pure. */
import * as z from 'zod';
import type { ContainerInfo, ContainerState, EngineEvent } from '../engine.ts';

const LABELS = z.record(z.string(), z.string()).nullish();

/** One row of the list of containers. */
export const LIST_ROWS = z.array(z.object({ Id: z.string(), Names: z.array(z.string()), Labels: LABELS }));

/** What `inspect` tells of a container. */
export const INSPECTED = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number(),
  Config: z.object({ Image: z.string(), Labels: LABELS }),
  HostConfig: z.object({
    Init: z.boolean().nullish(),
    RestartPolicy: z.object({ Name: z.string() }).nullish(),
  }),
  State: z.object({
    Status: z.string(),
    Pid: z.number(),
    ExitCode: z.number(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
});

/** What `inspect` tells of a container. */
export type Inspected = z.infer<typeof INSPECTED>;

/** Docker's states. A paused program has not ended, and one that is being removed will not come back. */
const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'running',
  restarting: 'restarting',
  exited: 'exited',
  dead: 'exited',
  removing: 'exited',
};

/** Docker's instants count nanoseconds, and "never" is the year 1. */
export function instant(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) || at <= 0 ? undefined : at;
}

/** A container as the engine's interface describes it. */
export function containerInfo({ Id, Name, RestartCount, Config, State }: Inspected): ContainerInfo {
  const state = STATES[State.Status] ?? 'exited';
  const startedAt = instant(State.StartedAt);
  const finishedAt = instant(State.FinishedAt);
  const ended = finishedAt !== undefined && (state === 'exited' || state === 'restarting');
  return {
    name: Name.replace(/^\//, ''),
    id: Id,
    image: Config.Image,
    labels: Config.Labels ?? {},
    state,
    restarts: RestartCount,
    ...(State.Pid > 0 ? { pid: State.Pid } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(ended ? { exitCode: State.ExitCode } : {}),
  };
}

/** One frame of the stream of events. */
export const EVENT_FRAME = z.object({
  Action: z.string(),
  timeNano: z.number(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
});

/** One frame of the stream of events. */
export type EventFrame = z.infer<typeof EVENT_FRAME>;

/** Docker's words for what an engine tells. Nothing else is asked for. */
export const EVENT_TYPES = {
  create: 'create',
  start: 'start',
  die: 'die',
  stop: 'stop',
  destroy: 'remove',
} as const satisfies Readonly<Record<string, EngineEvent['type']>>;

function isEventAction(action: string): action is keyof typeof EVENT_TYPES {
  return Object.hasOwn(EVENT_TYPES, action);
}

/** Docker mixes labels with facts of its own in one table. */
const FACTS = new Set(['name', 'image', 'exitCode', 'execDuration', 'signal', 'execID']);

/** The event that a frame tells, or undefined when it is none of ours. */
export function engineEvent({ Action, timeNano, Actor }: EventFrame): EngineEvent | undefined {
  const name = Actor.Attributes['name'];
  if (!isEventAction(Action) || name === undefined) return undefined;
  const type = EVENT_TYPES[Action];
  const labels = Object.fromEntries(Object.entries(Actor.Attributes).filter(([key]) => !FACTS.has(key)));
  const exitCode = type === 'die' ? Number(Actor.Attributes['exitCode'] ?? 0) : undefined;
  return { at: Math.floor(timeNano / 1e6), type, name, labels, ...(exitCode === undefined ? {} : { exitCode }) };
}

/** One sample of `stats`. An ended container answers with empty tables. */
export const STATS_SAMPLE = z.object({
  read: z.string(),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }).optional() }),
  memory_stats: z.object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).optional() }),
});

/** The counters of one sample. */
export interface StatsReading {
  readonly at: number;
  /** Nanoseconds of work since the start. */
  readonly cpuNanos: number;
  /** Without the files that the kernel only keeps in reserve, as Docker's own client counts it. */
  readonly memoryBytes: number;
}

/** Undefined when the container has ended. */
export function statsReading({
  read,
  cpu_stats,
  memory_stats,
}: z.infer<typeof STATS_SAMPLE>): StatsReading | undefined {
  const at = instant(read);
  const { usage, stats = {} } = memory_stats;
  if (at === undefined || usage === undefined) return undefined;
  // Control groups of version 1 and of version 2 name it differently.
  const reserve = stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0;
  return { at, cpuNanos: cpu_stats.cpu_usage?.total_usage ?? 0, memoryBytes: Math.max(0, usage - reserve) };
}
