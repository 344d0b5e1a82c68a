/** The people of the simulated world. */
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';
import type { PrivateChat, User } from './types.ts';

/** A person with a Telegram account. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly lastName?: string | undefined;
  readonly username?: string | undefined;
  readonly languageCode?: string | undefined;
  readonly isPremium: boolean;
  /** International form without the plus sign. */
  readonly phone: string;
  deactivated: boolean;
}

/** What must be known to make a person. */
export interface NewPerson {
  readonly name: string;
  readonly lastName?: string | undefined;
  readonly username?: string | undefined;
  readonly languageCode?: string | undefined;
  readonly isPremium?: boolean | undefined;
  readonly phone?: string | undefined;
}

/** All people. */
export class People {
  readonly #people = new Map<number, Person>();
  readonly #usernames = new Map<string, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Makes a person. The caller has checked that the username is free. */
  add(input: NewPerson): Person {
    let id = this.#randomId();
    while (this.#people.has(id)) id = this.#randomId();
    const phone = input.phone ?? `7999${randomBetween(this.#random, 1_000_000, 9_999_999)}`;
    const person: Person = { ...input, id, isPremium: input.isPremium ?? false, phone, deactivated: false };
    this.put(person);
    return person;
  }

  /** Takes over a person saved before. */
  put(person: Person): void {
    this.#people.set(person.id, person);
    if (person.username !== undefined) this.#usernames.set(person.username.toLowerCase(), person.id);
  }

  /** The person of this id. */
  get(id: number): Person | undefined {
    return this.#people.get(id);
  }

  /** Whether a person has this username, in any letter case. */
  hasUsername(username: string): boolean {
    return this.#usernames.has(username.toLowerCase());
  }

  /** Everybody, oldest first. */
  list(): readonly Person[] {
    return [...this.#people.values()];
  }

  /** Forgets everybody. */
  clear(): void {
    this.#people.clear();
    this.#usernames.clear();
  }

  #randomId(): number {
    return randomBetween(this.#random, 1_000_000_000, 7_999_999_999);
  }
}

/** The person as a sender. */
export function userOf(person: Person): User {
  return {
    id: person.id,
    is_bot: false,
    first_name: person.deactivated ? '' : person.name,
    last_name: person.lastName,
    username: person.username,
    language_code: person.languageCode,
    is_premium: person.isPremium ? true : undefined,
  };
}

/** The private chat with the person, as every bot sees it. */
export function chatOf(person: Person): PrivateChat {
  return {
    id: person.id,
    first_name: person.name,
    last_name: person.lastName,
    username: person.username,
    type: 'private',
  };
}
