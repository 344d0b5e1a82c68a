/** `botpool down`: stops everything of this installation. Safe to repeat; data stays, unless `--volumes` is said and confirmed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { readHostConfig } from '../../config.ts';
import { findHost, type Holder, isAlive } from '../../headless/host-file.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { seconds } from '../format/time.ts';

/** PostgreSQL writes out what it holds; more than this is not a stop any more. */
const STOP_MS = 90_000;

const options = z.object({ volumes: z.boolean().default(false), confirm: z.string().optional() });

/** Adds the command. */
export function addDown(program: Command, set: CommandSet): void {
  const command = program
    .command('down')
    .description('stop everything; data stays')
    .option('--volumes', 'delete all data, too: clients, bookings, the simulated world')
    .option('--confirm <project>', 'the project’s name, in place of the question that --volumes asks');
  defineCommand(command, set, {
    options,
    examples: ['botpool down', 'botpool down --volumes --confirm botpool'],
    run: down,
  });
}

async function down(context: CliContext, given: z.output<typeof options>): Promise<undefined> {
  const { volumes } = given;
  if (volumes) await confirmLoss(context, given.confirm);
  const host = await findHost(context.home);
  if (host !== undefined) await stopHost(context, host);
  // Loaded here: without containers and data nobody needs it.
  const { takeDown } = await import('../../installation/take-down.ts');
  const begun = performance.now();
  const { home, host: around } = context;
  const report = (stage: string): void => context.line(`${seconds(performance.now() - begun).padStart(7)}  ${stage}`);
  const found = await takeDown({ home, projectFolder: around.projectFolder, env: around.env, volumes, report });
  const stopped = host !== undefined || found.docker;
  const key = volumes ? 'cli-down-emptied' : stopped ? 'cli-stopped' : 'cli-down-already';
  context.line(context.say(key));
  context.data({
    running: false,
    stopped,
    ...(host === undefined ? {} : { pid: host.pid }),
    ...(volumes ? { volumes } : {}),
  });
}

/** Says what is lost, and goes on only with the project's name. */
async function confirmLoss(context: CliContext, confirm: string | undefined): Promise<void> {
  const { project } = readHostConfig(context.host.projectFolder, { ...context.host.env, BOTPOOL_HOME: context.home });
  const clients = await countClients(context);
  const lost = context.say('cli-down-lost', { clients: clients ?? '?', home: context.home });
  const typed = confirm ?? (await context.host.ask?.(`${lost}\n${context.say('cli-down-ask', { project })} `));
  if (typed?.trim() === project) return;
  throw new BotpoolError('input_invalid', {
    field: '--confirm',
    problem: `${lost} ${context.say('cli-down-confirm', { project })}`,
  });
}

/** Undefined when no host runs that knows. */
async function countClients(context: CliContext): Promise<number | undefined> {
  try {
    return await withControlPlane(context, async ({ client }) => (await client.tenants.list()).length);
  } catch (error) {
    if (isBotpoolError(error)) return undefined;
    throw error;
  }
}

async function stopHost(context: CliContext, host: Holder): Promise<void> {
  context.line(context.say('cli-stopping'));
  await askToStop(context, host.pid);
  const until = Date.now() + STOP_MS;
  while (await isAlive(host)) {
    if (Date.now() >= until) {
      throw new BotpoolError('program_failed', {
        program: 'botpool start',
        detail: `process ${host.pid} does not end`,
      });
    }
    await delay(50);
  }
}

/** Over the API; a host that is still starting has none and is asked by a signal. */
async function askToStop(context: CliContext, pid: number): Promise<void> {
  try {
    await withControlPlane(context, ({ client }) => client.stack.stop());
  } catch (error) {
    if (!isBotpoolError(error, 'control_plane_unreachable')) throw error;
    process.kill(pid, 'SIGTERM');
  }
}
