/** Owns the way of every update through the Sales Bot, and what a person is told when it fails. */
import type { Bot, Context } from 'grammy';
import type { User } from 'grammy/types';
import { type Action, decodeAction } from '#bot-runtime/runtime/dialog/action.ts';
import { answerPress, isTelegramAway, isUnwelcome } from '#bot-runtime/runtime/dialog/screen.ts';
import { localeOf } from '#bot-runtime/runtime/dialog/texts.ts';
import { type BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES } from '#shared/errors/codes.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { describeError } from '#shared/texts/translate.ts';
import { holdsToken, orderWithoutBot, showTokenSteps, takeManagedBot, takeToken } from './features/bot.ts';
import { beginOrder, chooseKind, dropOrder, goOn, plans, takeCompany } from './features/buy.ts';
import { askCompanyAgain } from './features/change.ts';
import { chooseLanguage, help, languages, sayAndOfferHome, support, welcome } from './features/home.ts';
import * as mine from './features/mybots.ts';
import { pay } from './features/pay.ts';
import { askContact, setSaving, takeContact } from './features/summary.ts';
import type { Shop, Turn } from './turn.ts';

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+(\S+))?/i;
const REFERRAL = /^ref_([A-Za-z0-9_-]{1,60})$/;
const PLAN = /^plan_([a-z][a-z0-9_]{0,31})$/;

/** Codes never change their meaning: buttons stay in chats for years. */
const PRESSES: Readonly<Record<string, (turn: Turn, ...args: string[]) => Promise<void>>> = {
  b: welcome,
  p: plans,
  m: mine.myBots,
  h: help,
  u: support,
  l: languages,
  g: async (turn, locale) => {
    const known = LOCALES.find((one) => one === locale);
    await (known === undefined ? languages(turn) : chooseLanguage(turn, known));
  },
  o: (turn, plan = '') => beginOrder(turn, plan),
  k: (turn, order = '', kind = '') => chooseKind(turn, order, kind),
  n: (turn, order = '') => askCompanyAgain(turn, order),
  t: (turn, order = '') => showTokenSteps(turn, order),
  r: (turn, order = '') => askContact(turn, order),
  s: (turn, order = '', on = '0') => setSaving(turn, order, on === '1'),
  z: (turn, order = '') => goOn(turn, order),
  y: (turn, order = '') => pay(turn, order),
  d: (turn, order = '') => dropOrder(turn, order),
  w: (turn, order = '') => goOn(turn, order),
  c: (turn, client = '') => mine.showBot(turn, client),
  rn: (turn, client = '') => mine.choosePeriod(turn, client),
  rp: (turn, client = '', plan = '', save = '0') => mine.renew(turn, client, plan, save === '1'),
  ar: (turn, client = '', on = '0') => mine.setAutoRenew(turn, client, on === '1'),
  sa: (turn, client = '') => mine.askSuspend(turn, client),
  su: (turn, client = '') => mine.request(turn, client, 'suspend'),
  re: (turn, client = '') => mine.request(turn, client, 'resume'),
  nt: (turn, client = '') => mine.askNewToken(turn, client),
  ex: (turn, client = '') => mine.request(turn, client, 'export'),
  da: (turn, client = '') => mine.askDelete(turn, client),
  de: (turn, client = '') => mine.request(turn, client, 'export', 'delete'),
};

const COMMANDS: Readonly<Record<string, (turn: Turn) => Promise<void>>> = {
  plans,
  mybots: mine.myBots,
  help,
  support,
  language: languages,
};

/** Adds the handlers. */
export function addHandlers(bot: Bot, shop: Shop): void {
  bot.on('message', (ctx) =>
    guarded(shop, ctx, async () => {
      if (ctx.chat.type !== 'private') return;
      const { text, managed_bot_created: made } = ctx.message;
      // Before anything else: a token must not stay where others may read over a shoulder.
      if (text !== undefined && holdsToken(text)) await ctx.deleteMessage().catch(() => undefined);
      const turn = await beginTurn(shop, ctx, ctx.from, text);
      await (made === undefined ? handleMessage(turn, text) : takeManagedBot(turn, made.bot));
    }),
  );
  bot.on('callback_query', (ctx) =>
    guarded(shop, ctx, async () => {
      if (ctx.chat?.type === 'private') {
        const turn = await beginTurn(shop, ctx, ctx.from, undefined);
        await handlePress(turn, decodeAction('s1', ctx.callbackQuery.data ?? ''));
      }
      await answerPress(ctx);
    }),
  );
  bot.on('managed_bot', (ctx) =>
    guarded(shop, ctx, async () => {
      const { user, bot: made } = ctx.managedBot;
      const person = await shop.people.find(user.id);
      if (person === undefined) return;
      const base = { shop, ctx, updateId: ctx.update.update_id, chatId: user.id, person };
      await takeManagedBot({ ...base, texts: shop.texts(person.locale) }, made);
    }),
  );
  bot.on('my_chat_member', async (ctx) => {
    if (ctx.chat.type !== 'private') return;
    await shop.people.setBlocked(ctx.from.id, ctx.myChatMember.new_chat_member.status === 'kicked');
  });
}

