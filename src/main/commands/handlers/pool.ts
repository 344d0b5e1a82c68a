/** Commands about the pool as a whole. */
import type { CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import type { CommandServices } from '../services.ts';

/** The well-known summary: how many bots, in which state, and how many clients wait for one. */
export async function poolSummary(services: CommandServices): Promise<CommandResult<'pool.summary'>> {
  const { pool, bots, database } = services;
  const [counts, containers, { rows }] = await Promise.all([
    pool.getPoolStatus(),
    bots.list(),
    database.query<{ queued: number }>(
      'SELECT count(*)::integer AS queued FROM control.tenants WHERE queued_at IS NOT NULL',
    ),
  ]);
  return { ...counts, containers: containers.length, queued: rows[0]?.queued ?? 0 };
}

/** Makes the pool as large as was asked for; bots that serve somebody are never taken away. */
export async function scalePool(
  { bots, maxBots }: CommandServices,
  input: CommandRequest<'pool.scale'>,
  actor: string,
): Promise<CommandResult<'pool.scale'>> {
  const { started, removed, total } = await bots.scale(input.bots, { max: maxBots, actor });
  return { started: started.length, removed: removed.length, total };
}
