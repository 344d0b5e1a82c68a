/** `botpool restart`: ends one container in order and starts it again. */
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { containerName, shortName } from '../format/containers.ts';

/** Adds the command. */
export function addRestart(program: Command, set: CommandSet): void {
  const command = program
    .command('restart')
    .argument('<bot>', '3, bot-pool-3, booking-bot-pool-3, postgres, redis, sandbox')
    .description('restart one container; a client whose bot it was is given another one at once');
  defineCommand(command, set, {
    options: z.object({}),
    examples: ['botpool restart 3', 'botpool restart redis'],
    run: restart,
  });
}

async function restart(context: CliContext, _options: object, [bot = '']: readonly string[]): Promise<undefined> {
  if (bot === '') throw new BotpoolError('input_invalid', { field: 'bot', problem: 'expected a name' });
  const name = containerName(bot);
  const service = await withControlPlane(context, ({ client }) => client.stack.restart({ name }));
  context.line(context.say('cli-restarted', { bot: shortName(service.name) }));
  context.data(service);
}
