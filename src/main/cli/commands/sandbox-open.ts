/** `botpool sandbox open`: a person follows the link of a button: pays on the payment page, or makes a bot by one tap. */
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { collectAnswers, openChat, openWorld, showAnswers } from '../sandbox/world.ts';

/** A bot that was paid for is ready a moment after the payment was seen. */
const QUIET_MS = 2_000;

const options = z.object({ card: z.string().optional(), decline: z.boolean().default(false) });

/** Adds the command. */
export function addSandboxOpen(sandbox: Command, set: CommandSet): void {
  const command = sandbox
    .command('open')
    .argument('<person>')
    .argument('<bot>')
    .argument('<button>', 'the text of a button with a link, or a part of it')
    .description('a person follows a link: pays by card, or lets Telegram make the bot that it offers')
    .option('--card <number>', 'of a payment page; default: one that pays. 5555555555554600 has no money')
    .option('--decline', 'the bank refuses');
  defineCommand(command, set, {
    options,
    examples: [
      'botpool sandbox open Anna botpool_sales_bot "one tap"',
      'botpool sandbox open Anna botpool_sales_bot Pay',
      'botpool sandbox open Anna botpool_sales_bot Pay --card 5555555555554600',
    ],
    run: openLink,
  });
}

async function openLink(
  context: CliContext,
  { card, decline }: z.output<typeof options>,
  [personWord = '', bot = '', word = '']: readonly string[],
): Promise<undefined> {
  const open = await openChat(context, personWord, bot);
  const { messages, revision } = await open.chat.read();
  const buttons = messages.toReversed().flatMap((message) => message.buttons.flat());
  const found = buttons.find(({ text, url }) => url !== undefined && text.toLowerCase().includes(word.toLowerCase()));
  if (found?.url === undefined) {
    const links = buttons.flatMap(({ text, url }) => (url === undefined ? [] : [text])).join(', ');
    throw new BotpoolError('input_invalid', {
      field: 'button',
      problem: context.say('cli-sandbox-no-link', { links }),
    });
  }
  const link = new URL(found.url);
  const world = await openWorld(context);
  if (link.pathname === '/yookassa/pay') {
    const id = link.searchParams.get('orderId') ?? '';
    const act = decline ? ({ act: 'decline' } as const) : card === undefined ? {} : { card };
    const payment = await world.shop.act(id, act);
    context.line(context.say('cli-sandbox-paid', { status: payment.status }));
    context.data(payment);
  } else if (link.host === 't.me' && link.pathname.startsWith('/newbot/')) {
    const made = await world.confirmManagedBot({ personId: open.person.id, link: found.url });
    context.line(context.say('cli-sandbox-made', { bot: made.username }));
    context.data(made);
  } else {
    context.line(found.url);
    context.data({ url: found.url });
    return;
  }
  await showAnswers(context, open, await collectAnswers(open.chat, revision, QUIET_MS));
}
