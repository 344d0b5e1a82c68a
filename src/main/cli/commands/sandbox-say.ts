/** `botpool sandbox say`: a person writes to a bot. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { collectAnswers, openChat, showAnswers } from '../sandbox/world.ts';

/** Adds the command. */
export function addSandboxSay(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('say')
    .argument('<person>')
    .argument('<bot>')
    .argument('<text>')
    .description('a person writes to a bot; prints the answer');
  defineCommand(command, set, {
    options: z.object({}),
    examples: ['botpool sandbox say Olga anna_nails_bot /book'],
    run: say,
  });
}

async function say(
  context: CliContext,
  _options: object,
  [person = '', bot = '', text = '']: readonly string[],
): Promise<undefined> {
  const open = await openChat(context, person, bot);
  const sent = await open.chat.say(text);
  const answers = await collectAnswers(open.chat, sent.revision);
  context.data({ sent, answers });
  await showAnswers(context, open, answers);
}
