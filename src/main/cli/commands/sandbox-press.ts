/** `botpool sandbox press`: a person presses a button, under a message or of the keyboard below. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { ChatMessage } from '#shared/schemas/sandbox.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findButton } from '../sandbox/resolve.ts';
import { collectAnswers, type OpenChat, openChat, showAnswers } from '../sandbox/world.ts';

/** How long a bot may take to answer the press itself, beside what it writes. */
const TOAST_MS = 3_000;

/** Adds the command. */
export function addSandboxPress(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('press')
    .argument('<person>')
    .argument('<bot>')
    .argument('<button>', 'its text, or a part of it that no other button has')
    .description('a person presses a button; prints the answer');
  defineCommand(command, set, {
    options: z.object({}),
    examples: ['botpool sandbox press Olga anna_nails_bot "10:00"'],
    run: press,
  });
}

async function press(
  context: CliContext,
  _options: object,
  [person = '', bot = '', word = '']: readonly string[],
): Promise<undefined> {
  const open = await openChat(context, person, bot);
  const chat = await open.chat.read();
  const inline = chat.messages.toReversed().flatMap(({ buttons }) => buttons.flat().map(({ text }) => text));
  const reply = (chat.replyKeyboard ?? []).flat().map(({ text }) => text);
  const button = findButton(context.say, inline, reply, word);
  const result =
    button.place === 'inline'
      ? await pressInline(context, open, button.text, chat.revision)
      : await pressReply(open, button.text, chat.revision);
  context.data({ pressed: button.text, ...result });
  await showAnswers(context, open, result.answers);
}

interface Pressed {
  /** What popped up over the chat. */
  readonly notice: string | null;
  readonly answers: ChatMessage[];
}

async function pressInline(context: CliContext, open: OpenChat, text: string, since: number): Promise<Pressed> {
  const { answer } = await open.chat.press({ text, waitMs: TOAST_MS });
  const notice = answer?.text ?? null;
  if (notice !== null) context.line(context.say('cli-sandbox-notice', { text: notice }));
  return { notice, answers: await collectAnswers(open.chat, since) };
}

async function pressReply(open: OpenChat, text: string, since: number): Promise<Pressed> {
  const { message } = await open.chat.pressReplyButton(text);
  return { notice: null, answers: await collectAnswers(open.chat, message?.revision ?? since) };
}
