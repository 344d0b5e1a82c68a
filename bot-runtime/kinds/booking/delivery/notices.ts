/** Owns what the bot tells by itself beside reminders. */
import type { Api } from 'grammy';
import type { Desk } from '../dialog/turn.ts';
import type { ClaimedNotice, Outcome } from '../repository/queue.ts';

/** Tells one. A kind that this version does not know was written by a later one, and is left to fail in the log. */
export async function sendNotice(desk: Desk, _api: Api, { kind, id }: ClaimedNotice): Promise<Outcome> {
  desk.services.logger.error({ notice: id, kind }, 'this version cannot tell such a notice');
  return await Promise.resolve('failed');
}
