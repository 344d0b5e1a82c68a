/** Merges the groups into the one router of a control plane; nothing else. */
import type { ControlPlane } from '../control-plane.ts';
import { createDoctor, type Doctor } from '../doctor/index.ts';
import { activationsApi } from './activations.ts';
import { activityApi } from './activity.ts';
import { alertsApi } from './alerts.ts';
import { backupsApi } from './backups.ts';
import { checksApi } from './checks.ts';
import { logsApi } from './logs.ts';
import { metricsApi } from './metrics.ts';
import { ordersApi, plansApi } from './orders.ts';
import { poolApi } from './pool.ts';
import { createApiRoot } from './root.ts';
import { sandboxApi } from './sandbox.ts';
import { scalingApi } from './scaling.ts';
import { schedulesApi } from './schedules.ts';
import { sessionApi } from './session.ts';
import { settingsApi } from './settings.ts';
import { stackApi } from './stack.ts';
import { tenantsApi } from './tenants.ts';

/** What the groups need of a control plane. */
export type ApiServices = Pick<
  ControlPlane,
  | 'autoscaler'
  | 'reconciler'
  | 'sales'
  | 'scheduler'
  | 'backups'
  | 'leadership'
  | 'pool'
  | 'bots'
  | 'config'
  | 'engine'
  | 'database'
  | 'redis'
  | 'logger'
  | 'sandboxUrl'
  | 'metrics'
  | 'servers'
  | 'settings'
  | 'repair'
  | 'configuration'
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
  /** A link that signs in whoever opens it first. */
  readonly newSignInLink: () => { readonly url: string; readonly expiresAt: Date };
  /** Called after rights have changed, so that open connections are looked at again. */
  readonly accessChanged: () => void;
}

/** Every procedure of the contract, implemented against one control plane. */
export function createRouter(services: ApiServices, host: ApiHost) {
  const root = createApiRoot({ logger: services.logger, database: services.database, newId: host.newId });
  return root.router({
    pool: poolApi(root, { ...services, ...host }),
    scaling: scalingApi(root, services),
    activations: activationsApi(root, services),
    tenants: tenantsApi(root, { ...services, sleep: host.sleep }),
    orders: ordersApi(root, { ...services, sleep: host.sleep }),
    plans: plansApi(root, services.sales),
    alerts: alertsApi(root, { database: services.database, sleep: host.sleep }),
    backups: backupsApi(root, { backups: services.backups, sleep: host.sleep }),
    schedules: schedulesApi(root, { scheduler: services.scheduler, sleep: host.sleep }),
    logs: logsApi(root, { engine: services.engine, sleep: host.sleep }),
    stack: stackApi(root, { ...services, ...host }),
    sandbox: sandboxApi(root, { ...services, sleep: host.sleep }),
    metrics: metricsApi(root, services),
    checks: checksApi(root, { doctor: doctorOf(services), now: Date.now }),
    settings: settingsApi(root, services),
    activity: activityApi(root, { ...services, now: Date.now, sleep: host.sleep }),
    session: sessionApi(root, { ...host, database: services.database, now: Date.now }),
  });
}

function doctorOf({ database, redis, servers, config, engine, sandboxUrl }: ApiServices): Doctor {
  const { address, tls } = config.panel;
  return createDoctor({
    database,
    redis,
    redisAddress: servers.redis,
    home: config.home,
    projectFolder: config.projectFolder,
    engine: engine.kind,
    sandbox: sandboxUrl !== undefined,
    panel: { address, tls: tls !== undefined, loopback: /^(127\.0\.0\.1|::1|localhost)$/.test(address) },
    now: Date.now,
  });
}
