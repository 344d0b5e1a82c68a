/** What is wanted against what is there: every divergence by name, with what is done about it. Pure. */
import { leaseHolder } from '#core/leases/lease.ts';
import type { Activation } from '#core/pool/activations.ts';
import type { RosterBot } from '#core/pool/roster.ts';
import type { Tenant } from '#core/tenants/tenants.ts';
import type { Divergence, DivergenceKind } from '#shared/schemas/divergence.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';

/** What PostgreSQL wants. */
export interface Desired {
  readonly roster: readonly RosterBot[];
  readonly tenants: readonly Pick<Tenant, 'clientId' | 'state' | 'queuedAt'>[];
  readonly open: readonly Pick<
    Activation,
    'id' | 'clientId' | 'container' | 'bootId' | 'fence' | 'state' | 'claimedAt' | 'tokenFingerprint'
  >[];
}

/** One container of the pool as the engine tells of it. */
export interface ActualContainer {
  readonly name: string;
  readonly state: 'created' | 'running' | 'restarting' | 'exited';
  readonly restarts: number;
}

/** What the engine and Redis show. */
export interface Actual {
  readonly containers: readonly ActualContainer[];
  readonly statuses: readonly BotStatus[];
  /** By token fingerprint, who holds the right to poll it. */
  readonly leases: ReadonlyMap<string, string>;
  /** By container, how often it had been restarted at an earlier look, and when that was. */
  readonly earlier: ReadonlyMap<string, { readonly restarts: number; readonly at: number }>;
  /** By container, how often a process of it has gone home by order since the earlier look. */
  readonly sentHome: ReadonlyMap<string, number>;
  /** By container, how long one that is to run has not come up, in ms. */
  readonly silentFor: ReadonlyMap<string, number>;
  /** The version that bots are started with; `undefined`: not known. */
  readonly version: string | undefined;
  readonly now: number;
}

/** How long each state may last before it is a divergence, in ms. */
export interface Patience {
  /** From a claim to the bot's answer. */
  readonly activationMs: number;
}

/** How often the engine has restarted a container since the earlier look. */
export function restartsSince(
  { name, restarts }: Pick<ActualContainer, 'name' | 'restarts'>,
  earlier: Actual['earlier'],
): number {
  return restarts - (earlier.get(name)?.restarts ?? restarts);
}

/** A container whose process has ended by itself so often since the earlier look flaps. */
export const FLAPS = 3;
/** What was wanted, or set aside, just now is still being made, or removed. */
const UNDER_WAY_MS = 3_000;
/** How long a client may be without a bot and without a place in the queue. */
const STRANDED_MS = 10_000;

/** Compares. `strandedSince`: by client, since when nobody serves it and it does not wait. */
export function diff(
  desired: Desired,
  actual: Actual,
  patience: Patience,
  strandedSince: ReadonlyMap<string, number> = new Map(),
): readonly Divergence[] {
  return [
    ...containerDivergences(desired, actual),
    ...activationDivergences(desired, actual, patience, strandedSince),
    ...serviceDivergences(desired, actual),
  ];
}

/** Clients that are wanted active, whom nobody serves, and who do not wait for a bot either. */
export function strandedClients({ tenants, open }: Desired): readonly string[] {
  const served = new Set(open.map(({ clientId }) => clientId));
  return tenants
    .filter(({ clientId, state, queuedAt }) => state === 'active' && queuedAt === null && !served.has(clientId))
    .map(({ clientId }) => clientId);
}

function containerDivergences(
  { roster, open }: Desired,
  { containers, earlier, sentHome, silentFor, now }: Actual,
): Divergence[] {
  const there = new Map(containers.map((one) => [one.name, one]));
  const known = new Set(roster.map(({ container }) => container));
  const serving = new Set(open.map(({ container }) => container));
  const found: Divergence[] = [];
  for (const { container, state, changedAt } of roster) {
    const seen = there.get(container);
    const settled = now - changedAt.getTime() >= UNDER_WAY_MS;
    const stands = seen === undefined || seen.state === 'exited' || seen.state === 'created';
    if (!settled && (stands || state === 'retiring')) continue;
    if (state === 'retiring') found.push(of('retirement_unfinished', container));
    else if (seen === undefined) found.push(of('container_missing', container));
    else if (stands) found.push(of('container_stopped', container));
    else if (silentFor.has(container)) {
      found.push(of('bot_stuck', container, { seconds: Math.round((silentFor.get(container) ?? 0) / 1_000) }));
    } else {
      const ends = restartsSince(seen, earlier) - (sentHome.get(container) ?? 0);
      if (ends >= FLAPS) found.push(of('bot_flapping', container, { restarts: ends }));
    }
  }
  for (const { name } of containers) {
    if (!known.has(name)) found.push(of(serving.has(name) ? 'orphan_serving' : 'orphan_idle', name));
  }
  return found;
}

function activationDivergences(
  desired: Desired,
  { now }: Actual,
  { activationMs }: Patience,
  strandedSince: ReadonlyMap<string, number>,
): Divergence[] {
  const stranded = strandedClients(desired)
    .filter((clientId) => now - (strandedSince.get(clientId) ?? now) >= STRANDED_MS)
    .map((clientId) => of('client_stranded', clientId));
  const stuck = desired.open
    .filter(({ state, claimedAt }) => state === 'claimed' && now - claimedAt.getTime() > activationMs)
    .map(({ clientId, container }) => of('activation_stuck', clientId, { container }));
  return [...stranded, ...stuck];
}

function serviceDivergences({ open }: Desired, { statuses, leases, version }: Actual): Divergence[] {
  const found: Divergence[] = [];
  const holders = new Map(open.map((one) => [one.clientId, one]));
  for (const status of statuses) {
    const { client_id: clientId, container_id: container, boot_id: bootId } = status;
    if (version !== undefined && status.version !== version) {
      found.push(of('version_old', container, { version: status.version, current: version }));
    }
    if (status.status !== 'active' || clientId === undefined) continue;
    const owner = holders.get(clientId);
    if (owner?.container !== container || owner.bootId !== bootId) {
      found.push(of('service_doubled', container, { clientId }));
    }
  }
  for (const { clientId, container, bootId, fence, state, tokenFingerprint } of open) {
    const holder = tokenFingerprint === null ? undefined : leases.get(tokenFingerprint);
    if (state === 'active' && holder !== undefined && holder !== leaseHolder(container, bootId, fence)) {
      found.push(of('lease_foreign', clientId, { holder: holder.split(':')[0] ?? holder }));
    }
  }
  return found;
}

/** What is done about each. `mended`: here and now. `pool`: the pool's keeper does. `told`: an operator is told. */
const REMEDIES: Readonly<Record<DivergenceKind, Divergence['remedy']>> = {
  container_missing: 'mended',
  container_stopped: 'mended',
  retirement_unfinished: 'mended',
  orphan_serving: 'mended',
  orphan_idle: 'mended',
  client_stranded: 'pool',
  activation_stuck: 'pool',
  service_doubled: 'pool',
  lease_foreign: 'told',
  version_old: 'told',
  bot_flapping: 'told',
  bot_stuck: 'mended',
};

function of(kind: DivergenceKind, target: string, data: Divergence['data'] = {}): Divergence {
  return { kind, target, data, remedy: REMEDIES[kind] };
}
