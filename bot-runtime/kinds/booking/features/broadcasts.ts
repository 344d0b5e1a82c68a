/** Owns writing to all customers who agreed: the message, its preview, how far it is, and stopping it. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import {
  type Broadcast,
  beginBroadcast,
  countAgreed,
  findBroadcast,
  listBroadcasts,
  stopBroadcast,
} from '../repository/broadcasts.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { momentLabel } from './details.ts';
import { backToMenu } from './owner-menu.ts';

const SHOWN = 5;
const CELLS = 10;

/** Shows who would get a message, and the last ones. */
export async function showBroadcasts(turn: Turn): Promise<void> {
  const { texts, desk } = turn;
  const { database } = desk.services;
  const [count, broadcasts] = await Promise.all([countAgreed(database), listBroadcasts(database, SHOWN)]);
  const rows = broadcasts.map((broadcast): Button[] => [
    [
      `${momentLabel(turn, broadcast.createdAt)} · ${broadcast.sent}/${broadcast.customers}`,
      { kind: 'broadcast', broadcast: broadcast.id },
    ],
  ]);
  const write: Button[] = count === 0 ? [] : [[texts.plain('button-broadcast-write'), { kind: 'askBroadcast' }]];
  await show(turn, texts.html('broadcasts-title', { count }), keyboard([write, ...rows, [backToMenu(turn)]]));
}

/** Asks for the message. */
export async function askBroadcast(turn: Turn): Promise<void> {
  await askFor(turn, broadcastAnswers.broadcast, { field: 'broadcast', id: 0 });
}

/** The message that is written: whatever Telegram can copy. */
export const broadcastAnswers: Answers<'broadcast'> = {
  broadcast: {
    prompt: ({ texts }) => texts.html('broadcast-ask'),
    back: () => ({ kind: 'broadcasts' }),
    async take(turn): Promise<Taken> {
      const { ctx, chatId, texts, desk } = turn;
      const messageId = ctx.message?.message_id;
      if (messageId === undefined) return { problem: texts.html('broadcast-ask') };
      await ctx.api.copyMessage(chatId, chatId, messageId);
      const count = await countAgreed(desk.services.database);
      const send: Button = [
        texts.plain('button-broadcast-send', { count }),
        { kind: 'sendBroadcast', message: messageId },
      ];
      const again: Button = [texts.plain('button-text-again'), { kind: 'askBroadcast' }];
      await show(turn, texts.html('broadcast-preview', { count }), keyboard([[send], [again], [backToMenu(turn)]]));
      return 'done';
    },
  },
};

/** Sends. The same press again shows how far it is. */
export async function sendBroadcast(turn: Turn, messageId: number): Promise<void> {
  const { desk, chatId, now } = turn;
  const id = await beginBroadcast(desk.services.database, requestOf(turn), { chatId, messageId }, now);
  desk.wake();
  await showBroadcast(turn, id);
}

/** Shows how far one is. */
export async function showBroadcast(turn: Turn, id: number): Promise<void> {
  const { texts, desk } = turn;
  const broadcast = await findBroadcast(desk.services.database, id);
  if (broadcast === undefined) return await answerPress(turn.ctx, texts.plain('button-old'), true);
  const { sent, failed, left, customers, stopped } = broadcast;
  const title = texts.html(left > 0 ? 'broadcast-goes' : stopped ? 'broadcast-stopped' : 'broadcast-done');
  const html = `${title}\n${bar(broadcast)}\n${texts.html('broadcast-figures', { sent, failed, left, customers })}`;
  const going: Button[] =
    left === 0
      ? []
      : [
          [texts.plain('button-refresh'), { kind: 'broadcast', broadcast: id }],
          [texts.plain('button-broadcast-stop'), { kind: 'stopBroadcast', broadcast: id }],
        ];
  await show(turn, html, keyboard([going, [[texts.plain('button-back'), { kind: 'broadcasts' }]]]));
}

/** Stops one. */
export async function endBroadcast(turn: Turn, id: number): Promise<void> {
  await stopBroadcast(turn.desk.services.database, requestOf(turn), id, turn.now);
  await showBroadcast(turn, id);
}

function bar({ customers, left }: Broadcast): string {
  const full = customers === 0 ? CELLS : Math.floor((CELLS * (customers - left)) / customers);
  return '█'.repeat(full) + '░'.repeat(CELLS - full);
}
