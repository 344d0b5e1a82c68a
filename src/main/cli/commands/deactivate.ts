/** `botpool deactivate`: suspends a client. */
import type { Command } from 'commander';
import * as z from 'zod';
import { parseClientId } from '#shared/schemas/tenant.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { shortName } from '../format/containers.ts';

const options = z.object({ client: z.string(), reason: z.string().optional() });

/** Adds the command. */
export function addDeactivate(program: Command, set: CommandSet): void {
  const command = program
    .command('deactivate')
    .description('suspend a client: its bot goes back to the pool, its data stays')
    .requiredOption('--client <id>', 'the client, such as client_001')
    .option('--reason <text>', 'why, for the audit');
  defineCommand(command, set, {
    options,
    examples: ['botpool deactivate --client client_001 --reason "not paid"'],
    run: deactivate,
  });
}

async function deactivate(context: CliContext, given: z.output<typeof options>): Promise<undefined> {
  const clientId = parseClientId(given.client);
  const { reason } = given;
  await withControlPlane(context, async ({ client }) => {
    const result = await client.activations.deactivate({ clientId, ...(reason === undefined ? {} : { reason }) });
    context.data(result);
    if (result.container === null) context.line(context.say('cli-deactivate-idle', { clientId }));
    else {
      const key = result.drained ? 'cli-deactivate-done' : 'cli-deactivate-forced';
      context.line(context.say(key, { clientId, bot: shortName(result.container) }));
    }
  });
}
