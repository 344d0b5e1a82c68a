/** What customers were told, held against what PostgreSQL and Telegram's own record know. */
import type { SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { until } from '../support/until.ts';
import type { Customer, Experience } from './customers.ts';

/** Who went through what. */
export interface Told {
  readonly personId: number;
  readonly botId: number;
  readonly seen: Experience;
}

/** A client whose customers are judged. */
export interface Judged {
  readonly clientId: string;
  readonly botId: number;
}

/** Lets customers end their dialogs, and hears what they went through. */
export async function stopAll(customers: readonly Customer[]): Promise<Told[]> {
  return await Promise.all(
    customers.map(async ({ personId, botId, stop }) => ({ personId, botId, seen: await stop() })),
  );
}

/** The bookings of each customer of one client, by Telegram's id of the person, as one JSON object. */
function bookingCountsSql(clientId: string): string {
  return `SELECT json_object_agg(telegram_id, n)::text AS counts FROM (SELECT u.telegram_id, count(b.id) AS n
    FROM ${clientId}.users u LEFT JOIN ${clientId}.bookings b ON b.user_id = u.id GROUP BY u.telegram_id) AS counted`;
}

/** Each “you are booked” is one booking, and each booking was told. `query` answers the statement's only value. */
export async function wrongEffects(
  clients: readonly Judged[],
  told: readonly Told[],
  query: (sql: string) => Promise<string>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { clientId, botId } of clients) {
    const text = await query(bookingCountsSql(clientId));
    const counts = JSON.parse(text === '' ? '{}' : text) as Readonly<Record<string, number>>;
    for (const { personId, seen } of told.filter((each) => each.botId === botId)) {
      const there = counts[String(personId)] ?? 0;
      if (there !== seen.booked)
        problems.push(`customer ${personId} of ${clientId} was told of ${seen.booked} bookings and has ${there}`);
    }
  }
  return problems;
}

/** Telegram's own record: every update was taken and confirmed, and none went unheard. */
export async function lostUpdates(
  sandbox: Pick<SandboxClient, 'recordSummary'>,
  clients: readonly Judged[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { clientId, botId } of clients) {
    const settled = until(`the updates of ${clientId} are confirmed`, async () => {
      const [record] = (await sandbox.recordSummary(botId)).bots;
      return record?.updates.pending === 0 ? record.updates : undefined;
    });
    const updates = await settled.catch(() => undefined);
    if (updates === undefined) problems.push(`updates of ${clientId} are still not confirmed`);
    else if (updates.expired + updates.dropped > 0 || updates.confirmed !== updates.created)
      problems.push(`updates of ${clientId}: ${JSON.stringify(updates)}`);
  }
  return problems;
}
