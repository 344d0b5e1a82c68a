/**
 * In-memory models of PostgreSQL, Redis, the engine, Telegram and the shop under one seeded clock and chance, with the
 * promises that are checked whenever one of them changes.
 */
import type { Bug, Fault } from './names.ts';

/** A step of an actor: it says how long it sleeps, in ms; anything may happen meanwhile. */
export type Steps<T = void> = Generator<number, T>;
type Store = 'postgres' | 'redis' | 'engine' | 'telegram' | 'shop';

/** A call did not come through, or its answer did not. */
export class CallLost extends Error {}
/** What PostgreSQL or the engine does not allow. */
export class Refused extends Error {}
/** A promise was broken. */
export class Broken extends Error {}

/** Something that runs: a control plane, a bot's process, the people outside. */
export interface Actor {
  readonly name: string;
  readonly steps: Steps;
  wakeAt: number;
  /** Until when it stands still. */
  frozenUntil: number;
  dead: boolean;
}

/** A row of PostgreSQL: one bot for one client under one fence. */
export interface Activation {
  readonly id: number;
  readonly clientId: string;
  readonly container: string;
  readonly bootId: string;
  readonly fence: number;
  state: 'claimed' | 'active' | 'ended';
  readonly claimedAt: number;
  loginEnded: boolean;
}

/** A row of PostgreSQL: who has paid wants a bot. */
export interface Client {
  readonly clientId: string;
  readonly state: 'active';
  fence: number;
  queuedAt: number | null;
}

/** What a bot is told. */
export interface Config {
  readonly activationId: number;
  readonly clientId: string;
  readonly fence: number;
  readonly bootId: string;
}

/** One life of a container. */
export interface Process {
  readonly container: string;
  readonly bootId: string;
  readonly actor: Actor;
  config: Config | undefined;
  /** When it last asked successfully for its lease. */
  leaseAt: number | undefined;
  served: boolean;
}

interface Status {
  readonly bootId: string;
  readonly state: 'waiting' | 'activating' | 'active';
  readonly activationId: number | undefined;
  readonly until: number;
}

interface Update {
  confirmed: boolean;
  effects: number;
}

/** A payment as the shop knows it. */
export interface Payment {
  readonly id: string;
  readonly clientId: string;
  readonly amount: number;
  readonly status: 'succeeded' | 'canceled';
  /** Times at which the shop will notify. */
  readonly notifyAt: number[];
}

export const LEASE_MS = 15_000;
const STATUS_MS = 15_000;
const CONFIG_MS = 300_000;
/** What each client pays. */
export const PRICE = 990;

/** Chance of one seed. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HISTORY = 60;

/** Everything that outlives an actor. */
export class World {
  now = 0;
  readonly random: () => number;
  readonly seen = new Set<Fault>();
  /** While true, things go wrong. */
  faulty = true;
  /** From then on nobody may be lost any more: what went wrong is long over. */
  calmAt = Number.POSITIVE_INFINITY;
  readonly down: Record<Store, number> = { postgres: 0, redis: 0, engine: 0, telegram: 0, shop: 0 };
  readonly actors: Actor[] = [];
  readonly history: string[] = [];
  readonly #bugs: ReadonlySet<Bug>;
  readonly #without: ReadonlySet<Fault>;
  #next = 0;

  // PostgreSQL.
  readonly clients = new Map<string, Client>();
  readonly activations: Activation[] = [];
  readonly open = new Set<Activation>();
  readonly roster = new Map<string, { changedAt: number; retiring: boolean }>();
  readonly inbox: string[] = [];
  readonly credits = new Map<string, number>();
  readonly audit: string[] = [];
  leader = { epoch: 0, holder: '', signAt: Number.NEGATIVE_INFINITY };

  // Redis.
  statuses = new Map<string, Status>();
  leases = new Map<string, { readonly holder: string; readonly until: number }>();
  configs = new Map<string, { readonly config: Config; readonly until: number }>();
  /** When Redis last forgot something. */
  forgotAt = Number.NEGATIVE_INFINITY;

  // The engine.
  readonly containers = new Map<string, { startAt: number; restarts: number }>();
  readonly processes = new Map<string, Process>();
  poisonedUntil = 0;
  fullUntil = 0;

  // Telegram and the shop.
  readonly updates = new Map<string, Update[]>();
  readonly payments = new Map<string, Payment>();

  constructor(seed: number, bugs: readonly Bug[], without: readonly Fault[]) {
    this.random = chanceOf(seed);
    this.#bugs = new Set(bugs);
    this.#without = new Set(without);
  }

  has(bug: Bug): boolean {
    return this.#bugs.has(bug);
  }

  id(): number {
    this.#next += 1;
    return this.#next;
  }

  tell(what: string): void {
    this.history.push(`${(this.now / 1_000).toFixed(2)} s ${what}`);
    if (this.history.length > HISTORY) this.history.shift();
  }

  /** Whether a fault strikes now. One that is left out costs the same chance, so that everything else stays as it was. */
  strike(fault: Fault, share: number): boolean {
    const struck = this.random() < share;
    if (!struck || !this.faulty || this.#without.has(fault)) return false;
    this.seen.add(fault);
    this.tell(`fault: ${fault}`);
    return true;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  /** One call to a store: it may be lost on its way there, or on its way back. */
  *call<T>(store: Store, work: () => T): Steps<T> {
    yield Math.floor(this.random() * 15);
    if (this.down[store] > this.now || this.strike(`${store}_call_lost`, 0.006)) throw new CallLost(store);
    const result = work();
    if (this.strike(`${store}_answer_lost`, 0.006)) throw new CallLost(store);
    return result;
  }

  start(name: string, steps: Steps, wakeAt = this.now): Actor {
    const actor: Actor = { name, steps, wakeAt, frozenUntil: 0, dead: false };
    this.actors.push(actor);
    return actor;
  }

  status(container: string): Status | undefined {
    const status = this.statuses.get(container);
    return status !== undefined && status.until > this.now ? status : undefined;
  }

  announce(self: Process, state: Status['state']): void {
    const { container, bootId, config } = self;
    const status = { bootId, state, activationId: config?.activationId, until: this.now + STATUS_MS };
    this.statuses.set(container, status);
  }

  storeConfig(container: string, config: Config): void {
    this.configs.set(container, { config, until: this.now + CONFIG_MS });
  }

  /** PostgreSQL ends an activation, and its login in the same step. */
  end(activation: Activation): void {
    activation.state = 'ended';
    this.open.delete(activation);
    if (!this.has('login_survives_its_fence')) activation.loginEnded = true;
  }

  loginWorks(config: Config): boolean {
    return this.activations.find(({ id }) => id === config.activationId)?.loginEnded === false;
  }

  openOf(clientId: string): Activation | undefined {
    for (const activation of this.open) if (activation.clientId === clientId) return activation;
    return undefined;
  }
}

/** Fails with what was promised. */
export function promise(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what);
}
