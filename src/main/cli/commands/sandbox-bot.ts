/** `botpool sandbox bot`: a new bot in the simulated world, as BotFather would make it. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findPerson } from '../sandbox/resolve.ts';
import { openWorld } from '../sandbox/world.ts';

const options = z.object({ owner: z.string(), username: z.string().optional() });

/** Adds the command. */
export function addSandboxBot(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('bot')
    .argument('<name>')
    .description('a new bot; prints its token')
    .requiredOption('--owner <person>', 'who owns it: id, username or name')
    .option('--username <name>', 'its @username, ending in bot (default: made from its name)');
  defineCommand(command, set, {
    options,
    examples: ['botpool sandbox bot "Anna Nails" --owner Anna --username anna_nails_bot'],
    run: createBot,
  });
}

async function createBot(
  context: CliContext,
  given: z.output<typeof options>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const world = await openWorld(context);
  const owner = findPerson(context.say, await world.listPeople(), given.owner);
  const taken = new Set((await world.listBots()).map((bot) => bot.username.toLowerCase()));
  const username = given.username ?? usernameFor(name, taken);
  const bot = await world.createBot({ ownerId: owner.id, name, username });
  context.data(bot);
  context.line(context.say('cli-sandbox-bot', { name: bot.name, username: bot.username, owner: owner.name }));
  context.line(bot.token);
  context.line('');
  context.line(
    context.say('cli-sandbox-bot-next', {
      token: bot.token,
      owner: String(owner.id),
      name: bot.name,
      locale: owner.languageCode === 'ru' ? 'ru' : 'en',
    }),
  );
}

/** A username that Telegram would accept: Latin letters, digits, an end in `bot`, and free. */
function usernameFor(name: string, taken: ReadonlySet<string>): string {
  const latin = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  const base = latin.length < 2 ? 'my' : latin.slice(0, 20);
  for (let number = 1; ; number += 1) {
    const username = `${base}${number === 1 ? '' : `_${number}`}_bot`;
    if (!taken.has(username)) return username;
  }
}
