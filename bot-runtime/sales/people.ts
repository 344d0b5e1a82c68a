/** Owns what the Sales Bot remembers of people: who they are, their language, and the question that is open. */
import * as z from 'zod';
import type { Database } from '#core/postgres/database.ts';
import { LOCALES, type Locale } from '#shared/schemas/tenant.ts';

/** Somebody who has written to the bot. */
export interface Person {
  readonly telegramId: number;
  readonly name: string;
  readonly locale: Locale;
  readonly referral: string | null;
}

const questionSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('company'), order: z.string() }),
  /** The order's bot: by a pasted token, or made by one tap. */
  z.object({ ask: z.literal('bot'), order: z.string() }),
  z.object({ ask: z.literal('contact'), order: z.string() }),
  z.object({ ask: z.literal('new_token'), client: z.string() }),
]);

/** What a person was asked that only a message can answer. */
export type Question = z.infer<typeof questionSchema>;

/** A request whose end is to be told. */
export interface FollowedRequest {
  readonly id: string;
  readonly buyerId: number;
  readonly chatId: number;
  readonly afterwards: 'delete' | null;
}

/** The register of people and their open questions, in the bot's own schema. */
export interface People {
  /** Writes the person down, with the name that they go by today; their choice of language stays. */
  meet(person: Omit<Person, 'referral'>, referral?: string): Promise<Person>;
  find(telegramId: number): Promise<Person | undefined>;
  setLocale(telegramId: number, locale: Locale): Promise<void>;
  setBlocked(telegramId: number, blocked: boolean): Promise<void>;
  question(telegramId: number): Promise<Question | undefined>;
  ask(telegramId: number, question: Question, updateId: number): Promise<void>;
  /** Closes the open question; true when there was one. */
  close(telegramId: number): Promise<boolean>;
  /** Remembers the bot that was made by one tap for an order: it is closed until the order is active. */
  noteManaged(orderId: string, botId: number): Promise<void>;
  managedOf(orderId: string): Promise<number | undefined>;
  /** Follows a request of a buyer until its end has been told; a deletion may come after an export. */
  follow(id: string, buyerId: number, chatId: number, afterwards?: 'delete'): Promise<void>;
  followed(): Promise<readonly FollowedRequest[]>;
  isFollowed(id: string): Promise<boolean>;
  unfollow(id: string): Promise<void>;
  /** Until when all changes of orders have been shown; milliseconds since the epoch. */
  shownUntil(): Promise<number | undefined>;
  setShownUntil(at: number): Promise<void>;
  /** Writes down that something was told; false when it had been told before. */
  noteTold(subject: string, kind: string): Promise<boolean>;
  wasTold(subject: string, kind: string): Promise<boolean>;
}

const personSchema = z.object({
  telegram_id: z.coerce.number(),
  name: z.string(),
  locale: z.enum(LOCALES),
  referral: z.string().nullable(),
});

const followedSchema = z.object({
  id: z.string(),
  buyer_id: z.coerce.number(),
  chat_id: z.coerce.number(),
  and_then: z.enum(['delete']).nullable(),
});

function personOf(row: unknown): Person {
  const { telegram_id: telegramId, ...person } = personSchema.parse(row);
  return { telegramId, ...person };
}

/** Opens the register. */
export function openPeople(database: Database): People {
  return {
    async meet({ telegramId, name, locale }, referral) {
      const { rows } = await database.query(
        `INSERT INTO people (telegram_id, name, locale, referral) VALUES ($1, $2, $3, $4)
         ON CONFLICT (telegram_id) DO UPDATE SET name = $2, seen_at = now(), blocked = false,
           referral = coalesce(people.referral, $4)
         RETURNING telegram_id, name, locale, referral`,
        [telegramId, name, locale, referral ?? null],
      );
      return personOf(rows[0]);
    },
    async find(telegramId) {
      const { rows } = await database.query(
        'SELECT telegram_id, name, locale, referral FROM people WHERE telegram_id = $1',
        [telegramId],
      );
      return rows[0] === undefined ? undefined : personOf(rows[0]);
    },
    async setLocale(telegramId, locale) {
      await database.query('UPDATE people SET locale = $2 WHERE telegram_id = $1', [telegramId, locale]);
    },
    async setBlocked(telegramId, blocked) {
      await database.query('UPDATE people SET blocked = $2 WHERE telegram_id = $1', [telegramId, blocked]);
    },
    async question(telegramId) {
      const { rows } = await database.query('SELECT state FROM dialogs WHERE telegram_id = $1', [telegramId]);
      return questionSchema.safeParse(rows[0]?.['state']).data;
    },
    async ask(telegramId, question, updateId) {
      await database.query(
        `INSERT INTO dialogs (telegram_id, state, update_id) VALUES ($1, $2, $3)
         ON CONFLICT (telegram_id) DO UPDATE SET state = $2, update_id = $3, updated_at = now()`,
        [telegramId, JSON.stringify(question), updateId],
      );
    },
    async close(telegramId) {
      const { rowCount } = await database.query('DELETE FROM dialogs WHERE telegram_id = $1', [telegramId]);
      return rowCount > 0;
    },
    async noteManaged(orderId, botId) {
      await database.query(
        'INSERT INTO managed (order_id, bot_id) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET bot_id = $2',
        [orderId, botId],
      );
    },
    async managedOf(orderId) {
      const { rows } = await database.query('SELECT bot_id FROM managed WHERE order_id = $1', [orderId]);
      return rows[0] === undefined ? undefined : Number(rows[0]['bot_id']);
    },
    async follow(id, buyerId, chatId, afterwards) {
      await database.query(
        'INSERT INTO followed (id, buyer_id, chat_id, and_then) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [id, buyerId, chatId, afterwards ?? null],
      );
    },
    async followed() {
      const { rows } = await database.query('SELECT id, buyer_id, chat_id, and_then FROM followed ORDER BY since');
      return rows.map((row) => {
        const { buyer_id: buyerId, chat_id: chatId, and_then, id } = followedSchema.parse(row);
        return { id, buyerId, chatId, afterwards: and_then };
      });
    },
    async isFollowed(id) {
      const { rowCount } = await database.query('SELECT FROM followed WHERE id = $1', [id]);
      return rowCount > 0;
    },
    async unfollow(id) {
      await database.query('DELETE FROM followed WHERE id = $1', [id]);
    },
    async shownUntil() {
      const { rows } = await database.query(`SELECT value FROM settings WHERE key = 'shown_until'`);
      return z.number().optional().parse(rows[0]?.['value']);
    },
    async setShownUntil(at) {
      await database.query(
        `INSERT INTO settings (key, value) VALUES ('shown_until', $1) ON CONFLICT (key) DO UPDATE SET value = $1`,
        [JSON.stringify(at)],
      );
    },
    async noteTold(subject, kind) {
      const { rowCount } = await database.query(
        'INSERT INTO told (subject, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [subject, kind],
      );
      return rowCount > 0;
    },
    async wasTold(subject, kind) {
      const { rowCount } = await database.query('SELECT FROM told WHERE subject = $1 AND kind = $2', [subject, kind]);
      return rowCount > 0;
    },
  };
}
