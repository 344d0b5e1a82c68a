/** Owns the log of changes as a screen: who has changed what, the newest first. */
import { show, type Turn } from '../dialog/turn.ts';
import { ROLES } from '../domain/rights.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { ADMIN_ACTIONS, type AdminActionName, type LoggedAction, listActions } from '../repository/admin-actions.ts';
import { momentLabel } from './details.ts';
import { backToMenu } from './owner-menu.ts';
import { settingLabel } from './owner-settings.ts';
import { textLabel } from './owner-texts.ts';

const PER_PAGE = 15;
/** The facts that a sentence may mention, in this order: the first one that was written down. */
const SUBJECTS = ['name', 'service', 'key', 'role', 'right', 'date', 'booking'] as const;

/** Shows a page of it. */
export async function showLog(turn: Turn, page: number): Promise<void> {
  const { texts, desk } = turn;
  const lines = await listActions(desk.services.database, { offset: page * PER_PAGE, limit: PER_PAGE + 1 });
  const shown = lines.slice(0, PER_PAGE).map((line) => lineOf(turn, line));
  const pages: Button[] = [
    ...(page > 0 ? [['‹', { kind: 'log', page: page - 1 }] as const] : []),
    ...(lines.length > PER_PAGE ? [['›', { kind: 'log', page: page + 1 }] as const] : []),
  ];
  const html = [texts.html('log-title'), ...(shown.length === 0 ? [texts.html('log-empty')] : shown)].join('\n');
  await show(turn, html, keyboard([pages, [backToMenu(turn)]]));
}

function lineOf(turn: Turn, { at, who, action, details }: LoggedAction): string {
  const { texts } = turn;
  const name = ADMIN_ACTIONS.find((known) => known === action);
  const what = name === undefined ? action : texts.plain(`audit-${withHyphens(name)}`);
  const subject = subjectOf(turn, details);
  const about = subject === undefined ? what : `${what}: ${subject}`;
  return texts.html('log-line', { moment: momentLabel(turn, at), who, what: about });
}

function subjectOf({ texts }: Turn, details: LoggedAction['details']): string | undefined {
  const found = SUBJECTS.map((key) => details[key]).find(
    (value) => typeof value === 'string' || typeof value === 'number',
  );
  const label = settingLabel(String(found)) ?? textLabel(String(found)) ?? ROLES.find((role) => role === found);
  if (found === undefined || label === undefined) return found === undefined ? undefined : String(found);
  return texts.plain(label === 'owner' || label === 'manager' || label === 'staff' ? `role-${label}` : label);
}

type WithHyphens<T extends string> = T extends `${infer A}.${infer B}_${infer C}`
  ? `${A}-${B}-${C}`
  : T extends `${infer A}.${infer B}`
    ? `${A}-${B}`
    : T;

function withHyphens<T extends AdminActionName>(name: T): WithHyphens<T> {
  return name.replaceAll(/[._]/g, '-') as WithHyphens<T>;
}
