/**
 * Puts containers into networks. A bridge carries 1,023 containers and refuses the next, so a network that fills up is
 * continued by a second one, `name-2`, and so on. Services that all must reach are connected to each.
 */
import type Docker from 'dockerode';
import * as z from 'zod';
import { bodyAlone } from './bodies.ts';
import { calling, statusOf } from './errors.ts';
import { ENGINE_LABELS, type NetworkWish } from './placement.ts';

/** Containers of ours in one network. Well below the bridge's 1,023, because others are in it, too. */
export const MOST_PER_NETWORK = 900;

/** The name of a network's n-th part, from 1 on. */
export function shardName(name: string, part: number): string {
  return part === 1 ? name : `${name}-${part}`;
}

/** The first part of a network that has room. `used`: how many containers are planned for each part. */
export function shardWithRoom(name: string, used: ReadonlyMap<string, number>, most = MOST_PER_NETWORK): string {
  for (let part = 1; ; part += 1) {
    const shard = shardName(name, part);
    if ((used.get(shard) ?? 0) < most) return shard;
  }
}

/** The label that says in which parts a container was planned, so that stopped ones keep their place. */
export const NETWORKS_LABEL = 'botpool.networks';

const PLANNED_ROWS = z.array(z.object({ Labels: z.record(z.string(), z.string()).nullish() }));

const PEER_ROWS = z.array(
  z.object({
    Id: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Names: z.array(z.string()),
  }),
);

/** Places that one container has taken. */
export interface Places {
  /** Names of networks, in the order of the wishes. */
  readonly names: readonly string[];
  /** Told once it is known whether the container was made: only now Docker can count it, or the place is free again. */
  settle(made: boolean): void;
}

/** Hands out places in networks and makes those that are missing. */
export interface Networks {
  /** Takes a place for one container in each of the networks it wishes. */
  place(wishes: readonly NetworkWish[]): Promise<Places>;
  /** What was known of them is no longer true: somebody has removed one. */
  forget(): void;
  connect(containerId: string, network: string, aliases: readonly string[]): Promise<void>;
}

function add(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

/** Opens the networks of one project. */
export function createNetworks(docker: Docker, project: string, most = MOST_PER_NETWORK): Networks {
  /** As Docker knows them. */
  let counted: Map<string, number> | undefined;
  /** Containers that are being made. */
  const coming = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();
  const known = new Set<string>();
  const projectLabel = `${ENGINE_LABELS.project}=${project}`;

  const count = async (): Promise<Map<string, number>> => {
    const filters = { label: [projectLabel, NETWORKS_LABEL] };
    const rows = PLANNED_ROWS.parse(await docker.listContainers({ all: true, filters }));
    const counts = new Map<string, number>();
    for (const { Labels } of rows) {
      for (const name of (Labels?.[NETWORKS_LABEL] ?? '').split(',')) add(counts, name, 1);
    }
    return counts;
  };

  const make = async (name: string, wish: NetworkWish): Promise<void> => {
    try {
      const Labels = {
        [ENGINE_LABELS.project]: project,
        'com.docker.compose.network': name,
        [ENGINE_LABELS.engine]: 'docker',
      };
      const Internal = wish.internal === true;
      await docker.createNetwork(bodyAlone({ Name: name, CheckDuplicate: true, Driver: 'bridge', Internal, Labels }));
    } catch (error) {
      // Another control plane was faster.
      if (statusOf(error) !== 409) throw error;
    }
  };

  const connect = async (id: string, network: string, aliases: readonly string[]): Promise<void> => {
    try {
      const EndpointConfig = { Aliases: [...aliases] };
      await docker.getNetwork(network).connect({ Container: id, EndpointConfig });
    } catch (error) {
      if (!/already exists in network/.test(String(error))) throw error;
    }
  };

  /** Services of the same project that the engine has not made itself: databases and the like. */
  const connectServices = async (base: string, shard: string): Promise<void> => {
    const rows = PEER_ROWS.parse(await docker.listContainers({ filters: { label: [projectLabel], network: [base] } }));
    for (const { Id, Labels, Names } of rows) {
      if (Labels?.[ENGINE_LABELS.engine] !== undefined) continue;
      const service = Labels?.['com.docker.compose.service'];
      const own = Names.map((each) => each.replace(/^\//, ''));
      await connect(Id, shard, service === undefined ? own : [...own, service]);
    }
  };

  const ensure = async (shard: string, wish: NetworkWish): Promise<void> => {
    if (known.has(shard)) return;
    const found = await docker.listNetworks({ filters: { name: [shard] } });
    if (!found.some(({ Name }) => Name === shard)) await make(shard, wish);
    if (shard !== wish.name) await connectServices(wish.name, shard);
    known.add(shard);
  };

  const withRoom = (name: string, known: ReadonlyMap<string, number>): string => {
    const used = new Map(known);
    for (const [shard, more] of coming) add(used, shard, more);
    return shardWithRoom(name, used, most);
  };

  const placeOne = async (wish: NetworkWish): Promise<string> => {
    counted ??= await count();
    let shard = withRoom(wish.name, counted);
    if (!known.has(shard)) {
      // What was removed in the meantime may have left room in an earlier part.
      counted = await count();
      shard = withRoom(wish.name, counted);
    }
    await ensure(shard, wish);
    add(coming, shard, 1);
    return shard;
  };

  const settle = (names: readonly string[], made: boolean): void => {
    for (const name of names) {
      add(coming, name, -1);
      if (made && counted !== undefined) add(counted, name, 1);
    }
  };

  const placeAll = async (wishes: readonly NetworkWish[]): Promise<Places> => {
    const names: string[] = [];
    try {
      for (const wish of wishes) names.push(await placeOne(wish));
    } catch (error) {
      settle(names, false);
      throw error;
    }
    return { names, settle: (made) => settle(names, made) };
  };

  return {
    place(wishes) {
      // One after the other, so that two containers never take the same last place.
      const mine = turn.then(() => calling({ action: 'prepare a network' }, () => placeAll(wishes)));
      turn = mine.catch(() => undefined);
      return mine;
    },
    connect,
    forget() {
      known.clear();
      counted = undefined;
    },
  };
}
