/**
 * Follows what becomes of orders, requests and notices in PostgreSQL, and shows it to buyers by itself. Signals only wake
 * it; what is shown is what the rows say. Whatever was missed while it was away is looked up when it is back.
 */
import { InputFile } from 'grammy';
import { change, isRefusedForGood, isUnwelcome, tell } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODE_NAMES, type ErrorCode } from '#shared/errors/codes.ts';
import {
  type BuyerRequest,
  type Notice,
  type OrderView,
  orderSignalSchema,
  SALES_CHANNELS,
} from '#shared/schemas/sales.ts';
import { describeError } from '#shared/texts/translate.ts';
import { openManagedBot } from './features/bot.ts';
import { noticeScreen } from './features/notice.ts';
import { orderScreen } from './features/order-screen.ts';
import { button, type SalesTexts, type Shop } from './turn.ts';

/** A running follower. */
export interface Follower {
  close(): Promise<void>;
}

const ROUND_MS = 10_000;
/** So many changes at most are read at once. */
const CHANGES = 500;
/** Changes up to this long before are looked at again: clocks and transactions overlap. */
const OVERLAP_MS = 5_000;
/** How far back the first look of all goes. */
const FIRST_LOOK_MS = 86_400_000;
const NOTICES = 20;
const NOTICE_SECONDS = 60;
const NOTICE_AGAIN_SECONDS = 120;
const NOTICE_TRIES = 20;

