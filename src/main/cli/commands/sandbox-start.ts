/** `botpool sandbox start`: a person opens a bot and presses Start. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { collectAnswers, openChat, showAnswers } from '../sandbox/world.ts';

const options = z.object({ payload: z.string().optional() });

/** Adds the command. */
export function addSandboxStart(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('start')
    .argument('<person>')
    .argument('<bot>')
    .description('a person opens a bot and presses Start; prints the answer')
    .option('--payload <text>', 'what a deep link https://t.me/<bot>?start=<text> carries');
  defineCommand(command, set, { options, examples: ['botpool sandbox start Olga anna_nails_bot'], run: start });
}

async function start(
  context: CliContext,
  { payload }: z.output<typeof options>,
  [person = '', bot = '']: readonly string[],
): Promise<undefined> {
  const open = await openChat(context, person, bot);
  const sent = await open.chat.start(payload);
  const answers = await collectAnswers(open.chat, sent.revision);
  context.data({ sent, answers });
  await showAnswers(context, open, answers);
}
