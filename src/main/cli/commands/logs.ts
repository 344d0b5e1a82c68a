/** `botpool logs`: what one container or all of them wrote and write. */
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { containerName, shortName } from '../format/containers.ts';
import { parseSince } from '../format/time.ts';

const options = z.object({
  follow: z.boolean().default(false),
  tail: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a number of lines from 0 to 99999')
    .default('50'),
  since: z.string().optional(),
});

/** Adds the command. */
export function addLogs(program: Command, set: CommandSet): void {
  const command = program
    .command('logs')
    .argument('[bot]', '3, bot-pool-3, booking-bot-pool-3, postgres, redis, sandbox; left out: all')
    .description('what a container wrote')
    .option('-f, --follow', 'stay and show new lines')
    .option('-n, --tail <lines>', 'only the newest lines of each container (default: 50)')
    .option('--since <time>', 'only lines after this time: ISO 8601, or 90s, 10m, 2h, 3d ago');
  defineCommand(command, set, {
    options,
    examples: ['botpool logs 3 --follow', 'botpool logs postgres --tail 20'],
    run: logs,
  });
}

async function logs(
  context: CliContext,
  given: z.output<typeof options>,
  [bot]: readonly string[],
): Promise<undefined> {
  const since = given.since === undefined ? undefined : parseSince(given.since, Date.now());
  if (given.since !== undefined && since === undefined) {
    throw new BotpoolError('input_invalid', { field: '--since', problem: context.say('cli-since-expected') });
  }
  await withControlPlane(context, async ({ client }) => {
    const lines = await client.logs.follow({
      follow: given.follow,
      tail: Number(given.tail),
      ...(bot === undefined ? {} : { container: containerName(bot) }),
      ...(since === undefined ? {} : { since }),
    });
    for await (const line of lines) {
      context.data(line);
      context.line(bot === undefined ? `${shortName(line.container)} | ${line.text}` : line.text);
    }
  });
}