async function beginTurn(shop: Shop, ctx: Context, from: User, text: string | undefined): Promise<Turn> {
  const name = [from.first_name, from.last_name ?? ''].join(' ').trim().slice(0, 64) || String(from.id);
  const payload = COMMAND.exec(text ?? '');
  const referral = payload?.[1]?.toLowerCase() === 'start' ? REFERRAL.exec(payload[2] ?? '')?.[1] : undefined;
  const known = { telegramId: from.id, name, locale: localeOf(from.language_code) };
  const person = await shop.people.meet(known, referral);
  const chatId = ctx.chat?.id ?? from.id;
  return { shop, ctx, updateId: ctx.update.update_id, chatId, person, texts: shop.texts(person.locale) };
}

async function handleMessage(turn: Turn, text: string | undefined): Promise<void> {
  const { shop, person } = turn;
  const [, command, word] = COMMAND.exec(text ?? '') ?? [];
  if (command !== undefined) return await handleCommand(turn, command.toLowerCase(), word);
  const question = await shop.people.question(person.telegramId);
  switch (question?.ask) {
    case 'company':
      return await takeCompany(turn, question.order, text);
    case 'bot':
    case 'new_token':
      return await takeToken(turn, question, text);
    case 'contact':
      return await takeContact(turn, question.order, text);
    case undefined:
      return await takeUnasked(turn, text);
  }
}

/** Nothing is being asked. A token is welcome all the same when an order waits for one. */
async function takeUnasked(turn: Turn, text: string | undefined): Promise<void> {
  if (text === undefined || !holdsToken(text)) return await sayAndOfferHome(turn, turn.texts.html('not-understood'));
  const order = await orderWithoutBot(turn);
  if (order === undefined) return await sayAndOfferHome(turn, turn.texts.html('token-unasked'));
  await takeToken(turn, { ask: 'bot', order: order.id }, text);
}

async function handleCommand(turn: Turn, command: string, word: string | undefined): Promise<void> {
  const { shop, person, texts } = turn;
  if (command === 'cancel') {
    const stopped = await shop.people.close(person.telegramId);
    return await sayAndOfferHome(turn, texts.html(stopped ? 'stopped' : 'nothing-to-stop'));
  }
  if (command === 'start') {
    const plan = PLAN.exec(word ?? '')?.[1];
    return await (plan === undefined ? welcome(turn) : beginOrder(turn, plan));
  }
  const handler = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  await (handler === undefined ? sayAndOfferHome(turn, texts.html('not-understood')) : handler(turn));
}

async function handlePress(turn: Turn, action: Action | undefined): Promise<void> {
  const handler = action === undefined || !Object.hasOwn(PRESSES, action.code) ? undefined : PRESSES[action.code];
  if (handler === undefined || action === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await handler(turn, ...action.args);
}

/** A refusal with a text for buyers is told; anything else is apologised for and thrown on to the runtime. */
async function guarded(shop: Shop, ctx: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUnwelcome(error)) return;
    // The runtime answers this update anew a little later.
    if (isTelegramAway(error)) throw error;
    const locale = await localeFor(shop, ctx.from);
    if (isBotpoolError(error, 'client_unknown')) {
      await say(ctx, shop.texts(locale).plain('bot-gone'));
      return;
    }
    const told = isBotpoolError(error) && hasBuyersText(error);
    const text = told
      ? describeError(error.code, { ...error.data }, locale, 'buyer')
      : shop.texts(locale).plain('apology');
    await say(ctx, text).catch(() => undefined);
    if (!told) throw error;
  }
}

function hasBuyersText(error: BotpoolError): boolean {
  return ERROR_CODES[error.code].buyer && error.code !== 'internal';
}

async function localeFor(shop: Shop, from: User | undefined) {
  const person = from === undefined ? undefined : await shop.people.find(from.id).catch(() => undefined);
  return person?.locale ?? localeOf(from?.language_code);
}

async function say(ctx: Context, text: string): Promise<void> {
  if (ctx.callbackQuery !== undefined && text.length <= 200) await answerPress(ctx, text, true);
  else await ctx.reply(text);
}
