/** `botpool sandbox person`: a new person in the simulated world. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { openWorld } from '../sandbox/world.ts';

const options = z.object({
  // Every command has --lang for its own output; here it is the person's, too.
  lang: z.string().optional(),
  username: z.string().optional(),
});

/** Adds the command. */
export function addSandboxPerson(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('person')
    .argument('<name>')
    .description('a new person; --lang is the language of their phone, too')
    .option('--username <name>', 'their @username');
  defineCommand(command, set, { options, examples: ['botpool sandbox person Anna --lang en'], run: createPerson });
}

async function createPerson(
  context: CliContext,
  given: z.output<typeof options>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const world = await openWorld(context);
  const { username } = given;
  const languageCode = given.lang ?? context.locale;
  const person = await world.createPerson({ name, languageCode, ...(username === undefined ? {} : { username }) });
  context.data(person);
  context.line(context.say('cli-sandbox-person', { name: person.name, id: String(person.id), language: languageCode }));
}
