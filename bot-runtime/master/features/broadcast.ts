/** Owns messages to all buyers: shown before they go, and followed while they do. */

import { escapeHtml } from '#bot-runtime/runtime/dialog/html.ts';
import { change, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import { bar } from '../domain/bars.ts';
import { actorOf, ask, button, type Turn } from '../turn.ts';

const MAX_CHARACTERS = 3_500;
const LOOK_MS = 1_000;
/** A progress that nobody looks at any more is not followed for ever; the button shows it again. */
const FOLLOW_LOOKS = 600;

/** Shows the message as buyers would see it; nothing goes before the button is pressed. */
export async function prepareBroadcast(turn: Turn, text: string): Promise<void> {
  const { ctx, texts, office, updateId, operatorId } = turn;
  const words = text.trim();
  if (words === '' || [...words].length > MAX_CHARACTERS) return void (await show(ctx, texts.html('broadcast-usage')));
  const id = idOf('broadcast', operatorId, updateId);
  await office.services.database.query(
    `INSERT INTO dialogs (telegram_id, state, update_id) VALUES ($1, $2, $3)
     ON CONFLICT (telegram_id) DO UPDATE SET state = $2, update_id = $3, updated_at = now()`,
    [operatorId, JSON.stringify({ id, text: words }), updateId],
  );
  await show(ctx, `${texts.html('ask-broadcast')}\n\n${escapeHtml(words)}`, [
    [button(texts, 'button-send', 'bs', id)],
    [button(texts, 'button-no', 'no')],
  ]);
}

/** Sends the prepared message, if it is still the one that was shown. */
export async function sendBroadcast(turn: Turn, id: string): Promise<void> {
  const { office, operatorId, texts, ctx } = turn;
  const { rows } = await office.services.database.query<{ state: { id: string; text: string } }>(
    'SELECT state FROM dialogs WHERE telegram_id = $1',
    [operatorId],
  );
  const prepared = rows[0]?.state;
  if (prepared?.id !== id) return void (await show(ctx, texts.html('broadcast-gone')));
  await ask(turn, 'broadcast.start', { id, text: prepared.text });
  await showBroadcast(turn, id);
}

/** Shows how far it has come, and goes on showing it by itself. */
export async function showBroadcast(turn: Turn, id: string): Promise<void> {
  const { ctx, chatId, office } = turn;
  const { html, over } = await progress(turn, id, 0);
  const messageId = await show(ctx, html, over ? [] : [[button(turn.texts, 'button-stop', 'bx', id)]]);
  if (over || messageId === undefined) return;
  void follow(turn, id, { chatId, messageId }).catch((error: unknown) =>
    office.services.logger.warn({ err: error }, 'the progress of a broadcast is not shown any more'),
  );
}

async function follow(turn: Turn, id: string, at: { chatId: number; messageId: number }): Promise<void> {
  for (let look = 1; look <= FOLLOW_LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
    const { html, over } = await progress(turn, id, look);
    const rows = over ? [] : [[button(turn.texts, 'button-stop', 'bx', id)]];
    if (!(await change(turn.office.api, at, html, rows)) || over) return;
  }
}

async function progress({ office, operatorId, updateId, texts }: Turn, id: string, look: number) {
  const question = idOf('progress', operatorId, updateId, id, look);
  const done = await office.commands.ask(question, actorOf(operatorId), 'broadcast.progress', { id });
  const ended = done.sent + done.refused + done.failed;
  const share = done.total === 0 ? 1 : ended / done.total;
  const { over, ...facts } = done;
  return { html: texts.html(over ? 'broadcast-over' : 'broadcast-progress', { ...facts, bar: bar(share) }), over };
}

/** Sends it to nobody more. */
export async function stopBroadcast(turn: Turn, id: string): Promise<void> {
  await ask(turn, 'broadcast.stop', { id });
  await showBroadcast(turn, id);
}
