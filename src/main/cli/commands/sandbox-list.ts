/** `botpool sandbox list`: the people and bots of the simulated world. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { table } from '../format/table.ts';
import { openWorld } from '../sandbox/world.ts';

/** Adds the command. */
export function addSandboxList(sandbox: Command, set: CommandSet): void {
  const command = sandbox.command('list').description('everybody: people and bots');
  defineCommand(command, set, { options: z.object({}), examples: ['botpool sandbox list'], run: list });
}

async function list(context: CliContext): Promise<undefined> {
  const world = await openWorld(context);
  const [people, bots] = await Promise.all([world.listPeople(), world.listBots()]);
  context.data({ people, bots });
  const names = new Map(people.map((person) => [person.id, person.name]));
  const [id, name, username, owner, language] = (
    ['cli-column-id', 'cli-column-name', 'cli-column-username', 'cli-column-owner', 'cli-column-language'] as const
  ).map((key) => context.say(key));
  const at = (text: string | undefined): string => (text === undefined ? '' : `@${text}`);
  context.line(context.say('cli-sandbox-people', { count: people.length }));
  context.line(
    table(
      [id ?? '', name ?? '', username ?? '', language ?? ''],
      people.map((person) => [String(person.id), person.name, at(person.username), person.languageCode ?? '']),
    ),
  );
  context.line('');
  context.line(context.say('cli-sandbox-bots', { count: bots.length }));
  context.line(
    table(
      [id ?? '', name ?? '', username ?? '', owner ?? ''],
      bots.map((bot) => [String(bot.id), bot.name, at(bot.username), names.get(bot.ownerId) ?? String(bot.ownerId)]),
    ),
  );
}
