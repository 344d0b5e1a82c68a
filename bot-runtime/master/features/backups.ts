/** Owns backups: the list with how well they stand, one of them, and making and proving one while it is watched. */

import { change, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import { isErrorCode } from '#shared/errors/codes.ts';
import type { CommandResult } from '#shared/schemas/commands.ts';
import { describeError } from '#shared/texts/translate.ts';
import { bar } from '../domain/bars.ts';
import { clientIdOf } from '../domain/client-id.ts';
import { actorOf, ask, button, data, type MasterTexts, type Turn } from '../turn.ts';

type Backup = CommandResult<'backups.show'>;

const LOOK_MS = 1_500;
/** A progress that nobody looks at any more is not followed for ever; the button shows it again. */
const FOLLOW_LOOKS = 1_200;
const MIB = 1_048_576;
const SIGNS = { running: '⏳', stored: '🟡', verified: '🟢', suspect: '🔴', failed: '❌' } as const;

/** `/backup`: everything; `/backup 003`: one client. Nothing is lost by it, so nobody is asked. */
export async function backup(turn: Turn, word: string): Promise<void> {
  const scope = word.trim() === '' ? 'all' : clientIdOf(word);
  if (scope === undefined) return void (await show(turn.ctx, turn.texts.html('backup-usage')));
  const { id } = await ask(turn, 'backups.create', { scope });
  await followed(turn, id);
}

/** One page of them. */
export async function backups(turn: Turn, page: number): Promise<void> {
  const { ctx, texts } = turn;
  const { rows, total, pages, ...how } = await ask(turn, 'backups.list', { page });
  const lines = rows.map((one) => [
    { text: `${SIGNS[one.state]} ${moment(one.startedAt)} ${scopeOf(texts, one)}`, data: data('bk', one.id) },
  ]);
  const steps = [
    ...(page > 0 ? [{ text: '‹', data: data('bl', page - 1) }] : []),
    ...(page + 1 < pages ? [{ text: '›', data: data('bl', page + 1) }] : []),
  ];
  const title = total === 0 ? '' : `\n${texts.html('backups-page', { total, page: page + 1, pages })}`;
  await show(ctx, `${standing(texts, how)}${title}`, [
    ...lines,
    steps,
    [button(texts, 'button-backup', 'bm'), button(texts, 'button-refresh', 'bl', page)],
  ]);
}

function standing(
  texts: MasterTexts,
  how: Pick<CommandResult<'backups.list'>, 'green' | 'problems' | 'newestHours' | 'firstDue'>,
): string {
  const hours = how.newestHours === null ? '—' : String(Math.round(how.newestHours));
  if (how.green) return texts.html('backups-green', { hours });
  if (how.firstDue !== null && how.problems.length === 0)
    return texts.html('backups-first', { at: moment(how.firstDue) });
  return texts.html('backups-red', { hours, problems: how.problems.join(', ') });
}

/** One of them as it is now; goes on by itself while something is done with it. */
export async function showBackup(turn: Turn, id: string): Promise<void> {
  await followed(turn, id);
}

/** Restores it on trial. */
export async function verify(turn: Turn, id: string): Promise<void> {
  await ask(turn, 'backups.verify', { id });
  await followed(turn, id);
}

/** Shows it, and goes on showing it until it has ended: by changing the one message. */
async function followed(turn: Turn, id: string): Promise<void> {
  const { ctx, chatId, office, texts } = turn;
  const first = await look(turn, id, 0);
  const messageId = await show(ctx, htmlOf(texts, first), rowsOf(texts, first));
  if (isOver(first) || messageId === undefined) return;
  void follow(turn, id, { chatId, messageId }).catch((error: unknown) =>
    office.services.logger.warn({ err: error }, 'the progress of a backup is not shown any more'),
  );
}

async function follow(turn: Turn, id: string, at: { chatId: number; messageId: number }): Promise<void> {
  for (let number = 1; number <= FOLLOW_LOOKS; number += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
    const now = await look(turn, id, number);
    const { texts, office } = turn;
    if (!(await change(office.api, at, htmlOf(texts, now), rowsOf(texts, now))) || isOver(now)) return;
  }
}

async function look({ office, operatorId, updateId }: Turn, id: string, number: number): Promise<Backup> {
  const question = idOf('backup', operatorId, updateId, id, number);
  return await office.commands.ask(question, actorOf(operatorId), 'backups.show', { id });
}

function isOver({ state, progress }: Backup): boolean {
  return progress === null && state !== 'running';
}

function htmlOf(texts: MasterTexts, one: Backup): string {
  const { progress, code, facts } = one;
  const title = texts.html('backup-title', { sign: SIGNS[one.state], scope: scopeOf(texts, one), id: one.id });
  if (!isOver(one)) {
    const { phase = 'dump', bytes = 0, tables = 0, tablesTotal = 0 } = progress ?? {};
    const share = tablesTotal === 0 ? 0 : tables / tablesTotal;
    const counted = {
      phase: texts.plain(`phase-${phase}`),
      mib: mib(bytes),
      tables,
      total: tablesTotal,
      bar: bar(share),
    };
    return `${title}\n${texts.html(tablesTotal > 0 && phase === 'dump' ? 'backup-counting' : 'backup-going', counted)}`;
  }
  const why =
    code !== null && isErrorCode(code)
      ? `\n${texts.html('backup-why', { why: describeError(code, facts, texts.locale, 'operator') })}`
      : '';
  const end = texts.html(`backup-${one.state === 'running' ? 'stored' : one.state}`);
  const copy = one.offsite === 'none' ? '' : `\n${texts.html(`copy-${one.offsite}`)}`;
  const size = one.state === 'failed' ? '' : `\n${texts.html('backup-size', { mib: mib(one.bytes), rows: one.rows })}`;
  return `${title}\n${end}${size}${copy}${why}`;
}

function rowsOf(texts: MasterTexts, one: Backup) {
  const list = button(texts, 'button-backups', 'bl', 0);
  if (!isOver(one)) return [[list]];
  return [...(one.state === 'failed' ? [] : [[button(texts, 'button-verify', 'bv', one.id)]]), [list]];
}

function scopeOf(texts: MasterTexts, { scope }: Pick<Backup, 'scope'>): string {
  return scope === 'all' ? texts.plain('scope-all') : scope;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
