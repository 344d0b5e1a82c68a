/** How the API shows the pool: pure, from what the services know. */
import type { PoolBot, PoolStatus } from '#shared/api/pool.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';

/** The pool's status from its bots. Counts are those of the bots listed, so that they never contradict each other. */
export function poolStatusOf(statuses: readonly BotStatus[], queued: number): PoolStatus {
  const counts = { waiting: 0, activating: 0, active: 0, failed: 0, draining: 0 };
  for (const status of statuses) counts[status.status] += 1;
  return { total: statuses.length, ...counts, bots: statuses.map(poolBotOf), queued };
}

function poolBotOf(status: BotStatus): PoolBot {
  const problem = problemOf(status);
  return {
    pool_id: status.pool_id,
    container_id: status.container_id,
    status: status.status,
    since: status.since,
    version: status.version,
    ...(status.client_id === undefined ? {} : { client_id: status.client_id }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(status: BotStatus): PoolBot['problem'] {
  if (status.health?.problem !== undefined) return status.health.problem;
  return status.status === 'failed' && status.outcome !== 'active' ? status.outcome : undefined;
}
