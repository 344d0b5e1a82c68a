/** Remembers for 24 hours what each Idempotence-Key came to. */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ShopError } from './shop-error.ts';

/** What a key came to. */
export interface IdempotenceEntry {
  /** Of the request: its path and body. */
  readonly hash: string;
  readonly objectId: string;
  readonly at: number;
}

const REMEMBERED_MS = 24 * 3_600_000;
const LONGEST_KEY = 64;

/** The keys of one shop. */
export class Idempotence {
  readonly #clock: Clock;
  readonly #entries = new Map<string, IdempotenceEntry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Checks a key of a request. Throws `invalid_request`. */
  static read(key: string | undefined): string {
    if (key === undefined || key === '') {
      throw new ShopError('invalid_request', 'Idempotence key is missing.', 'Idempotence-Key');
    }
    if (key.length > LONGEST_KEY) {
      throw new ShopError('invalid_request', 'Idempotence key is too long.', 'Idempotence-Key');
    }
    return key;
  }

  /** The object that this key has made; undefined for a new one. Throws when it came with another request. */
  find(key: string, request: string, otherBody: 'refuse' | 'replay'): string | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#clock.now() - entry.at >= REMEMBERED_MS) {
      this.#entries.delete(key);
      return undefined;
    }
    if (entry.hash !== hashOf(request) && otherBody === 'refuse') {
      throw new ShopError('invalid_request', 'Idempotence key was used with another request.', 'Idempotence-Key');
    }
    return entry.objectId;
  }

  keep(key: string, request: string, objectId: string): void {
    this.#entries.set(key, { hash: hashOf(request), objectId, at: this.#clock.now() });
  }

  state(): readonly (readonly [string, IdempotenceEntry])[] {
    return [...this.#entries];
  }

  restore(entries: readonly (readonly [string, IdempotenceEntry])[]): void {
    this.#entries.clear();
    for (const [key, entry] of entries) this.#entries.set(key, entry);
  }
}

function hashOf(request: string): string {
  return createHash('sha256').update(request).digest('base64url');
}
