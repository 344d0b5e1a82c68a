/**
 * Owns the open question that only text can answer. It lies in Redis for an hour and may be lost at any time: the person
 * then begins again from the menu.
 */
import * as z from 'zod';
import type { KindServices } from '#bot-runtime/runtime/kind.ts';

const minute = z.number().int().min(0).max(1_440);
const week = z.array(z.tuple([z.number().int().min(1).max(7), z.array(z.object({ opens: minute, closes: minute }))]));
const SETUP_FIELDS = [
  'wizard_zone',
  'wizard_hours',
  'service_rename',
  'service_minutes',
  'service_cost',
  'service_before',
  'service_after',
  'service_seats',
  'service_photo',
  'customer_search',
  'customer_note',
  'newcomer',
  'away_hours',
  'staff_name',
  'staff_rename',
  'staff_hours',
  'staff_date',
  'setting',
  'own_text',
  'own_text_preview',
  'broadcast',
  'cancel_reason',
] as const;
const question = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('service_name') }),
  z.object({ ask: z.literal('service_duration'), name: z.string() }),
  z.object({ ask: z.literal('service_price'), name: z.string(), minutes: z.number().int() }),
  z.object({ ask: z.literal('hours') }),
  z.object({ ask: z.literal('hours_confirm'), week }),
  z.object({
    ask: z.literal('contact'),
    services: z.array(z.number().int()),
    staff: z.number().int(),
    minute: z.number(),
  }),
  z.object({ ask: z.literal('review'), booking: z.number().int() }),
  // One thing that the owner writes while setting the bot up: what, about which row, and what was said before.
  z.object({ ask: z.literal('setup'), field: z.enum(SETUP_FIELDS), id: z.number().int(), more: z.string() }),
  // Answered. It stays for a while, so that the same answer, delivered or pressed again, is known.
  z.object({ ask: z.literal('done'), question: z.number().int() }),
]);
const stored = z.object({ question, updateId: z.number().int() });

/** What the person was asked, with the answers so far. */
export type Question = z.infer<typeof question>;

/** A question with the update that led to it. */
export type OpenQuestion = z.infer<typeof stored>;

/** The open questions of one tenant's people. */
export interface Questions {
  /** The open question, or undefined when there is none, it was lost, or Redis does not answer. */
  read(chatId: number, userId: number): Promise<OpenQuestion | undefined>;
  /** Asks; replaces whatever was open. */
  ask(chatId: number, userId: number, open: OpenQuestion): Promise<void>;
  /** Forgets; answers whether one was open. */
  drop(chatId: number, userId: number): Promise<boolean>;
}

const TTL_MS = 3_600_000;

/** Keeps the questions under `<prefix>fsm:<chat>:<user>`. */
export function createQuestions({
  redis,
  redisPrefix,
  logger,
}: Pick<KindServices, 'redis' | 'redisPrefix' | 'logger'>): Questions {
  const keyOf = (chatId: number, userId: number) => `${redisPrefix}fsm:${chatId}:${userId}`;
  return {
    async read(chatId, userId) {
      try {
        return parseOpen(await redis.get(keyOf(chatId, userId)));
      } catch (error) {
        logger.warn({ err: error }, 'open question not read: Redis did not answer');
        return undefined;
      }
    },
    async ask(chatId, userId, open) {
      await redis.set(keyOf(chatId, userId), JSON.stringify(open), 'PX', TTL_MS);
    },
    async drop(chatId, userId) {
      try {
        const open = parseOpen(await redis.getdel(keyOf(chatId, userId)));
        return open !== undefined && open.question.ask !== 'done';
      } catch (error) {
        logger.warn({ err: error }, 'open question not dropped: Redis did not answer');
        return false;
      }
    },
  };
}

function parseOpen(text: string | null): OpenQuestion | undefined {
  if (text === null) {
    return undefined;
  }
  try {
    return stored.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
