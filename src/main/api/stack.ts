/** The group `stack`: everything that this installation runs, and its end. */
import type { Service, Services } from '#shared/api/stack.ts';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface StackApiServices {
  readonly engine: Engine;
  /** Brings back what is missing; tells which containers were started. */
  readonly repair: () => Promise<readonly string[]>;
  /** What Compose runs the stack by; undefined where it does not. */
  readonly configuration: (() => Promise<string>) | undefined;
  /** Asks the host to stop; returns at once. */
  readonly stopHost: () => void;
  readonly pid: number;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Starts and ends that come close together are told as one. */
const PACE_MS = 500;
/** The engine tells every change; it is asked without one this seldom, whatever the number of bots. */
const SAFETY_MS = 60_000;

const SERVICE_LABEL = 'com.docker.compose.service';

/** The procedures of the group. */
export function stackApi(root: ApiRoot, services: StackApiServices) {
  const { engine, repair, stopHost, pid } = services;
  return root.stack.router({
    services: root.stack.services.handler(() => readServices(engine)),
    watch: root.stack.watch.handler(({ signal = new AbortController().signal }) =>
      watchChanges({
        listen: (changed) => listenToEngine(engine, changed),
        read: () => readServices(engine),
        paceMs: PACE_MS,
        safetyMs: SAFETY_MS,
        sleep: services.sleep,
        signal,
      }),
    ),
    restart: root.stack.restart.handler(async ({ input: { name } }) => {
      await engine.restart(name);
      return { name };
    }),
    configuration: root.stack.configuration.handler(async () => ({
      yaml: (await services.configuration?.()) ?? null,
    })),
    repair: root.stack.repair.handler(async () => ({ started: [...(await repair())] })),
    stop: root.stack.stop.handler(() => {
      stopHost();
      return { stopping: true as const, pid };
    }),
  });
}

async function readServices(engine: Engine): Promise<Services> {
  const containers = await engine.list();
  return { engine: engine.kind, services: containers.map(serviceOf).sort(byName) };
}

/** Calls back at every event of the engine until the function that comes back is called. */
function listenToEngine(engine: Engine, changed: () => void): () => void {
  const ending = new AbortController();
  const hear = async (): Promise<void> => {
    for await (const _event of engine.events(ending.signal)) changed();
  };
  // An engine that is away is asked by the safety net; what it then fails with reaches the reader.
  hear().catch(changed);
  return () => ending.abort();
}

function serviceOf(container: ContainerInfo): Service {
  return {
    name: container.name,
    service: container.labels[SERVICE_LABEL] ?? null,
    image: container.image,
    state: container.state,
    startedAt: container.startedAt === undefined ? null : new Date(container.startedAt),
    exitCode: container.exitCode ?? null,
    restarts: container.restarts,
  };
}

function byName(a: Service, b: Service): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
