/** The whole contract between a control plane and its faces: one group each, nothing else here. */
import type { ContractRouterClient } from '@orpc/contract';
import { activationsContract } from './activations.ts';
import { activityContract } from './activity.ts';
import { alertsContract } from './alerts.ts';
import { backupsContract } from './backups.ts';
import { checksContract } from './checks.ts';
import { logsContract } from './logs.ts';
import { metricsContract } from './metrics.ts';
import { ordersContract, plansContract } from './orders.ts';
import { poolContract } from './pool.ts';
import { sandboxContract } from './sandbox.ts';
import { scalingContract } from './scaling.ts';
import { schedulesContract } from './schedules.ts';
import { sessionContract } from './session.ts';
import { settingsContract } from './settings.ts';
import { stackContract } from './stack.ts';
import { tenantsContract } from './tenants.ts';

/** Every group. */
export const contract = {
  pool: poolContract,
  scaling: scalingContract,
  activations: activationsContract,
  tenants: tenantsContract,
  orders: ordersContract,
  plans: plansContract,
  logs: logsContract,
  stack: stackContract,
  sandbox: sandboxContract,
  alerts: alertsContract,
  backups: backupsContract,
  schedules: schedulesContract,
  session: sessionContract,
  activity: activityContract,
  metrics: metricsContract,
  checks: checksContract,
  settings: settingsContract,
};

/** What a face calls. Every failure is a `BotpoolError` once the transport has turned it back. */
export type ControlPlaneClient = ContractRouterClient<typeof contract>;
