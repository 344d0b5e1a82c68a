/** `botpool scale <bots>`: how many bots the pool is to have. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand, wholeArgument } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';

/** Adds the command. */
export function addScale(program: Command, set: CommandSet): void {
  const command = program
    .command('scale')
    .argument('<bots>', 'how many bots the pool is to have')
    .description('make the pool larger or smaller; bots that serve clients are never removed');
  defineCommand(command, set, {
    options: z.object({}),
    examples: ['botpool scale 20', 'botpool scale 5 --json'],
    run: scale,
  });
}

async function scale(context: CliContext, _options: object, [given = '']: readonly string[]): Promise<undefined> {
  const bots = wholeArgument('<bots>', given);
  const result = await withControlPlane(context, ({ client }) => client.pool.scale({ bots }));
  context.data(result);
  const { started, removed, total } = result;
  if (started.length > 0) context.line(context.say('cli-scale-grown', { total, count: started.length }));
  if (removed.length > 0) context.line(context.say('cli-scale-shrunk', { total, count: removed.length }));
  if (total > bots) context.line(context.say('cli-scale-kept', { wanted: bots, total }));
  else if (started.length + removed.length === 0) context.line(context.say('cli-scale-same', { total }));
}
