/** What a kind of bot (booking, assistant…) offers to the runtime, and what the runtime gives it. It knows no kind. */
import type { Bot, Context } from 'grammy';
import type { Update } from 'grammy/types';
import type { Redis } from 'ioredis';
import type { Database } from '#core/postgres/database.ts';
import type { Listener } from '#core/postgres/listener.ts';

/** What a structured logger must offer. Objects are scrubbed of secrets before they are written. */
export interface KindLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The tenant as the sealed configuration describes it. */
export interface TenantProfile {
  /** `client_001`: also the name of its PostgreSQL schema and the prefix of its Redis keys. */
  readonly clientId: string;
  readonly company: string;
  /** The Telegram id of the buyer, who is the owner inside the bot. */
  readonly ownerId: number;
  readonly locale: 'ru' | 'en';
  /** IANA zone of the tenant's wall clock. */
  readonly timeZone: string;
}

/** Limits of the installation, from the environment (names in brackets). */
export interface KindLimits {
  /** Bookings that one customer may hold at once [MAX_BOOKINGS_PER_USER]. */
  readonly maxBookingsPerUser: number;
  /** A customer may cancel until this many hours before [CANCELLATION_HOURS]. */
  readonly cancellationHours: number;
  /** Default opening hours for a new tenant, whole hours of the day [WORK_HOURS_START, WORK_HOURS_END]. */
  readonly workHoursStart: number;
  readonly workHoursEnd: number;
  /** One message per so many seconds and user [RATE_LIMIT_MESSAGE]; 0 switches it off. */
  readonly rateLimitMessageSeconds: number;
  /** One button press per so many seconds and user [RATE_LIMIT_CALLBACK]; 0 switches it off. */
  readonly rateLimitCallbackSeconds: number;
}

/** Everything that a kind may use. Nothing else of the process is its business. */
export interface KindServices {
  readonly tenant: TenantProfile;
  readonly limits: KindLimits;
  /** PostgreSQL under the tenant's own role: unqualified table names reach its own schema only. */
  readonly database: Database;
  /** Redis under the tenant's own user: only keys that begin with {@link redisPrefix} can be touched. */
  readonly redis: Redis;
  /** `client_001:` */
  readonly redisPrefix: string;
  readonly logger: KindLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits; an abort ends the wait early and without an error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when a message that nobody asked for (a reminder, a broadcast) may go to this chat. Answers need not ask. */
  spare(chatId: number, signal?: AbortSignal): Promise<void>;
  /**
   * Hears what PostgreSQL notifies on these channels, until the bot ends. `heard` is called without a channel whenever
   * listening has begun: what was said before is lost and must be looked up.
   */
  listen(
    channels: readonly string[],
    heard: (channel: string | undefined, payload: string | undefined) => void,
  ): Listener;
}

/** A type of update, by its name in the Bot API. */
export type UpdateType = Exclude<keyof Update, 'update_id'>;

/** One kind of bot. Importing its module must load all that activation needs and start nothing. */
export interface BotKind<C extends Context = Context> {
  readonly name: string;
  /** Updates that it wants beside messages, presses and being blocked. */
  readonly updates?: readonly UpdateType[];
  /** Adds the kind's handlers. The runtime owns the bot: polling, confirming, errors and the end are not the kind's. */
  install(bot: Bot<C>, services: KindServices): KindInstance;
}

/** What the runtime asks of an installed kind. */
export interface KindInstance {
  /** Called once, a moment after polling has begun: command lists and such. A failure is logged, not fatal. */
  onStarted(): Promise<void>;
  /** Called once when the bot is to end, after the last update was handled. */
  close(): Promise<void>;
}
