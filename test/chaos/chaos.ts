/** Strikes with one fault after the other, and judges what became of everybody. */
import type { Random } from '#sandbox/random.ts';
import { docker } from '../container/docker-command.ts';
import { randomOf } from '../soak/random.ts';
import type { Experience } from './customers.ts';
import { FAULTS, type Fault } from './faults.ts';
import { lostUpdates, stopAll, wrongEffects } from './ledger.ts';
import { type ChaosWorld, startChaosWorld } from './world.ts';

/** What customers and records say in the end. `problems` is empty when every promise was kept. */
interface Verdict {
  readonly steps: number;
  readonly bookings: number;
  readonly slowestMs: number;
  readonly problems: readonly string[];
}

/** As many faults as wanted, each kind as often as the others, in an order that the seed tells. */
export async function soakChaos(options: {
  readonly strikes: number;
  readonly seed: number;
  readonly report: (sentence: string) => void;
}): Promise<Verdict & { readonly healed: number; readonly trouble: string }> {
  const random = randomOf(options.seed);
  await using world = await startChaosWorld(random, SOAK);
  await world.healed();
  let healed = 0;
  let queue: Fault[] = [];
  try {
    for (; healed < options.strikes; healed += 1) {
      if (queue.length === 0) queue = [...FAULTS];
      const [fault] = queue.splice(Math.floor(random() * queue.length), 1);
      if (fault === undefined) break;
      options.report(`${healed + 1}: ${fault.name}`);
      await strikeOnce(world, fault, random);
    }
  } catch (error) {
    const problem = `did not heal: ${String(error)}`;
    return { steps: 0, bookings: 0, slowestMs: 0, problems: [problem], healed, trouble: await troubleOf(world) };
  }
  const verdict = await judge(world);
  return { ...verdict, healed, trouble: verdict.problems.length === 0 ? '' : await troubleOf(world) };
}

const SOAK = { clients: 3, customers: 3 };

/** One fault; resolves when everything is well again. */
export async function strikeOnce(world: ChaosWorld, fault: Fault, random: Random): Promise<void> {
  const tell = (what: string): void => void world.story.push(`${new Date().toISOString()} ${fault.name}: ${what}`);
  tell('struck');
  const takeBack = await fault.strike(world, random);
  await world.healed();
  tell('healed');
  await takeBack();
  await world.healed();
  tell('well');
}

/** Lets the customers end their dialogs and looks at PostgreSQL, Docker and Telegram's own record. */
export async function judge(world: ChaosWorld): Promise<Verdict> {
  const experiences = await stopAll(world.customers);
  const problems = experiences.flatMap(({ seen }) => seen.unanswered.map((what) => `not answered: ${what}`));
  problems.push(...(await wrongEffects(world.clients, experiences, world.sql)));
  problems.push(...(await lostUpdates(world.product.sandbox, world.clients)));
  problems.push(...(await wrongOwners(world)));
  const sum = (pick: (seen: Experience) => number): number =>
    experiences.reduce((all, { seen }) => all + pick(seen), 0);
  return {
    steps: sum(({ steps }) => steps),
    bookings: sum(({ booked }) => booked),
    slowestMs: Math.max(...experiences.map(({ seen }) => seen.slowestMs)),
    problems,
  };
}

/** What the bots and the monitor said of trouble, for whoever looks for a cause. */
export async function troubleOf({ product, story }: ChaosWorld): Promise<string> {
  const filters = ['--all', '--filter', `label=com.docker.compose.project=${product.project}`];
  const names = (await docker(['ps', ...filters, '--format', '{{.Names}}'])).split('\n');
  const lines: string[] = [...story];
  for (const name of names.filter((one) => one.includes('bot-pool') || one.includes('monitor'))) {
    const text = await docker(['logs', name], { stdoutOnly: false });
    const bad = text.split('\n').filter((line) => /"level":"(warn|error|fatal)"/.test(line));
    lines.push(...bad.map((line) => `${name} ${line.slice(0, 600)}`));
  }
  return lines.join('\n');
}

/** One bot for each client, and no container that nobody knows. */
async function wrongOwners(world: ChaosWorld): Promise<string[]> {
  const open = await world.sql(
    'SELECT client_id, container FROM control.activations WHERE ended_at IS NULL ORDER BY client_id',
  );
  const rows = open.split('\n').map((line) => line.split('|'));
  const problems: string[] = [];
  const owners = rows.map(([client = '']) => client);
  if (owners.join() !== world.clients.map(({ clientId }) => clientId).join())
    problems.push(`open activations: ${owners.join(', ')}`);
  if (new Set(rows.map(([, container]) => container)).size !== rows.length) problems.push(`one bot for two: ${open}`);
  const known = (await world.sql('SELECT container FROM control.roster')).split('\n').sort();
  const { project } = world.product;
  const filters = ['--filter', `label=com.docker.compose.project=${project}`, '--filter', 'name=bot-pool-'];
  const there = (await docker(['ps', '--all', ...filters, '--format', '{{.Names}} {{.State}}'])).split('\n');
  const bots = there.filter(Boolean).map((line) => line.split(' '));
  const names = bots.map(([name = '']) => name.replace(project, 'booking')).sort();
  if (names.join() !== known.join()) problems.push(`containers ${names.join(', ')}; known ${known.join(', ')}`);
  for (const [name, state] of bots) if (state !== 'running') problems.push(`${name} is ${state}`);
  return problems;
}
