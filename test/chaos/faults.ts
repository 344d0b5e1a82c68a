/** What goes wrong, and how it is taken back where it does not end by itself. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '#sandbox/random.ts';
import { docker } from '../container/docker-command.ts';
import { until } from '../support/until.ts';
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

/** Freezes the control plane that leads; what comes back wakes it up. */
async function freezeLeader({ product, sql, service }: ChaosWorld): Promise<() => Promise<unknown>> {
  const { pid } = JSON.parse(await readFile(join(product.home, 'run/host.json'), 'utf8')) as { readonly pid: number };
  const holder = await sql('SELECT holder FROM control.leadership');
  if (holder === `${hostname()}-${pid}`) {
    process.kill(pid, 'SIGSTOP');
    return async () => process.kill(pid, 'SIGCONT');
  }
  await docker(['pause', service('pool-monitor')]);
  return () => docker(['unpause', service('pool-monitor')]);
}

/** How many bots the roster wants, and how many of their containers run, from outside every control plane. */
async function sizes(world: ChaosWorld): Promise<{ readonly wanted: number; readonly running: number }> {
  const wanted = Number(await world.sql("SELECT count(*) FROM control.roster WHERE state = 'wanted'"));
  return { wanted, running: (await poolBots(world)).length };
}

const TAKE_OVER_MS = 60_000;
/** A bot that does not come up is made anew after a minute. */
const REMADE_MS = 120_000;

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
    name: 'the leader is frozen in the middle of scaling, and wakes up when another one leads',
    async strike(world) {
      const { wanted: before } = await sizes(world);
      const epoch = await world.sql('SELECT epoch FROM control.leadership');
      const words = `min=${before}`;
      await world.product.botpool('pool', 'policy', '--set', words);
      await until('more are wanted', async () => (await sizes(world)).wanted > before, TAKE_OVER_MS);
      const wake = await freezeLeader(world);
      try {
        const led = (): Promise<string> => world.sql('SELECT epoch FROM control.leadership');
        await until('another one leads', async () => (await led()) !== epoch, TAKE_OVER_MS);
        const whole = async (): Promise<boolean> => {
          const { wanted, running } = await sizes(world);
          return wanted > before && running === wanted;
        };
        await until('it has made what was wanted', whole, TAKE_OVER_MS);
      } finally {
        await wake();
      }
      const { code, text } = await world.product.botpool('alerts');
      if (code !== 1 || !text.includes('gave no sign for')) throw new Error(`nobody is told of the leader: ${text}`);
      await world.product.botpool('pool', 'policy', '--set', 'default');
      return nothing;
    },
  },
  {
    name: 'the image is poisoned while a bot is made anew, and mended later',
    async strike(world) {
      const image = world.product.env['BOT_RUNTIME_IMAGE'] ?? '';
      const good = (await docker(['image', 'inspect', '--format', '{{.Id}}', image])).trim();
      const [anyBot = ''] = await poolBots(world);
      const crash = ['--change', 'ENTRYPOINT ["/usr/local/bin/node", "-e", "process.exit(1)"]'];
      await docker(['commit', ...crash, anyBot, image]);
      const free = await world.waitingBot();
      try {
        await docker(['rm', '--force', free]);
        await until(
          'it crashes at start again and again',
          async () => Number(await docker(['inspect', '--format', '{{.RestartCount}}', free])) >= 2,
          TAKE_OVER_MS,
        );
      } finally {
        await docker(['tag', good, image]);
      }
      // Nobody lifts a hand: it is made anew from the image as it is then.
      const made = async (): Promise<boolean> =>
        (await docker(['inspect', '--format', '{{.Image}} {{.State.Running}}', free])).trim() === `${good} true`;
      await until('it is made of the good image', made, REMADE_MS);
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
