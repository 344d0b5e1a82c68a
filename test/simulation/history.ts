/** One seeded history from beginning to end: whatever goes wrong, nothing that was promised breaks, and all comes to rest. */
import { create, engineLife } from './engine.ts';
import { type Bug, FAULTS, type Fault } from './names.ts';
import { badLuck, customerLife, type Planes, shopLife } from './outside.ts';
import { MAX_BOTS, MIN_FREE, planeLife } from './plane.ts';
import { type Actor, Broken, promise, World } from './world.ts';

/** How a history goes. */
export interface HistoryOptions {
  readonly bugs?: readonly Bug[];
  /** Kinds of fault that do not strike. */
  readonly without?: readonly Fault[];
  /** How long things go wrong, in simulated ms. */
  readonly horizonMs?: number;
}

/** What came of it; `broken`: the promise that was broken, with the last things that happened before. */
export interface HistoryResult {
  readonly broken: string | undefined;
  readonly history: readonly string[];
  readonly seen: ReadonlySet<Fault>;
  readonly updates: number;
}

const HORIZON_MS = 60_000;
/** After the last fault everything is well again within this time. */
const REST_MS = 90_000;
const LOOK_MS = 1_000;
const BOTS = 6;
/** What was frozen may find out late that its rights are over; from then on, rest lasts. */
const CALM_MS = 20_000;
const STAYS_MS = 25_000;
const PLANE_RESTART_MS = 3_000;

/** Runs the history of one seed. */
export function runHistory(seed: number, options: HistoryOptions = {}): HistoryResult {
  const { bugs = [], without = [], horizonMs = HORIZON_MS } = options;
  const world = new World(seed, bugs, without);
  let broken: string | undefined;
  try {
    begin(world, horizonMs);
    play(world, () => world.now < horizonMs);
    heal(world);
    let lookAt = 0;
    let unrest: string | undefined = 'nobody has looked';
    play(world, () => {
      if (world.now >= lookAt) {
        unrest = unrestOf(world);
        lookAt = world.now + LOOK_MS;
      }
      return unrest !== undefined && world.now < horizonMs + REST_MS;
    });
    promise(unrest === undefined, `it comes to rest: ${unrest}`);
    world.calmAt = world.now + CALM_MS;
    play(world, () => world.now < world.calmAt + STAYS_MS);
    promise(unrestOf(world) === undefined, `it stays at rest: ${unrestOf(world)}`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken = error.message;
  }
  const updates = [...world.updates.values()].reduce((sum, all) => sum + all.length, 0);
  return { broken, history: world.history, seen: world.seen, updates };
}

/** Leaves out kinds of fault, and shortens, as long as something still breaks. */
export function shrinkHistory(seed: number, options: HistoryOptions): HistoryOptions {
  let smallest = options;
  const stillBreaks = (wish: HistoryOptions): boolean => runHistory(seed, wish).broken !== undefined;
  for (const fault of FAULTS) {
    const fewer = { ...smallest, without: [...(smallest.without ?? []), fault] };
    if (stillBreaks(fewer)) smallest = fewer;
  }
  for (let horizonMs = HORIZON_MS / 2; horizonMs >= 2_500; horizonMs /= 2) {
    if (stillBreaks({ ...smallest, horizonMs })) smallest = { ...smallest, horizonMs };
  }
  return smallest;
}

function begin(world: World, horizonMs: number): void {
  for (let number = 0; number < BOTS; number += 1) {
    const name = `bot-${world.id()}`;
    world.roster.set(name, { changedAt: 0, retiring: false });
    create(world, name);
  }
  const planes = ['a', 'b'].map((name) => ({ name, shift: 0, actor: undefined as Actor | undefined }));
  const raise = (plane: (typeof planes)[number], at: number): void => {
    plane.actor = world.start(
      `plane ${plane.name}`,
      planeLife(world, plane.name, () => plane.shift),
      at,
    );
  };
  for (const plane of planes) raise(plane, 0);
  const luck: Planes = {
    kill() {
      const plane = world.pick(planes);
      if (plane?.actor === undefined) return;
      plane.actor.dead = true;
      raise(plane, world.now + PLANE_RESTART_MS);
    },
    freeze(until) {
      const actor = world.pick(planes)?.actor;
      if (actor !== undefined) actor.frozenUntil = until;
    },
    jump(ms) {
      const plane = world.pick(planes);
      if (plane !== undefined) plane.shift += ms;
    },
  };
  world.start('engine', engineLife(world));
  world.start('shop', shopLife(world, horizonMs));
  world.start('customers', customerLife(world, horizonMs));
  world.start('bad luck', badLuck(world, luck));
}

/** Lets whoever is due make a step, one after the other. */
function play(world: World, goesOn: () => boolean): void {
  while (goesOn()) {
    let next: Actor | undefined;
    let at = Number.POSITIVE_INFINITY;
    for (let index = world.actors.length - 1; index >= 0; index -= 1) {
      const actor = world.actors[index];
      if (actor === undefined || actor.dead) {
        world.actors.splice(index, 1);
        continue;
      }
      const wakes = Math.max(actor.wakeAt, actor.frozenUntil);
      if (wakes < at) [next, at] = [actor, wakes];
    }
    if (next === undefined) return;
    world.now = Math.max(world.now, at);
    const step = next.steps.next();
    if (step.done === true) next.dead = true;
    else next.wakeAt = world.now + step.value;
  }
}

/** Nothing goes wrong any more. */
function heal(world: World): void {
  world.faulty = false;
  for (const store of ['postgres', 'redis', 'engine', 'telegram', 'shop'] as const) world.down[store] = 0;
  world.poisonedUntil = 0;
  world.fullUntil = 0;
  for (const actor of world.actors) actor.frozenUntil = Math.min(actor.frozenUntil, world.now);
  world.tell('nothing goes wrong any more');
}

/** What is not yet as it was promised; undefined when everything is. */
function unrestOf(world: World): string | undefined {
  for (const { id, clientId, amount, status } of world.payments.values()) {
    const credited = world.credits.get(id);
    if (status === 'canceled' && credited === undefined) continue;
    if (credited !== amount) return `${id} is not applied`;
    if (!world.audit.includes(id)) return `${id} is not in the audit`;
    if (!serves(world, clientId)) return `${clientId} has paid and has no bot`;
  }
  for (const [client, updates] of world.updates) {
    if (updates.some(({ confirmed, effects }) => confirmed && effects === 0)) return `an update of ${client} is lost`;
    if (updates.some(({ confirmed }) => !confirmed)) return `an update of ${client} waits`;
  }
  if (world.inbox.length > 0) return 'a notification is not handled';
  return poolUnrest(world);
}

function serves(world: World, clientId: string): boolean {
  const activation = world.openOf(clientId);
  if (activation?.state !== 'active') return false;
  const process = world.processes.get(activation.container);
  return process?.bootId === activation.bootId && !process.actor.dead && process.served;
}

function poolUnrest(world: World): string | undefined {
  for (const name of world.roster.keys()) if (!world.containers.has(name)) return `${name} is missing`;
  for (const name of world.containers.keys()) if (!world.roster.has(name)) return `${name} is nobody's`;
  const waiting = [...world.processes.keys()].filter((name) => world.status(name)?.state === 'waiting').length;
  if (waiting < MIN_FREE && world.roster.size < MAX_BOTS) return `${waiting} bots wait`;
  return world.now - world.leader.signAt > 12_000 ? 'nobody leads' : undefined;
}
