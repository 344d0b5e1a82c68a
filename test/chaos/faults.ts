/** What goes wrong, and how it is taken back where it does not end by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '#sandbox/random.ts';
import { docker } from '../container/docker-command.ts';
import type { ChaosClient, ChaosWorld } from './world.ts';

/** One kind of fault: `strike` does it, and what comes back takes it back. */
export interface Fault {
  readonly name: string;
  strike(world: ChaosWorld, random: Random): Promise<() => Promise<unknown>>;
}

const nothing = async (): Promise<void> => undefined;
const OUTAGE_MS = 3_000;

function anyOf(world: ChaosWorld, random: Random): ChaosClient {
  const client = world.clients[Math.floor(random() * world.clients.length)];
  if (client === undefined) throw new Error('chaos needs clients');
  return client;
}

async function poolBots({ product }: ChaosWorld): Promise<string[]> {
  const filters = ['--filter', `label=com.docker.compose.project=${product.project}`, '--filter', 'name=bot-pool-'];
  return (await docker(['ps', ...filters, '--format', '{{.Names}}'])).split('\n').filter(Boolean);
}

/** Every kind. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'a bot that serves is killed',
    async strike(world, random) {
      await docker(['kill', await world.serving(anyOf(world, random))]);
      return nothing;
    },
  },
  {
    name: 'a bot that serves is frozen, and wakes up when another one serves',
    async strike(world, random) {
      const client = anyOf(world, random);
      const frozen = await world.serving(client);
      await docker(['pause', frozen]);
      return () => docker(['unpause', frozen]);
    },
  },
  {
    name: 'a bot that serves is cut off from everybody, and comes back',
    async strike(world, random) {
      const lonely = await world.serving(anyOf(world, random));
      const network = `${world.product.project}-network`;
      await docker(['network', 'disconnect', '--force', network, lonely]);
      return () => docker(['network', 'connect', network, lonely]);
    },
  },
  {
    name: 'the container of a bot that serves is removed by hand',
    async strike(world, random) {
      await docker(['rm', '--force', await world.serving(anyOf(world, random))]);
      return nothing;
    },
  },
  {
    name: 'all bots are killed at the same instant',
    async strike(world) {
      await docker(['kill', ...(await poolBots(world))]);
      return nothing;
    },
  },
  {
    name: 'Redis is emptied',
    async strike(world) {
      await docker(['exec', world.service('redis'), 'redis-cli', 'FLUSHALL']);
      return nothing;
    },
  },
  {
    name: 'Redis is killed and starts again',
    async strike(world) {
      await docker(['restart', '--time', '0', world.service('redis')]);
      return nothing;
    },
  },
  {
    name: 'PostgreSQL is killed and starts again',
    async strike(world) {
      await docker(['restart', '--time', '0', world.service('postgres')]);
      return nothing;
    },
  },
  {
    name: 'PostgreSQL stands still for seconds',
    async strike(world) {
      await docker(['pause', world.service('postgres')]);
      await pause(OUTAGE_MS);
      await docker(['unpause', world.service('postgres')]);
      return nothing;
    },
  },
  {
    name: 'the pool monitor is killed, and a bot while it is away',
    async strike(world, random) {
      const bot = await world.serving(anyOf(world, random));
      await docker(['kill', world.service('pool-monitor')]);
      await docker(['kill', bot]);
      await docker(['start', world.service('pool-monitor')]);
      return nothing;
    },
  },
  {
    name: 'Telegram cannot be reached for seconds',
    async strike({ product }) {
      await product.sandbox.setFaults({ unreachable: true });
      await pause(OUTAGE_MS);
      await product.sandbox.setFaults({ unreachable: false });
      return nothing;
    },
  },
  {
    name: 'Telegram is slow and fails every fifth call',
    async strike({ product }) {
      await product.sandbox.setFaults({ latencyMs: 200, jitterMs: 200, errorRate: 0.2 });
      await pause(OUTAGE_MS);
      await product.sandbox.setFaults({ latencyMs: 0, jitterMs: 0, errorRate: 0 });
      return nothing;
    },
  },
];
