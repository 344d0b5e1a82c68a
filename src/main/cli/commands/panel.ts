/** `botpool panel`: a link that opens the panel and signs in, once. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';

/** Adds the command. */
export function addPanel(program: Command, set: CommandSet): void {
  const command = program.command('panel').description('print a link that opens the panel and signs in, once');
  defineCommand(command, set, { options: z.object({}), examples: ['botpool panel'], run: panel });
}

async function panel(context: CliContext): Promise<undefined> {
  const link = await withControlPlane(context, ({ client }) => client.session.signInLink());
  context.line(link.url);
  context.data(link);
}
