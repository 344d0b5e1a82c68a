/** One-time tickets for links that sign somebody in, and the brake on guessing. Time and randomness are handed in. */
import { secretHash } from '#core/access/sessions.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** A link that nobody has followed is void after this time. */
export const TICKET_MS = 60 * 60 * 1_000;
const MOST_TICKETS = 50;

/** Tickets of one host. They live in its memory: a host that ends takes them with it. */
export interface Tickets {
  /** A new ticket and the instant at which it is void, in ms since the epoch. */
  issue(): { readonly ticket: string; readonly expiresAt: number };
  /** Uses a ticket up. False when it is unknown, used or void. */
  redeem(ticket: string): boolean;
}

/** Makes an empty store. `newSecret`: 256 random bits as text. */
export function createTickets(now: () => number, newSecret: () => string): Tickets {
  const open = new Map<string, number>();
  return {
    issue() {
      const ticket = newSecret();
      const expiresAt = now() + TICKET_MS;
      open.set(secretHash(ticket), expiresAt);
      const [oldest] = open.keys();
      if (open.size > MOST_TICKETS && oldest !== undefined) open.delete(oldest);
      return { ticket, expiresAt };
    },
    redeem(ticket) {
      const hash = secretHash(ticket);
      const expiresAt = open.get(hash);
      open.delete(hash);
      return expiresAt !== undefined && expiresAt > now();
    },
  };
}

/** Failures that are free, within this time; then each one costs a pause that doubles. */
const FREE_FAILURES = 5;
const WINDOW_MS = 15 * 60 * 1_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15 * 60 * 1_000;
const MOST_KEYS = 10_000;

/** Slows down whoever guesses. A key is a name or an address. */
export interface SignInBrake {
  /** Fails with `sign_in_paused` while any of the keys is paused. */
  check(keys: readonly string[]): void;
  failed(keys: readonly string[]): void;
  /** Whoever has come in has not been guessing. */
  succeeded(keys: readonly string[]): void;
}

interface Failures {
  readonly count: number;
  readonly at: number;
}

/** How long a key is paused after so many failures within the window, in ms. */
export function pauseAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FREE_FAILURES));
}

/** Makes a brake that has seen nothing. */
export function createSignInBrake(now: () => number): SignInBrake {
  const seen = new Map<string, Failures>();
  const recent = (key: string): Failures | undefined => {
    const failures = seen.get(key);
    return failures === undefined || now() - failures.at > WINDOW_MS ? undefined : failures;
  };
  return {
    check(keys) {
      const waits = keys.map((key) => {
        const failures = recent(key);
        return failures === undefined ? 0 : failures.at + pauseAfter(failures.count) - now();
      });
      const longest = Math.max(0, ...waits);
      if (longest > 0) throw new BotpoolError('sign_in_paused', { seconds: Math.ceil(longest / 1_000) });
    },
    failed(keys) {
      for (const key of keys) {
        const count = (recent(key)?.count ?? 0) + 1;
        // Moved to the end: the ones that were quiet longest are forgotten first.
        seen.delete(key);
        seen.set(key, { count, at: now() });
        const [oldest] = seen.keys();
        if (seen.size > MOST_KEYS && oldest !== undefined) seen.delete(oldest);
      }
    },
    succeeded(keys) {
      for (const key of keys) seen.delete(key);
    },
  };
}
