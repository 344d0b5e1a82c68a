/** The group `stack`: everything that this installation runs, and its end. */
import type { Service } from '#shared/api/stack.ts';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface StackApiServices {
  readonly engine: Engine;
  /** Asks the host to stop; returns at once. */
  readonly stopHost: () => void;
  readonly pid: number;
}

const SERVICE_LABEL = 'com.docker.compose.service';

/** The procedures of the group. */
export function stackApi(root: ApiRoot, services: StackApiServices) {
  const { engine, stopHost, pid } = services;
  return root.stack.router({
    services: root.stack.services.handler(async () => {
      const containers = await engine.list();
      return { engine: engine.kind, services: containers.map(serviceOf).sort(byName) };
    }),
    stop: root.stack.stop.handler(() => {
      stopHost();
      return { stopping: true as const, pid };
    }),
  });
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
