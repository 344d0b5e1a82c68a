/** Merges the groups into the one router of a control plane; nothing else. */
import type { ControlPlane } from '../control-plane.ts';
import { activationsApi } from './activations.ts';
import { logsApi } from './logs.ts';
import { poolApi } from './pool.ts';
import { createApiRoot } from './root.ts';
import { sandboxApi } from './sandbox.ts';
import { schedulesApi } from './schedules.ts';
import { stackApi } from './stack.ts';
import { tenantsApi } from './tenants.ts';

/** What the groups need of a control plane. */
export type ApiServices = Pick<
  ControlPlane,
  'pool' | 'engine' | 'database' | 'redis' | 'logger' | 'sandboxUrl' | 'scheduler'
>;

/** What the host of the API adds. */
export interface ApiHost {
  /** A new random id for an unforeseen failure. */
  readonly newId: () => string;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asks the host to stop once the answer is out; returns at once. */
  readonly stopHost: () => void;
  readonly pid: number;
}

/** Every procedure of the contract, implemented against one control plane. */
export function createRouter(services: ApiServices, host: ApiHost) {
  const root = createApiRoot({ logger: services.logger, newId: host.newId });
  return root.router({
    pool: poolApi(root, { ...services, sleep: host.sleep }),
    activations: activationsApi(root, services),
    tenants: tenantsApi(root, services),
    logs: logsApi(root, services),
    stack: stackApi(root, { engine: services.engine, stopHost: host.stopHost, pid: host.pid }),
    sandbox: sandboxApi(root, services),
    schedules: schedulesApi(root, { scheduler: services.scheduler, sleep: host.sleep }),
  });
}
