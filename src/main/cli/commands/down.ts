/** `botpool down`: stops the host of this installation and everything that it runs. Safe to repeat; data stays. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { findHost, isAlive } from '../../headless/host-file.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';

/** PostgreSQL writes out what it holds; more than this is not a stop any more. */
const STOP_MS = 90_000;

/** Adds the command. */
export function addDown(program: Command, set: CommandSet): void {
  const command = program.command('down').description('stop everything; data stays');
  defineCommand(command, set, { options: z.object({}), examples: ['botpool down'], run: down });
}

async function down(context: CliContext): Promise<undefined> {
  const host = await findHost(context.home);
  if (host === undefined) {
    context.line(context.say('cli-down-already'));
    context.data({ running: false, stopped: false });
    return;
  }
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
  context.line(context.say('cli-stopped'));
  context.data({ running: false, stopped: true, pid: host.pid });
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