/** Starts to follow. */
export function startFollower(shop: Shop, sleep: (ms: number, signal: AbortSignal) => Promise<void>): Follower {
  const { desk, services } = shop;
  const stop = new AbortController();
  const lanes = new Map<string, Promise<boolean>>();
  let shownUntil: number | undefined;
  /** One order is shown by one step after the other, so that an older state never overwrites a newer one. */
  const inLane = (id: string, work: () => Promise<void>): Promise<boolean> => {
    const before = lanes.get(id) ?? Promise.resolve(true);
    const after = before.then(work).then(
      () => true,
      (error: unknown) => {
        if (stop.signal.aborted) return false;
        services.logger.warn({ err: error, id }, 'a change could not be shown');
        return isRefusedForGood(error);
      },
    );
    lanes.set(id, after);
    void after.then(() => (lanes.get(id) === after ? lanes.delete(id) : undefined));
    return after;
  };
  const lookAtOrder = (id: string, buyer: number): Promise<boolean> =>
    inLane(id, async () => showChange(shop, await desk.readOrder(id, buyer)));
  const lookAtOrders = async (): Promise<void> => {
    const now = services.now();
    shownUntil ??= (await shop.people.shownUntil()) ?? now - FIRST_LOOK_MS;
    const changed = await desk.changedSince(new Date(shownUntil - OVERLAP_MS));
    const shown = await Promise.all(changed.map(({ id, buyerId }) => lookAtOrder(id, buyerId)));
    // What could not be shown is looked at again, also by the next process: nobody waits for a word that is lost.
    if (!shown.every(Boolean)) return;
    shownUntil = changed.length < CHANGES ? now : (changed.at(-1)?.updatedAt.getTime() ?? now);
    await shop.people.setShownUntil(shownUntil);
  };
  const lookAtAll = async (): Promise<void> => {
    await lookAtRequests();
    void inLane('notices', () => sendNotices(shop));
    await lookAtOrders();
  };
  const lookAtRequests = async (): Promise<void> => {
    for (const followed of await shop.people.followed()) {
      void inLane(followed.id, async () => {
        // The list is older than this turn: its end may have been told meanwhile.
        if (!(await shop.people.isFollowed(followed.id))) return;
        const request = await desk.readRequest(followed.id, followed.buyerId).catch((error: unknown) => {
          if (isBotpoolError(error, 'order_unknown')) return undefined;
          throw error;
        });
        if (request === undefined) await shop.people.unfollow(followed.id);
        else if (request.state !== 'open') await tellRequest(shop, request, followed.afterwards);
      });
    }
  };
  const hear = (channel: string | undefined, payload: string | undefined): void => {
    if (channel === SALES_CHANNELS.orders) {
      const signal = orderSignalSchema.safeParse(parsed(payload)).data;
      if (signal !== undefined) void lookAtOrder(signal.id, signal.buyer);
    } else if (channel === SALES_CHANNELS.requests) void inLane('requests', lookAtRequests);
    else if (channel === SALES_CHANNELS.notices) void inLane('notices', () => sendNotices(shop));
    else void inLane('all', lookAtAll);
  };
  const listener = services.listen([SALES_CHANNELS.orders, SALES_CHANNELS.requests, SALES_CHANNELS.notices], hear);
  const running = (async () => {
    while (!stop.signal.aborted) {
      await sleep(ROUND_MS, stop.signal);
      if (!stop.signal.aborted) void inLane('all', lookAtAll);
    }
  })();
  return {
    async close() {
      stop.abort();
      await listener.close();
      await running;
      while (lanes.size > 0) await Promise.all(lanes.values());
    },
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Brings the message of an order up to date, and says aloud what its buyer waits for. */
async function showChange(shop: Shop, order: OrderView): Promise<void> {
  const texts = await textsOf(shop, order.buyerId);
  try {
    await refresh(shop, texts, order);
    await announce(shop, texts, order);
  } catch (error) {
    if (!isUnwelcome(error)) throw error;
    await shop.people.setBlocked(order.buyerId, true);
  }
}

async function refresh(shop: Shop, texts: SalesTexts, order: OrderView): Promise<void> {
  if (order.messageId === null) return;
  const { html, rows } = orderScreen(texts, order, shop.services.now());
  await change(shop.api, { chatId: order.chatId, messageId: order.messageId }, html, rows);
}

/** An edited message rings no bell: the ready bot, and what needs a decision, are told by a message of their own. */
async function announce(shop: Shop, texts: SalesTexts, order: OrderView): Promise<void> {
  const kind = order.state === 'failed' ? `failed:${order.reason ?? ''}` : order.state;
  if (!['active', 'failed'].includes(order.state) || order.automatic) return;
  if (order.state === 'failed' && order.reason === null) return;
  if (await shop.people.wasTold(order.id, kind)) return;
  if (order.state === 'active' && order.purpose === 'new') {
    await openManagedBot(shop, order);
    await tell(shop.api, order.chatId, texts.html('ready', { bot: order.botUsername ?? '' }), [
      [{ text: texts.plain('button-open'), url: `https://t.me/${order.botUsername ?? ''}` }],
      [button(texts, 'button-mybots', 'm')],
    ]);
  } else if (order.state === 'failed') {
    const { html, rows } = orderScreen(texts, order, shop.services.now());
    await tell(shop.api, order.chatId, html, rows);
  }
  await shop.people.noteTold(order.id, kind);
}

async function textsOf(shop: Shop, buyerId: number): Promise<SalesTexts> {
  return shop.texts((await shop.people.find(buyerId))?.locale ?? 'ru');
}

/** Says how a request ended. After an export that was to come before a deletion, the deletion is asked for. */
async function tellRequest(shop: Shop, request: BuyerRequest, afterwards: 'delete' | null): Promise<void> {
  const texts = await textsOf(shop, request.buyerId);
  try {
    await tellEnd(shop, texts, request);
  } catch (error) {
    if (!isUnwelcome(error)) throw error;
  }
  if (afterwards === 'delete' && request.state === 'done') {
    const id = idOf('delete after', request.id);
    await shop.desk.request(id, request, { clientId: request.clientId, action: 'delete' });
    await shop.people.follow(id, request.buyerId, request.chatId);
  }
  await shop.people.unfollow(request.id);
}

async function tellEnd(shop: Shop, texts: SalesTexts, request: BuyerRequest): Promise<void> {
  const { api } = shop;
  const { chatId, clientId, action, state } = request;
  const rows = [[button(texts, 'button-mybots', 'm')]];
  if (state === 'failed') {
    await tell(api, chatId, texts.html('request-failed', { reason: reasonOf(request, texts) }), rows);
  } else if (action === 'export' && request.result !== null) {
    await api.sendDocument(chatId, new InputFile(request.result, `${clientId}.json`), {
      caption: texts.plain('export-done'),
    });
  } else if (action !== 'export') await tell(api, chatId, texts.html(`done-${action}`), rows);
}

function reasonOf({ outcome }: BuyerRequest, texts: SalesTexts): string {
  const code = ERROR_CODE_NAMES.find((name) => name === outcome) ?? ('internal' as ErrorCode);
  try {
    return describeError(code, { id: '—', seconds: 30, clientId: '', container: '' }, texts.locale, 'buyer');
  } catch {
    return texts.plain('apology');
  }
}

/** Sends what is due; a buyer who wants to hear nothing is left alone, a failing Telegram is asked again. */
async function sendNotices(shop: Shop): Promise<void> {
  const { desk } = shop;
  for (;;) {
    const notices = await desk.claimNotices(NOTICES, NOTICE_SECONDS);
    for (const notice of notices) await sendNotice(shop, notice);
    if (notices.length < NOTICES) return;
  }
}

async function sendNotice(shop: Shop, notice: Notice): Promise<void> {
  const { desk, services } = shop;
  try {
    const texts = await textsOf(shop, notice.buyerId);
    const bot =
      notice.clientId === null ? undefined : await desk.readBot(notice.clientId, notice.buyerId).catch(() => undefined);
    const { html, rows } = noticeScreen(texts, notice, bot);
    await tell(shop.api, notice.chatId, html, rows);
    await desk.settleNotice(notice.id, 'sent');
  } catch (error) {
    if (isUnwelcome(error)) return await desk.settleNotice(notice.id, 'blocked');
    services.logger.warn({ err: error, notice: notice.kind }, 'a notice could not be sent');
    if (notice.tries >= NOTICE_TRIES) await desk.settleNotice(notice.id, 'given_up');
    else await desk.settleNotice(notice.id, 'waits', NOTICE_AGAIN_SECONDS);
  }
}
