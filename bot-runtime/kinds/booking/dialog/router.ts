/** Owns the way of every update: private chat, pace, person, feature; and what a person is told when it fails. */
import { type Bot, type Context, GrammyError } from 'grammy';
import type { User } from 'grammy/types';
import { isTelegramAway } from '#bot-runtime/runtime/dialog/screen.ts';
import { cleanName } from '../domain/amounts.ts';
import { decodeAction } from '../keyboards/action.ts';
import { meetPerson } from '../repository/people.ts';
import { formatsFor } from '../texts/format.ts';
import { localeFor } from '../texts/locale.ts';
import type { Texts } from '../texts/texts.ts';
import { handleMessage } from './messages.ts';
import { checkPace } from './pace.ts';
import { handlePress } from './presses.ts';
import { answerPress, type Desk, type Turn } from './turn.ts';

/** How many failed updates are remembered, so that a repeated one apologises once. */
const APOLOGIES = 100;

/** Adds the handlers. An error is apologised for and thrown on: logging and repeating are the runtime's business. */
export function addHandlers(bot: Bot, desk: Desk): void {
  const apologised = new Set<number>();
  bot.on('message', (ctx) =>
    guarded(desk, ctx, apologised, async () => {
      if (ctx.chat.type === 'private' && (await keepsPace(desk, ctx, ctx.from, 'message'))) {
        const turn = await beginTurn(desk, ctx, ctx.from);
        await (turn === undefined ? undefined : handleMessage(turn, ctx.message.text));
      }
    }),
  );
  bot.on('callback_query', (ctx) =>
    guarded(desk, ctx, apologised, async () => {
      if (ctx.chat?.type !== 'private') {
        await answerPress(ctx, (await textsFor(desk, ctx.from)).plain('private-only'), true);
      } else if (await keepsPace(desk, ctx, ctx.from, 'callback')) {
        const turn = await beginTurn(desk, ctx, ctx.from);
        await (turn === undefined ? undefined : handlePress(turn, decodeAction(ctx.callbackQuery.data ?? '')));
      }
      await answerPress(ctx);
    }),
  );
}

/** True when the update may go on. Who is too fast is told once, then nothing. */
async function keepsPace(desk: Desk, ctx: Context, from: User, what: 'message' | 'callback'): Promise<boolean> {
  const settings = await desk.settings();
  const seconds = what === 'message' ? settings.rateLimitMessageSeconds : settings.rateLimitCallbackSeconds;
  const { update_id: updateId, message } = ctx.update;
  const sentAt = message === undefined ? undefined : message.date * 1_000;
  const store = { ...desk.services, servingSince: desk.servingSince };
  const pace = await checkPace(store, { what, userId: from.id, updateId, sentAt, seconds });
  if (pace === 'note') {
    const note = (await textsFor(desk, from)).plain('slow-down');
    await (what === 'message' ? ctx.reply(note) : answerPress(ctx, note));
  }
  return pace === 'go';
}

/** Undefined for somebody whom the owner has blocked. */
async function beginTurn(desk: Desk, ctx: Context, from: User): Promise<Turn | undefined> {
  const { services } = desk;
  const { tenant, database } = services;
  const name = cleanName([from.first_name, from.last_name ?? ''].join(' '), 128) ?? String(from.id);
  const locale = localeFor(from.language_code, tenant.locale);
  const [person, settings] = await Promise.all([
    meetPerson(database, { telegramId: from.id, name, locale }, tenant.ownerId),
    desk.settings(),
  ]);
  return person.blocked
    ? undefined
    : {
        desk,
        ctx,
        updateId: ctx.update.update_id,
        chatId: ctx.chat?.id ?? from.id,
        person,
        name: cleanName(from.first_name, 64) ?? name,
        settings,
        texts: await desk.texts(person.locale),
        formats: formatsFor(person.locale, settings.zone.name),
        now: services.now(),
      };
}

async function guarded(desk: Desk, ctx: Context, apologised: Set<number>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GrammyError && error.error_code === 403) {
      desk.services.logger.info(
        { update_id: ctx.update.update_id },
        'not answered: the person does not want to hear the bot',
      );
      return;
    }
    const updateId = ctx.update.update_id;
    // Who is told to say less, or is not heard, does not say sorry: the runtime answers this update anew a little later.
    const flood = error instanceof GrammyError && error.error_code === 429;
    if (!flood && !isTelegramAway(error) && !apologised.has(updateId)) {
      if (apologised.size >= APOLOGIES) {
        apologised.clear();
      }
      apologised.add(updateId);
      await apologise(desk, ctx).catch(() => undefined);
    }
    throw error;
  }
}

/** In the language of the person's Telegram, because whatever else is known of them may be what cannot be read. */
async function apologise(desk: Desk, ctx: Context): Promise<void> {
  const text = (await textsFor(desk, ctx.from)).plain('apology');
  await (ctx.callbackQuery === undefined ? ctx.reply(text) : answerPress(ctx, text, true));
}

async function textsFor(desk: Desk, from: User | undefined): Promise<Texts> {
  return await desk.texts(localeFor(from?.language_code, desk.services.tenant.locale));
}
