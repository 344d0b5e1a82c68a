/** The command that looks at everything this installation stands on. */
import type { CommandResult } from '#shared/schemas/commands.ts';
import type { CommandServices } from '../services.ts';

type Check = CommandResult<'health'>['checks'][number];

/** From this share on, the pool counts as nearly full. */
const FULL = 0.8;
const MIB = 1_048_576;

/** Looks at PostgreSQL, Redis, the pool, the containers and the backups, side by side. */
export async function health(services: CommandServices): Promise<CommandResult<'health'>> {
  const checks = await Promise.all([
    postgres(services),
    connections(services),
    redis(services),
    pool(services),
    queue(services),
    containers(services),
    backups(services),
  ]);
  return { checks };
}

async function postgres({ database, now }: CommandServices): Promise<Check> {
  const begun = now();
  await database.query('SELECT 1');
  const ms = now() - begun;
  return { name: 'postgres', state: ms > 500 ? 'warning' : 'good', value: `${ms} ms` };
}

async function connections({ database }: CommandServices): Promise<Check> {
  const { rows } = await database.query<{ used: number; most: number }>(
    `SELECT count(*)::integer AS used, current_setting('max_connections')::integer AS most FROM pg_stat_activity
     WHERE backend_type = 'client backend'`,
  );
  const { used = 0, most = 1 } = rows[0] ?? {};
  const state = used / most > 0.9 ? 'bad' : used / most > FULL ? 'warning' : 'good';
  return { name: 'connections', state, value: `${used} / ${most}` };
}

async function redis(services: CommandServices): Promise<Check> {
  const begun = services.now();
  try {
    const info = await services.redis.info('memory');
    const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
    const most = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
    const state = most > 0 && used / most > FULL ? 'warning' : 'good';
    const limit = most > 0 ? ` / ${Math.round(most / MIB)} MiB` : ' MiB';
    return { name: 'redis', state, value: `${Math.round(used / MIB)}${limit}, ${services.now() - begun} ms` };
  } catch {
    return { name: 'redis', state: 'bad', value: '—' };
  }
}

async function pool(services: CommandServices): Promise<Check> {
  try {
    const { waiting, total } = await services.pool.getPoolStatus();
    const share = total === 0 ? 1 : (total - waiting) / total;
    return {
      name: 'pool',
      state: waiting === 0 ? 'bad' : share > FULL ? 'warning' : 'good',
      value: `${waiting} / ${total}`,
    };
  } catch {
    return { name: 'pool', state: 'bad', value: '—' };
  }
}

async function queue({ database }: CommandServices): Promise<Check> {
  const { rows } = await database.query<{ queued: number }>(
    'SELECT count(*)::integer AS queued FROM control.tenants WHERE queued_at <= now()',
  );
  const queued = rows[0]?.queued ?? 0;
  return { name: 'queue', state: queued === 0 ? 'good' : 'warning', value: String(queued) };
}

async function containers({ engine }: CommandServices): Promise<Check> {
  const all = await engine.list();
  const running = all.filter(({ state }) => state === 'running').length;
  return {
    name: 'containers',
    state: running === all.length ? 'good' : 'warning',
    value: `${running} / ${all.length}`,
  };
}

/** Red when something is wrong with them; a new installation that has none yet is not. */
async function backups({ backups: known }: CommandServices): Promise<Check> {
  try {
    const { green, problems, newestHours, firstDue } = await known.health();
    if (firstDue !== undefined && problems.length === 0) return { name: 'backups', state: 'good', value: '—' };
    const hours = newestHours === null ? '—' : `${Math.round(newestHours)} h`;
    return { name: 'backups', state: green ? 'good' : 'bad', value: [hours, ...problems].join(', ') };
  } catch {
    return { name: 'backups', state: 'bad', value: '—' };
  }
}
