/** Owns the way of every update through the Master Bot. Strangers get silence, and a row in the audit. */
import type { Bot, Context } from 'grammy';
import type { User } from 'grammy/types';
import { type Action, decodeAction } from '#bot-runtime/runtime/dialog/action.ts';
import { answerPress, isTelegramAway, isUnwelcome, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { localeOf } from '#bot-runtime/runtime/dialog/texts.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { describeError } from '#shared/texts/translate.ts';
import { backup, backups, showBackup, verify } from './features/backups.ts';
import { prepareBroadcast, sendBroadcast, showBroadcast, stopBroadcast } from './features/broadcast.ts';
import * as clients from './features/clients.ts';
import { pool, scale, scaleTo } from './features/pool.ts';
import { orders, revenue } from './features/sales.ts';
import { alerts, health, setAlerts } from './features/watch.ts';
import type { Office, Turn } from './turn.ts';

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+([\s\S]*))?$/i;

/** Commands of operators, by what they type. */
const COMMANDS: Readonly<Record<string, (turn: Turn, rest: string) => Promise<void>>> = {
  start: help,
  help,
  pool,
  scale: (turn, rest) => scale(turn, rest.trim()),
  clients: (turn, rest) => clients.clients(turn, 0, rest.trim()),
  client: clients.client,
  activate: clients.activate,
  deactivate: clients.deactivate,
  orders: (turn, rest) => orders(turn, 0, rest.trim() === 'open'),
  revenue,
  health,
  alerts,
  backup,
  backups: (turn) => backups(turn, 0),
  broadcast: prepareBroadcast,
};

/** Codes never change their meaning: buttons stay in chats for years. */
const PRESSES: Readonly<Record<string, (turn: Turn, ...args: string[]) => Promise<void>>> = {
  p: pool,
  sc: (turn, bots = '') => (/^\d{1,3}$/.test(bots) ? scaleTo(turn, Number(bots)) : scale(turn, bots)),
  l: (turn, page = '0', search = '') => clients.clients(turn, Number(page) || 0, search),
  c: (turn, client = '') => clients.client(turn, client),
  as: (turn, client = '') => clients.askAgain(turn, 'suspend', client),
  ar: (turn, client = '') => clients.askAgain(turn, 'restart', client),
  am: (turn, client = '') => clients.askAgain(turn, 'move', client),
  ad: (turn, client = '') => clients.askAgain(turn, 'delete', client),
  ae: (turn, client = '') => clients.askExtension(turn, client),
  ex: (turn, client = '', days = '') => clients.extend(turn, client, days),
  su: (turn, client = '') => clients.suspend(turn, client),
  re: (turn, client = '') => clients.activate(turn, client),
  rs: (turn, client = '') => clients.restart(turn, client),
  mo: (turn, client = '') => clients.move(turn, client),
  de: (turn, client = '') => clients.remove(turn, client),
  lo: (turn, client = '') => clients.logs(turn, client),
  o: (turn, page = '0', open = '0') => orders(turn, Number(page) || 0, open === '1'),
  h: health,
  w: (turn, choice = '0') => setAlerts(turn, choice),
  bl: (turn, page = '0') => backups(turn, Number(page) || 0),
  bk: (turn, id = '') => showBackup(turn, id),
  bm: (turn, clientId = '') => backup(turn, clientId),
  bv: (turn, id = '') => verify(turn, id),
  bs: (turn, id = '') => sendBroadcast(turn, id),
  bp: (turn, id = '') => showBroadcast(turn, id),
  bx: (turn, id = '') => stopBroadcast(turn, id),
  no: async (turn) => void (await show(turn.ctx, turn.texts.html('dropped'))),
};

/** What the menu of commands shows. */
export const MENU = [
  ...(['pool', 'clients', 'orders', 'revenue', 'health', 'alerts', 'backups', 'backup'] as const),
  ...(['scale', 'broadcast', 'help'] as const),
] as const;

/** Adds the handlers. */
export function addHandlers(bot: Bot, office: Office): void {
  bot.on('message', (ctx) =>
    guarded(office, ctx, async () => {
      if (!(await isOperator(office, ctx, ctx.from, 'message'))) return;
      const turn = turnOf(office, ctx, ctx.from);
      const [, command = '', rest = ''] = COMMAND.exec(ctx.message.text ?? '') ?? [];
      const word = command.toLowerCase();
      const handler = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
      await (handler ?? help)(turn, rest);
    }),
  );
  bot.on('callback_query', (ctx) =>
    guarded(office, ctx, async () => {
      if (!(await isOperator(office, ctx, ctx.from, 'press'))) return;
      await handlePress(turnOf(office, ctx, ctx.from), decodeAction('m1', ctx.callbackQuery.data ?? ''));
      await answerPress(ctx);
    }),
  );
}

/** True for an operator in their own chat. Anybody else gets no answer at all, and the audit gets a row. */
async function isOperator(office: Office, ctx: Context, from: User, what: 'message' | 'press'): Promise<boolean> {
  if (office.operatorIds.has(from.id) && ctx.chat?.type === 'private') return true;
  await office.services.database.query('SELECT control.tell_audit($1, $2, $3, $4)', [
    `telegram:${from.id}`,
    'refused',
    'master_bot',
    JSON.stringify({ what, username: from.username ?? null, chat: ctx.chat?.type ?? null }),
  ]);
  return false;
}

function turnOf(office: Office, ctx: Context, from: User): Turn {
  const texts = office.texts(localeOf(from.language_code));
  const base = { office, ctx, updateId: ctx.update.update_id, operatorId: from.id, texts };
  return { ...base, chatId: ctx.chat?.id ?? from.id };
}

async function handlePress(turn: Turn, action: Action | undefined): Promise<void> {
  const handler = action === undefined || !Object.hasOwn(PRESSES, action.code) ? undefined : PRESSES[action.code];
  if (handler === undefined || action === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await handler(turn, ...action.args);
}

async function help({ ctx, texts }: Turn): Promise<void> {
  await show(ctx, texts.html('help'));
}

/** Operators read what went wrong with its code; what nobody foresaw goes on to the runtime. */
async function guarded(office: Office, ctx: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUnwelcome(error)) return;
    // The runtime answers this update anew a little later.
    if (isTelegramAway(error)) throw error;
    const locale = localeOf(ctx.from?.language_code);
    const known = isBotpoolError(error);
    const text = known
      ? describeError(error.code, { ...error.data }, locale, 'operator')
      : office.texts(locale).plain('apology');
    if (ctx.from !== undefined && office.operatorIds.has(ctx.from.id)) await say(ctx, text).catch(() => undefined);
    if (!known) throw error;
  }
}

async function say(ctx: Context, text: string): Promise<void> {
  if (ctx.callbackQuery !== undefined && text.length <= 200) await answerPress(ctx, text, true);
  else await ctx.reply(text);
}
