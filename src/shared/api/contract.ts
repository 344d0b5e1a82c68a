/** The whole contract between a control plane and its faces: one group each, nothing else here. */
import type { ContractRouterClient } from '@orpc/contract';
import { activationsContract } from './activations.ts';
import { logsContract } from './logs.ts';
import { poolContract } from './pool.ts';
import { sandboxContract } from './sandbox.ts';
import { schedulesContract } from './schedules.ts';
import { stackContract } from './stack.ts';
import { tenantsContract } from './tenants.ts';

/** Every group. */
export const contract = {
  pool: poolContract,
  activations: activationsContract,
  tenants: tenantsContract,
  logs: logsContract,
  stack: stackContract,
  sandbox: sandboxContract,
  schedules: schedulesContract,
};

/** What a face calls. Every failure is a `BotpoolError` once the transport has turned it back. */
export type ControlPlaneClient = ContractRouterClient<typeof contract>;
