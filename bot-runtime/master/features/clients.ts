/** Owns the clients: the list with its search, one client, and what can be done with it. */

import { clipMessage, escapeHtml } from '#bot-runtime/runtime/dialog/html.ts';
import { type Button, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import type { CommandResult } from '#shared/schemas/commands.ts';
import { clientIdOf } from '../domain/client-id.ts';
import { ask, button, data, type MasterTexts, type Turn } from '../turn.ts';

type Client = CommandResult<'clients.show'>;

/** One page of the clients that fit the words. Words that do not fit on a button are kept by the message itself. */
export async function clients(turn: Turn, page: number, search: string): Promise<void> {
  const { ctx, texts } = turn;
  const { rows, total, pages } = await ask(turn, 'clients.list', { page, search });
  if (rows.length === 0) {
    await show(ctx, texts.html(search === '' ? 'clients-none' : 'clients-not-found', { search }));
    return;
  }
  const lines = rows.map((client) => [
    {
      text: `${sign(client)} ${client.clientId.replace('client_', '')} ${client.company}`,
      data: data('c', client.clientId),
    },
  ]);
  const word = search.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 24);
  const turnable = word === search;
  const at = (to: number): string => (word === '' ? data('l', to) : data('l', to, word));
  const steps: Button[] = [
    ...(turnable && page > 0 ? [{ text: '‹', data: at(page - 1) }] : []),
    ...(turnable && page + 1 < pages ? [{ text: '›', data: at(page + 1) }] : []),
  ];
  await show(ctx, texts.html('clients', { total, page: page + 1, pages }), [...lines, steps]);
}

function sign({ serving, state, queued }: Pick<Client, 'serving' | 'state' | 'queued'>): string {
  if (serving) return '🟢';
  return state === 'active' || queued ? '🟡' : '⏸';
}

/** Shows one client by whatever word an operator calls it. */
export async function client(turn: Turn, word: string): Promise<void> {
  const clientId = clientIdOf(word);
  if (clientId === undefined) return void (await show(turn.ctx, turn.texts.html('client-usage')));
  const found = await ask(turn, 'clients.show', { clientId });
  await show(turn.ctx, clientHtml(turn.texts, found), clientRows(turn.texts, found));
}

function clientHtml(texts: MasterTexts, client: Client): string {
  const state = client.serving ? 'state-serving' : client.state === 'active' ? 'state-starting' : 'state-suspended';
  return [
    texts.html('client-title', { client: client.clientId, company: client.company }),
    texts.html('client-state', { state: texts.plain(state), container: client.container ?? '—' }),
    texts.html('client-bot', { bot: client.botUsername ?? '—', owner: String(client.ownerId) }),
    texts.html('client-since', { since: client.since === null ? '—' : moment(client.since) }),
    texts.html('client-work', {
      bookings: client.bookings ?? 0,
      updates: client.updates ?? 0,
      errors: client.errors ?? 0,
    }),
    texts.html('client-subscription', {
      plan: client.plan ?? '—',
      until: client.paidUntil === null ? '—' : moment(client.paidUntil).slice(0, 10),
    }),
    ...(client.problem === null ? [] : [texts.html('client-problem', { problem: client.problem })]),
  ].join('\n');
}

function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function clientRows(texts: MasterTexts, { clientId, state, container, paidUntil }: Client): Button[][] {
  if (state === 'deleted') return [];
  const running = state === 'active';
  return [
    running ? [button(texts, 'button-suspend', 'as', clientId)] : [button(texts, 'button-resume', 're', clientId)],
    ...(container === null
      ? []
      : [[button(texts, 'button-restart', 'ar', clientId), button(texts, 'button-move', 'am', clientId)]]),
    [
      ...(container === null ? [] : [button(texts, 'button-logs', 'lo', clientId)]),
      button(texts, 'button-backup', 'bm', clientId),
    ],
    ...(paidUntil === null ? [] : [[button(texts, 'button-extend', 'ae', clientId)]]),
    [button(texts, 'button-delete', 'ad', clientId), button(texts, 'button-refresh', 'c', clientId)],
  ];
}

const QUESTIONS = {
  suspend: { text: 'ask-suspend', yes: 'button-suspend-yes', code: 'su' },
  restart: { text: 'ask-restart', yes: 'button-restart-yes', code: 'rs' },
  move: { text: 'ask-move', yes: 'button-move-yes', code: 'mo' },
  delete: { text: 'ask-delete', yes: 'button-delete-yes', code: 'de' },
} as const;

