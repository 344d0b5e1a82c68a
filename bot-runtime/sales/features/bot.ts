/** Owns how an order gets its bot: one tap through Telegram's managed bots, or a token from BotFather. */
import { setTimeout as pause } from 'node:timers/promises';
import { Api, GrammyError, HttpError } from 'grammy';
import type { User, UserFromGetMe } from 'grammy/types';
import { type Button, isRefusedForGood, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import { suggestUsername } from '../format.ts';
import type { Question } from '../people.ts';
import { button, buyerOf, type Shop, type Turn } from '../turn.ts';
import { showSummary } from './summary.ts';

/** A token wherever it stands in a text: people forward BotFather's whole message. */
const TOKEN = /(?<![\w:])([1-9]\d{0,15}:[A-Za-z0-9_-]{24,64})(?![\w-])/;
/** What was meant as a token and is none. */
const NEARLY = /\d{5,}\s*:\s*\S{6,}/;
const ASK_MS = 6_000;
/** Telegram tells of a managed bot once; a call that it did not answer is made again, so often and with such pauses. */
const TAKE_OVERS = 3;
const TAKE_OVER_MS = 400;

/** Asks for the bot of an order and shows both ways. */
export async function askBot(turn: Turn, order: OrderView): Promise<void> {
  const { shop, person, updateId, ctx, texts } = turn;
  await shop.people.ask(person.telegramId, { ask: 'bot', order: order.id }, updateId);
  const managed = shop.me.can_manage_bots === true;
  const html = texts.html(managed ? 'ask-bot' : 'ask-token', { company: order.company ?? '' });
  await show(ctx, html, [
    ...(managed ? [[oneTap(turn, order)], [button(texts, 'button-by-token', 't', order.id)]] : []),
    [button(texts, 'button-drop', 'd', order.id)],
  ]);
}

function oneTap({ shop, texts }: Turn, order: OrderView): Button {
  const name = order.company ?? 'My bot';
  const link = `https://t.me/newbot/${shop.me.username}/${suggestUsername(name, order.number)}`;
  return { text: texts.plain('button-one-tap'), url: `${link}?name=${encodeURIComponent(name)}` };
}

/** The steps with BotFather. */
export async function showTokenSteps(turn: Turn, orderId: string): Promise<void> {
  const { shop, person, updateId, ctx, texts } = turn;
  const order = await shop.desk.readOrder(orderId, person.telegramId);
  await shop.people.ask(person.telegramId, { ask: 'bot', order: order.id }, updateId);
  await show(ctx, texts.html('ask-token', { company: order.company ?? '' }), [
    [{ text: 'BotFather', url: 'https://t.me/BotFather' }],
    [button(texts, 'button-drop', 'd', order.id)],
  ]);
}

/** What a pasted text turned out to be. */
type Brought =
  | { readonly kind: 'bot'; readonly token: string; readonly me: UserFromGetMe }
  | { readonly kind: 'refused'; readonly key: TokenProblem; readonly host?: string };

type TokenProblem = 'token-none' | 'token-malformed' | 'token-unknown' | 'token-served' | 'token-own' | 'token-later';

/** True for a text that holds a token, or something meant as one: it does not stay in the chat. */
export function holdsToken(text: string): boolean {
  return TOKEN.test(text) || NEARLY.test(text);
}

/** The person's newest order that waits for nothing but a bot: never given one, or paid with a token that failed. */
export async function orderWithoutBot({ shop, person }: Turn): Promise<OrderView | undefined> {
  const orders = await shop.desk.listOrders(person.telegramId);
  return orders
    .toSorted((one, other) => other.number - one.number)
    .find(({ state, purpose, company, hasToken, reason }) => {
      if (purpose !== 'new' || company === null) return false;
      return state === 'awaiting_token' ? !hasToken : state === 'failed' && (reason?.startsWith('token_') ?? false);
    });
}

/** Takes the answer to the question for a bot: of an order, or a new token of a bot that is there already. */
export async function takeToken(
  turn: Turn,
  question: Extract<Question, { ask: 'bot' | 'new_token' }>,
  text: string | undefined,
): Promise<void> {
  const { shop, person, ctx, texts } = turn;
  const brought = await whoIs(turn, text);
  const back =
    question.ask === 'bot'
      ? button(texts, 'button-drop', 'd', question.order)
      : button(texts, 'button-back', 'c', question.client);
  if (brought.kind === 'refused') {
    await show(ctx, texts.html(brought.key, { host: brought.host ?? '' }), [[back]]);
    return;
  }
  const { token, me } = brought;
  try {
    if (question.ask === 'new_token') {
      await askNewToken(turn, question.client, token, me.id);
      return;
    }
    const bot = { token, botId: me.id, username: me.username, managed: false };
    const order = await shop.desk.setToken(question.order, person.telegramId, bot);
    await shop.people.close(person.telegramId);
    await afterToken(turn, order);
  } catch (error) {
    if (!isBotpoolError(error, 'token_taken')) throw error;
    await show(ctx, texts.html('token-taken', { bot: me.username }), [[back]]);
  }
}

async function askNewToken(turn: Turn, clientId: string, token: string, botId: number): Promise<void> {
  const { shop, person, updateId, ctx, texts, chatId } = turn;
  const id = idOf('new_token', person.telegramId, updateId);
  await shop.desk.request(id, buyerOf(turn), { clientId, action: 'new_token', bot: { token, botId } });
  await shop.people.close(person.telegramId);
  await shop.people.follow(id, person.telegramId, chatId);
  await show(ctx, texts.html('request-begun'), [[button(texts, 'button-back', 'c', clientId)]]);
}

/** A paid order is tried again by itself; one that is not paid goes on to its summary. */
async function afterToken(turn: Turn, order: OrderView): Promise<void> {
  const { ctx, texts } = turn;
  if (order.state === 'draft' || order.state === 'awaiting_token') return await showSummary(turn, order);
  await show(ctx, texts.html('token-again', { bot: order.botUsername ?? '' }));
}

async function whoIs({ shop }: Turn, text: string | undefined): Promise<Brought> {
  if (text === undefined) return { kind: 'refused', key: 'token-none' };
  const token = TOKEN.exec(text)?.[1];
  if (token === undefined) return { kind: 'refused', key: NEARLY.test(text) ? 'token-malformed' : 'token-none' };
  const api = new Api(token, { apiRoot: shop.config.telegramApiRoot, timeoutSeconds: ASK_MS / 1_000 });
  try {
    const me = await api.getMe();
    if (me.id === shop.me.id) return { kind: 'refused', key: 'token-own' };
    const { url } = await api.getWebhookInfo();
    // Another service lives by this bot: taking it over silently would cut somebody off.
    if (url !== undefined && url !== '') return { kind: 'refused', key: 'token-served', host: hostOf(url) };
    return { kind: 'bot', token, me };
  } catch (error) {
    const refused = error instanceof GrammyError && [401, 403, 404].includes(error.error_code);
    if (!refused) shop.services.logger.warn({ err: error }, 'Telegram did not say whose a token is');
    return { kind: 'refused', key: refused ? 'token-unknown' : 'token-later' };
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'webhook';
}

/**
 * The person has made a bot by one tap. Telegram tells it twice, by an update and by a message: whichever comes first
 * counts. Until the bot is live it answers nobody but its owner.
 */
export async function takeManagedBot(turn: Turn, bot: User): Promise<void> {
  const { shop, person, texts, ctx } = turn;
  const question = await shop.people.question(person.telegramId);
  // Whoever looked around meanwhile has made the bot for the order that lacks one.
  const orderId = question?.ask === 'bot' ? question.order : (await orderWithoutBot(turn))?.id;
  if (bot.username === undefined) return;
  if (orderId === undefined) return await declineManaged(turn, bot.id, bot.username);
  const token = await takeOver(shop, bot.id);
  if (token === undefined) {
    if (!(await shop.people.noteTold(`bot:${bot.id}`, 'later'))) return;
    await show(ctx, texts.html('managed-later', { bot: bot.username }));
    return;
  }
  await shop.people.noteManaged(orderId, bot.id);
  try {
    const brought = { token, botId: bot.id, username: bot.username, managed: true };
    const order = await shop.desk.setToken(orderId, person.telegramId, brought);
    await shop.people.close(person.telegramId);
    await afterToken(turn, order);
  } catch (error) {
    if (!isBotpoolError(error, 'token_taken')) throw error;
    await show(ctx, texts.html('token-taken', { bot: bot.username }));
  }
}

/** Closes the bot to others and returns its token; undefined when Telegram does not answer, however often it is asked. */
async function takeOver({ api, services }: Shop, botId: number): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await api.setManagedBotAccessSettings(botId, true);
      return await api.getManagedBotToken(botId);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      services.logger.warn({ err: error, attempt }, 'Telegram did not hand a managed bot over');
      if (attempt === TAKE_OVERS) return undefined;
      await pause(TAKE_OVER_MS * attempt);
    }
  }
}

/** A bot too many is told once; what an order has already is only the second telling of the same. */
async function declineManaged({ shop, person, texts, ctx }: Turn, botId: number, username: string): Promise<void> {
  const orders = await shop.desk.listOrders(person.telegramId);
  if (orders.some(({ botUsername }) => botUsername === username)) return;
  if (!(await shop.people.noteTold(`bot:${botId}`, 'spare'))) return;
  await show(ctx, texts.html('managed-spare', { bot: username }), [[button(texts, 'button-buy', 'p')]]);
}

/** Lets everybody in, once the order is active. Told again, it changes nothing. Fails when Telegram may be asked again. */
export async function openManagedBot(shop: Shop, order: OrderView): Promise<void> {
  const botId = order.managed ? await shop.people.managedOf(order.id) : undefined;
  if (botId === undefined) return;
  try {
    await shop.api.setManagedBotAccessSettings(botId, false);
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    shop.services.logger.warn({ err: error, bot: order.botUsername }, 'a managed bot could not be opened to everybody');
  }
}
