/** Commands about backups. What takes long answers when it has begun. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BackupView } from '#shared/schemas/backup.ts';
import type { CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import type { CommandServices } from '../services.ts';

type Row = CommandResult<'backups.show'>;

const PAGE = 8;
const KNOWN = 1_000;

/** One page, the newest first, and whether there is one to rely on. */
export async function listBackups(
  { backups }: CommandServices,
  { page }: CommandRequest<'backups.list'>,
): Promise<CommandResult<'backups.list'>> {
  const [known, health] = await Promise.all([backups.list(KNOWN), backups.health()]);
  return {
    rows: known.slice(page * PAGE, (page + 1) * PAGE).map(rowOf),
    total: known.length,
    pages: Math.max(1, Math.ceil(known.length / PAGE)),
    green: health.green,
    problems: [...health.problems],
    newestHours: health.newestHours,
    firstDue: health.firstDue?.getTime() ?? null,
  };
}

/** One of them, and how far it is. */
export async function showBackup(
  { backups }: CommandServices,
  { id }: CommandRequest<'backups.show'>,
): Promise<CommandResult<'backups.show'>> {
  return rowOf(await backups.show(id));
}

/** Begins one. */
export async function createBackup(
  { backups, database }: CommandServices,
  { scope }: CommandRequest<'backups.create'>,
  actor: string,
): Promise<CommandResult<'backups.create'>> {
  if (scope !== 'all') {
    const { rows } = await database.query('SELECT FROM control.tenants WHERE client_id = $1', [scope]);
    if (rows.length === 0) throw new BotpoolError('client_unknown', { clientId: scope });
  }
  const { id, done } = await backups.begin({ scope, cause: 'manual', actor });
  // The register and the alerts tell how it ends.
  done.catch(() => undefined);
  return { id };
}

/** Begins a trial. */
export async function verifyBackup(
  { backups }: CommandServices,
  { id }: CommandRequest<'backups.verify'>,
  actor: string,
): Promise<CommandResult<'backups.verify'>> {
  const begun = await backups.beginVerify(id, actor);
  begun.done.catch(() => undefined);
  return { id: begun.id };
}

function rowOf({ id, scope, state, offsite, startedAt, bytes, rows, code, facts, progress }: BackupView): Row {
  return { id, scope, state, offsite, startedAt: startedAt.getTime(), bytes, rows, code, facts, progress };
}