/** Asks again and says what will be lost. */
export async function askAgain(turn: Turn, what: keyof typeof QUESTIONS, clientId: string): Promise<void> {
  const { ctx, texts } = turn;
  const { company, bookings } = await ask(turn, 'clients.show', { clientId });
  const { text, yes, code } = QUESTIONS[what];
  await show(ctx, texts.html(text, { client: clientId, company, bookings: bookings ?? 0 }), [
    [button(texts, yes, code, clientId)],
    [button(texts, 'button-no', 'c', clientId)],
  ]);
}

/** `/deactivate 003` asks, as the button does. */
export async function deactivate(turn: Turn, word: string): Promise<void> {
  const clientId = clientIdOf(word);
  await (clientId === undefined
    ? show(turn.ctx, turn.texts.html('client-usage'))
    : askAgain(turn, 'suspend', clientId));
}

/** `/activate 003` and the button: nothing is lost by it. */
export async function activate(turn: Turn, word: string): Promise<void> {
  const clientId = clientIdOf(word);
  if (clientId === undefined) return void (await show(turn.ctx, turn.texts.html('client-usage')));
  const { container, ms, username } = await ask(turn, 'clients.activate', { clientId });
  const facts = { client: clientId, container, ms: String(Math.round(ms)), bot: username ?? '—' };
  await show(turn.ctx, turn.texts.html('activated', facts), back(turn, clientId));
}

/** Suspends. */
export async function suspend(turn: Turn, clientId: string): Promise<void> {
  await ask(turn, 'clients.deactivate', { clientId });
  await show(turn.ctx, turn.texts.html('suspended', { client: clientId }), back(turn, clientId));
}

/** Restarts the client's container. */
export async function restart(turn: Turn, clientId: string): Promise<void> {
  const { container } = await ask(turn, 'clients.restart', { clientId });
  await show(turn.ctx, turn.texts.html('restarted', { client: clientId, container }), back(turn, clientId));
}

/** Gives the client another bot. */
export async function move(turn: Turn, clientId: string): Promise<void> {
  const { from } = await ask(turn, 'clients.move', { clientId });
  await show(turn.ctx, turn.texts.html('moved', { client: clientId, from }), back(turn, clientId));
}

/** Days that a client may be given, each a button. */
const EXTENSIONS = [7, 30, 90] as const;

/** Asks how much more time a client gets. */
export async function askExtension(turn: Turn, clientId: string): Promise<void> {
  const { ctx, texts } = turn;
  const { company, paidUntil } = await ask(turn, 'clients.show', { clientId });
  const facts = { client: clientId, company, until: paidUntil === null ? '—' : moment(paidUntil).slice(0, 10) };
  await show(ctx, texts.html('ask-extend', facts), [
    EXTENSIONS.map((days) => button(texts, `button-extend-${days}`, 'ex', clientId, days)),
    [button(texts, 'button-no', 'c', clientId)],
  ]);
}

/** Gives a client more time. */
export async function extend(turn: Turn, clientId: string, word: string): Promise<void> {
  const days = EXTENSIONS.find((one) => String(one) === word);
  if (days === undefined) return await askExtension(turn, clientId);
  const id = idOf('extend', turn.operatorId, turn.updateId);
  const { paidUntil } = await ask(turn, 'clients.extend', { clientId, days, id });
  const facts = { client: clientId, until: moment(paidUntil).slice(0, 10) };
  await show(turn.ctx, turn.texts.html('extended', facts), back(turn, clientId));
}

/** Deletes the client with its data. */
export async function remove(turn: Turn, clientId: string): Promise<void> {
  await ask(turn, 'clients.delete', { clientId, keepData: false });
  await show(turn.ctx, turn.texts.html('deleted', { client: clientId }), [
    [button(turn.texts, 'button-clients', 'l', 0)],
  ]);
}

/** The newest lines of the client's bot. */
export async function logs(turn: Turn, clientId: string): Promise<void> {
  const { lines } = await ask(turn, 'clients.logs', { clientId });
  const text = lines.map((line) => escapeHtml(line.slice(0, 240))).join('\n');
  const html = lines.length === 0 ? turn.texts.html('logs-none') : clipMessage(`<pre>${text.slice(0, 3_500)}</pre>`);
  await show(turn.ctx, html, back(turn, clientId));
}

function back({ texts }: Turn, clientId: string): Button[][] {
  return [[button(texts, 'button-client', 'c', clientId)]];
}
