/** `botpool sandbox read`: a chat as the person sees it. */
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { drawMessage } from '../format/chat-view.ts';
import { openChat, showKeyboard } from '../sandbox/world.ts';

const options = z.object({
  tail: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'expected a number of messages from 1 to 999')
    .default('20'),
});

/** Adds the command. */
export function addSandboxRead(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('read')
    .argument('<person>')
    .argument('<bot>')
    .description('the chat of a person and a bot, with its buttons')
    .option('-n, --tail <messages>', 'only the newest messages (default: 20)');
  defineCommand(command, set, { options, examples: ['botpool sandbox read Olga anna_nails_bot'], run: read });
}

async function read(
  context: CliContext,
  { tail }: z.output<typeof options>,
  [person = '', bot = '']: readonly string[],
): Promise<undefined> {
  const open = await openChat(context, person, bot);
  const chat = await open.chat.read({ limit: Number(tail) });
  context.data(chat);
  if (chat.messages.length === 0) context.line(context.say('cli-sandbox-chat-empty'));
  const names = { bot: open.bot.name, person: open.person.name };
  for (const message of chat.messages) context.line(drawMessage(message, names));
  showKeyboard(context, chat);
}
