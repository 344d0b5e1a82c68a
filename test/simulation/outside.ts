/** What surrounds Botpool in the simulation: buyers and their shop, customers, and bad luck. */

import { vanish } from './engine.ts';
import type { Fault } from './names.ts';
import { CallLost, PRICE, type Steps, type World } from './world.ts';

const PAYMENTS = 9;
/** Some of them pay twice. */
const CLIENTS = 6;

/** Buyers pay; the shop tells of it, sometimes twice, sometimes never, and strangers tell of what never was. */
export function* shopLife(world: World, horizonMs: number): Steps {
  const due = Array.from({ length: PAYMENTS }, () => world.random() * horizonMs * 0.6).sort((a, b) => a - b);
  for (;;) {
    for (const [at, when] of due.entries()) {
      const id = `payment-${at}`;
      if (when > world.now || world.payments.has(id)) continue;
      const status = world.strike('payment_canceled', 0.2) ? 'canceled' : 'succeeded';
      const notifyAt = world.strike('notification_lost', 0.2) ? [] : [world.now + world.random() * 3_000];
      if (world.strike('notification_doubled', 0.3)) notifyAt.push(world.now + world.random() * 9_000);
      world.payments.set(id, { id, clientId: `client-${at % CLIENTS}`, amount: PRICE, status, notifyAt });
    }
    if (world.strike('notification_forged', 0.01)) yield* notify(world, `payment-${world.pick([0, 99, 100])}`);
    for (const { id, notifyAt } of world.payments.values()) {
      const ripe = notifyAt.findIndex((at) => at <= world.now);
      if (ripe < 0) continue;
      notifyAt.splice(ripe, 1);
      // What was not answered is told again.
      if (!(yield* notify(world, id))) notifyAt.push(world.now + 2_000);
    }
    yield 400;
  }
}

/** The gateway: answered once it is written down. */
function* notify(world: World, id: string): Steps<boolean> {
  if (world.has('hint_dropped_before_commit') && world.random() < 0.5) return true;
  try {
    yield* world.call('postgres', () => world.inbox.push(id));
    return true;
  } catch (error) {
    if (!(error instanceof CallLost)) throw error;
    return false;
  }
}

/** Customers write to bots that have ever served. */
export function* customerLife(world: World, horizonMs: number): Steps {
  while (world.now < horizonMs) {
    const client = world.pick([...world.clients.keys()]);
    if (client !== undefined && world.activations.some((one) => one.clientId === client && one.state !== 'claimed')) {
      const updates = world.updates.get(client) ?? [];
      updates.push({ confirmed: false, effects: 0 });
      world.updates.set(client, updates);
    }
    yield 200 + Math.floor(world.random() * 900);
  }
}

/** What bad luck needs of those who run planes. */
export interface Planes {
  kill(): void;
  freeze(ms: number): void;
  jump(ms: number): void;
}

interface Stored {
  readonly statuses: World['statuses'];
  readonly leases: World['leases'];
  readonly configs: World['configs'];
}

/** Bad luck, twice a second. */
export function* badLuck(world: World, planes: Planes): Steps {
  let stored: Stored = { statuses: new Map(), leases: new Map(), configs: new Map() };
  const long = (most: number): number => 500 + world.random() * most;
  const bots = () => [...world.processes.values()].filter(({ actor }) => !actor.dead);
  const kill = (): void => {
    const bot = world.pick(bots());
    if (bot !== undefined) bot.actor.dead = true;
  };
  const strikes: readonly (readonly [Fault, number, () => void])[] = [
    ['bot_killed', 0.03, kill],
    ['bot_frozen', 0.03, () => freeze(world.pick(bots())?.actor, world.now + long(45_000))],
    [
      'bots_killed_together',
      0.005,
      () =>
        bots().forEach(({ actor }) => {
          actor.dead = true;
        }),
    ],
    ['container_removed', 0.01, () => vanish(world, world.pick([...world.containers.keys()]) ?? '')],
    [
      'image_poisoned',
      0.005,
      () => {
        world.poisonedUntil = world.now + long(4_000);
      },
    ],
    [
      'engine_full',
      0.005,
      () => {
        world.fullUntil = world.now + long(8_000);
      },
    ],
    ['plane_killed', 0.015, planes.kill],
    ['plane_frozen', 0.03, () => planes.freeze(world.now + long(20_000))],
    ['plane_clock_jumped', 0.01, () => planes.jump((world.random() - 0.5) * 7_200_000)],
    [
      'postgres_down',
      0.008,
      () => {
        world.down.postgres = world.now + long(5_000);
      },
    ],
    [
      'redis_down',
      0.008,
      () => {
        world.down.redis = world.now + long(12_000);
      },
    ],
    [
      'telegram_down',
      0.005,
      () => {
        world.down.telegram = world.now + long(5_000);
      },
    ],
    ['redis_flushed', 0.008, () => forget(world, { statuses: new Map(), leases: new Map(), configs: new Map() })],
    ['redis_went_back', 0.005, () => forget(world, stored)],
  ];
  for (let round = 0; ; round += 1) {
    if (round % 8 === 0) {
      const { statuses, leases, configs } = world;
      stored = { statuses: new Map(statuses), leases: new Map(leases), configs: new Map(configs) };
    }
    for (const [fault, share, work] of strikes) if (world.strike(fault, share)) work();
    yield 500;
  }
}

function freeze(actor: { frozenUntil: number } | undefined, until: number): void {
  if (actor !== undefined) actor.frozenUntil = until;
}

/** Redis comes back with less than it knew. */
function forget(world: World, { statuses, leases, configs }: Stored): void {
  world.statuses = new Map(statuses);
  world.leases = new Map(leases);
  world.configs = new Map(configs);
  world.forgotAt = world.now;
}
