/**
 * A control plane in the simulation: it leads or waits to lead, applies payments, keeps bots, serves the queue, scales and
 * reconciles. Decisions are the product's own (`decide`, `diff`); the stores around them are models.
 */
import { decide, surplusOf } from '#main/autoscaler/decide.ts';
import { diff } from '#main/reconciler/diff.ts';
import type { ScalingHistory, ScalingPolicy, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { create, remove } from './engine.ts';
import { type Activation, CallLost, type Client, PRICE, promise, Refused, type Steps, type World } from './world.ts';

export const MAX_BOTS = 8;
export const MIN_FREE = 2;
const POLICY: ScalingPolicy = {
  ...{ enabled: true, minFree: MIN_FREE, batch: 2, maxTotal: MAX_BOTS, percentage: 0, schedules: [], forecast: false },
  coolDownMs: 8_000,
};
/** Without a sign for so long, a leader loses its place; it counts itself out earlier. */
const LEADER_MS = 10_000;
const LEADS_MS = 8_000;
const MISSING_MS = 15_000;
const AGAIN_MS = 1_000;
const ACTIVATION_MS = 20_000;
const SWEEP_MS = 15_000;

interface Plane {
  readonly holder: string;
  epoch: number;
  leadsUntil: number;
  sweptAt: number;
  steadySince: number | undefined;
  readonly missingSince: Map<number, number>;
  readonly scaling: { -readonly [K in keyof ScalingHistory]: ScalingHistory[K] };
}

const PARTS = [applyPayments, keep, serveQueue, scale, reconcile, lead];

/** The life of one process. `shift`: how far its wall clock is off. */
export function* planeLife(world: World, name: string, shift: () => number): Steps {
  const plane: Plane = {
    ...{ holder: `${name}#${world.id()}`, epoch: 0, leadsUntil: 0, sweptAt: 0, steadySince: undefined },
    missingSince: new Map(),
    scaling: {
      ...{ claims: 0, claimsWindowMs: 60_000, startMs: 1_500, surplusSince: null },
      ...{ failures: 0, failedAt: null, engineFull: false },
    },
  };
  for (;;) {
    for (const part of PARTS) {
      try {
        yield* part(world, plane, shift());
      } catch (error) {
        if (!(error instanceof CallLost || error instanceof Refused)) throw error;
        // Only who looks steadily can say that somebody is missing.
        plane.steadySince = undefined;
        plane.missingSince.clear();
      }
    }
    yield 300 + Math.floor(world.random() * 500);
  }
}

function* lead(world: World, plane: Plane): Steps {
  if (world.has('two_leaders') && plane.holder.startsWith('b')) {
    plane.epoch = world.leader.epoch;
    plane.leadsUntil = Number.POSITIVE_INFINITY;
    return;
  }
  const asked = world.now;
  const leads = yield* world.call('postgres', () => {
    const { leader } = world;
    const mine = leader.holder === plane.holder && leader.epoch === plane.epoch;
    const free =
      world.now - leader.signAt > LEADER_MS && !(world.has('dead_leader_keeps_its_place') && leader.epoch > 0);
    if (!mine && !free) return false;
    if (!mine) plane.epoch = leader.epoch + 1;
    world.leader = { epoch: plane.epoch, holder: plane.holder, signAt: world.now };
    return true;
  });
  plane.leadsUntil = leads ? asked + LEADS_MS : 0;
}

/** By its own clock, which went on while it slept. */
function leads(world: World, { epoch, leadsUntil }: Plane): boolean {
  return world.now < leadsUntil || (world.has('former_leader_writes') && epoch > 0);
}

/** A transaction of the leader's: PostgreSQL refuses it when another one leads by now. */
function* term<T>(world: World, plane: Plane, work: () => T): Steps<T> {
  return yield* world.call('postgres', () => {
    const { epoch, holder } = world.leader;
    if (epoch !== plane.epoch && !world.has('former_leader_writes')) throw new Refused('another one leads');
    promise(epoch === plane.epoch && holder === plane.holder, 'only the leader of now writes');
    return work();
  });
}

/** A notification is a hint: the payment is fetched, and applied once. The sweep finds what no hint told of. */
function* applyPayments(world: World, plane: Plane): Steps {
  const [hint] = yield* world.call('postgres', () => world.inbox.slice(0, 1));
  if (hint !== undefined) {
    yield* applyPayment(world, hint);
    yield* world.call('postgres', () => {
      const at = world.inbox.indexOf(hint);
      if (at >= 0) world.inbox.splice(at, 1);
    });
  }
  if (world.now - plane.sweptAt < SWEEP_MS || world.has('hint_dropped_before_commit')) return;
  const known = yield* world.call('shop', () => [...world.payments.keys()]);
  for (const id of known) if (!world.credits.has(id)) yield* applyPayment(world, id);
  plane.sweptAt = world.now;
}

function* applyPayment(world: World, id: string): Steps {
  const believed = { clientId: id.replace('payment', 'client'), amount: PRICE, status: 'succeeded' };
  const payment = world.has('notification_believed')
    ? believed
    : yield* world.call('shop', () => world.payments.get(id));
  if (payment?.status !== 'succeeded') return;
  yield* world.call('postgres', () => {
    if (world.credits.has(id) && !world.has('payment_credited_twice')) return;
    promise(world.payments.get(id)?.status === 'succeeded', 'only money that came counts');
    promise(!world.credits.has(id), 'a payment is applied once');
    world.credits.set(id, payment.amount);
    apply(world, payment.clientId);
    if (!world.has('audit_forgotten')) world.audit.push(id);
    world.tell(`${payment.clientId} has paid`);
  });
}

/** Who has no bot yet is queued; who pays again has one, or waits for one already. */
function apply(world: World, clientId: string): void {
  const { fence, queuedAt } = world.clients.get(clientId) ?? { fence: 0, queuedAt: null };
  const has = world.openOf(clientId) !== undefined && !world.has('claim_gives_a_second_bot');
  const place = has || world.has('paid_and_not_queued') ? queuedAt : (queuedAt ?? world.now);
  world.clients.set(clientId, { clientId, state: 'active', fence, queuedAt: place });
}

/** Looks after every bot that serves or shall serve. */
function* keep(world: World, plane: Plane): Steps {
  const open = yield* world.call('postgres', () => [...world.open]);
  const statuses = yield* world.call('redis', () => open.map(({ container }) => world.status(container)));
  plane.steadySince ??= world.now;
  for (const [at, activation] of open.entries()) {
    const status = statuses[at];
    if (status === undefined) {
      const since = plane.missingSince.get(activation.id) ?? world.now;
      plane.missingSince.set(activation.id, since);
      const steady = world.now - plane.steadySince >= MISSING_MS;
      if (steady && world.now - since >= MISSING_MS) yield* giveUp(world, activation, 'lost');
      continue;
    }
    plane.missingSince.delete(activation.id);
    if (status.bootId !== activation.bootId) yield* giveUp(world, activation, 'lost');
    else if (activation.state === 'claimed') yield* pursue(world, activation, status.state);
  }
}

function* pursue(world: World, activation: Activation, state: string): Steps {
  const age = world.now - activation.claimedAt;
  if (state === 'active') {
    yield* world.call('postgres', () => {
      if (activation.state === 'claimed') activation.state = 'active';
    });
  } else if (age > ACTIVATION_MS) yield* giveUp(world, activation, 'late');
  else if (state === 'waiting' && age > AGAIN_MS && !world.has('delivered_only_once'))
    yield* deliver(world, activation);
}

function* giveUp(world: World, activation: Activation, why: 'lost' | 'late'): Steps {
  yield* world.call('postgres', () => {
    if (!world.open.has(activation)) return;
    promise(world.now < world.calmAt, 'no bot is lost while all is well');
    world.end(activation);
    world.tell(`${activation.clientId} has no bot any more: ${activation.container} is ${why}`);
    const client = world.clients.get(activation.clientId);
    const forgotten = world.has(why === 'lost' ? 'lost_bot_is_not_replaced' : 'ended_and_not_queued');
    if (client !== undefined && !forgotten) client.queuedAt = world.now;
  });
}

/** PostgreSQL decides, Redis delivers. */
function* serveQueue(world: World): Steps {
  const waiting = yield* world.call('redis', () =>
    [...world.statuses.keys()].filter((name) => world.status(name)?.state === 'waiting'),
  );
  const candidates = waiting.map((name) => ({ name, bootId: world.status(name)?.bootId ?? '' }));
  const activation = yield* world.call('postgres', () => claim(world, candidates));
  if (activation !== undefined) yield* deliver(world, activation);
}

function claim(world: World, candidates: readonly { name: string; bootId: string }[]): Activation | undefined {
  const queue = [...world.clients.values()].filter(({ queuedAt }) => queuedAt !== null).sort(byPlace);
  const client = world.has('queue_out_of_order') ? queue.at(-1) : queue[0];
  if (client === undefined) return undefined;
  if (world.openOf(client.clientId) !== undefined && !world.has('claim_gives_a_second_bot')) {
    client.queuedAt = null;
    return undefined;
  }
  const free = candidates.find(({ name, bootId }) => isFree(world, name, bootId));
  if (free === undefined) return undefined;
  promise(client === queue[0], 'who has waited longest is served first');
  client.queuedAt = null;
  if (client.fence === 0 || !world.has('claim_without_a_new_fence')) client.fence += 1;
  const row = { id: world.id(), clientId: client.clientId, container: free.name, bootId: free.bootId };
  const activation: Activation = {
    ...{ ...row, fence: client.fence, state: 'claimed', claimedAt: world.now, loginEnded: false },
  };
  const before = world.activations.filter(({ clientId }) => clientId === client.clientId);
  promise(
    before.every(({ fence }) => fence < activation.fence),
    'every activation of a client has a later fence',
  );
  const shared = world.activations.some(({ container, bootId }) => container === free.name && bootId === free.bootId);
  promise(!shared, 'a process is given once');
  promise(world.openOf(client.clientId) === undefined, 'a client has one bot');
  world.activations.push(activation);
  world.open.add(activation);
  world.tell(`${client.clientId} gets ${free.name} under fence ${activation.fence}`);
  return activation;
}

function byPlace(one: Client, other: Client): number {
  return (one.queuedAt ?? 0) - (other.queuedAt ?? 0);
}

function isFree(world: World, name: string, bootId: string): boolean {
  if (world.roster.get(name)?.retiring !== false) return false;
  if (world.has('claim_takes_a_taken_bot')) return true;
  return !world.activations.some((one) => one.container === name && one.bootId === bootId);
}

function* deliver(world: World, activation: Activation): Steps {
  const { id, clientId, container, bootId, fence } = activation;
  yield* world.call('redis', () => {
    const status = world.status(container);
    if (status?.bootId !== bootId && !world.has('configuration_for_any_process')) return;
    if (status?.state !== 'waiting') return;
    world.storeConfig(container, { activationId: id, clientId, bootId, fence });
  });
}

function* scale(world: World, plane: Plane, shift: number): Steps {
  if (!leads(world, plane)) return;
  const waits = yield* world.call('redis', () =>
    [...world.roster.keys()].filter((name) => world.status(name)?.state === 'waiting'),
  );
  const snapshot = yield* world.call('postgres', () => snapshotOf(world, waits));
  const policy = world.has('maximum_ignored') ? { ...POLICY, maxTotal: 1_000 } : POLICY;
  const now = world.now + shift;
  const decision = decide(snapshot, policy, plane.scaling, now);
  // Every decision is written down, which only the leader of now may do.
  yield* term(world, plane, () => undefined);
  const surplus = surplusOf(snapshot, policy, decision.needed) > 0;
  plane.scaling.surplusSince = surplus ? (plane.scaling.surplusSince ?? now) : null;
  for (let count = 0; count < decision.count; count += 1) {
    if (decision.action === 'grow') yield* grow(world, plane, policy.maxTotal, now);
    else yield* shrink(world, plane, waits);
  }
}

function snapshotOf(world: World, waits: readonly string[]): ScalingSnapshot {
  const serving = new Set([...world.open].map(({ container }) => container));
  const waiting = waits.filter((name) => !serving.has(name) && world.roster.get(name)?.retiring === false).length;
  const staying = [...world.roster.values()].filter(({ retiring }) => !retiring).length;
  const queued = [...world.clients.values()].filter(({ queuedAt }) => queuedAt !== null).length;
  return {
    ...{ waiting, serving: serving.size, starting: Math.max(0, staying - waiting - serving.size), stuck: 0 },
    ...{ total: world.roster.size, queued, reserved: 0, resting: 3, memoryRoom: null },
  };
}

function* grow(world: World, plane: Plane, max: number, now: number): Steps {
  const name = yield* term(world, plane, () => {
    if (world.roster.size >= max) return undefined;
    const container = `bot-${world.id()}`;
    world.roster.set(container, { changedAt: world.now, retiring: false });
    promise(world.roster.size <= MAX_BOTS, 'the pool stays within its maximum');
    return container;
  });
  if (name === undefined) return;
  try {
    yield* world.call('engine', () => create(world, name));
    plane.scaling.failures = 0;
  } catch (error) {
    plane.scaling.failures += 1;
    plane.scaling.failedAt = now;
    throw error;
  }
}

/** A bot that was claimed since the look stays: PostgreSQL decides in the same row. */
function* shrink(world: World, plane: Plane, waits: readonly string[]): Steps {
  const name = yield* term(world, plane, () => {
    const claimed = new Set([...world.open].map(({ container }) => container));
    const free = waits.find((one) => {
      if (world.roster.get(one)?.retiring !== false) return false;
      return world.has('claimed_bot_removed') || !claimed.has(one);
    });
    if (free === undefined) return undefined;
    promise(!claimed.has(free), 'no bot that serves is removed');
    world.roster.set(free, { changedAt: world.now, retiring: true });
    return free;
  });
  if (name === undefined) return;
  yield* world.call('engine', () => remove(world, name));
  yield* term(world, plane, () => world.roster.delete(name));
}

/** What is wanted against what is there. */
function* reconcile(world: World, plane: Plane): Steps {
  if (!leads(world, plane)) return;
  // What is there is looked at first: what is wanted meanwhile is then not taken for a stranger.
  const there = yield* world.call('engine', () => [...world.containers]);
  const found = yield* world.call('postgres', () => {
    const roster = [...world.roster].map(([container, { changedAt, retiring }]) => ({
      ...{ poolId: 0, stay: container },
      ...{ container, state: retiring ? ('retiring' as const) : ('wanted' as const), changedAt: new Date(changedAt) },
    }));
    const containers = there.map(([name, { restarts }]) => ({ name, state: 'running' as const, restarts }));
    const nothing = {
      statuses: [],
      leases: new Map(),
      earlier: new Map(),
      sentHome: new Map(),
      silentFor: new Map(),
      version: undefined,
    };
    const open = [...world.open].map((one) => ({
      ...{ ...one, id: String(one.id), state: one.state === 'active' ? ('active' as const) : ('claimed' as const) },
      ...{ claimedAt: new Date(one.claimedAt), tokenFingerprint: null },
    }));
    return diff(
      { roster, tenants: [], open },
      { ...nothing, containers, now: world.now },
      { activationMs: ACTIVATION_MS },
    );
  });
  for (const { kind, target } of found) yield* mend(world, plane, kind, target);
}

function* mend(world: World, plane: Plane, kind: string, name: string): Steps {
  if (kind === 'container_missing' && !world.has('missing_container_is_left')) {
    yield* world.call('engine', () => create(world, name));
  } else if (kind === 'retirement_unfinished') {
    yield* world.call('engine', () => remove(world, name));
    yield* term(world, plane, () => world.roster.delete(name));
  } else if (kind === 'orphan_idle') {
    const wanted = yield* world.call('postgres', () => world.roster.has(name));
    if (!wanted) yield* world.call('engine', () => remove(world, name));
  }
}
