/** The simulated world as the sandbox commands use it: found over the control plane, spoken to through its client. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BotView, ChatMessage, ChatView, PersonView } from '#shared/schemas/sandbox.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '../../sandbox/sandbox-client.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { drawMessage, drawReplyKeyboard } from '../format/chat-view.ts';
import { findBot, findPerson } from './resolve.ts';

/** How long a bot may think before its answer counts as missing. */
const FIRST_ANSWER_MS = 8_000;
/** After an answer, how long to wait for the next one: bots often answer in two messages. */
const NEXT_ANSWER_MS = 350;

/** Opens the world of this installation. Fails with `unsupported` where the real Telegram is used. */
export async function openWorld(context: CliContext): Promise<SandboxClient> {
  const { url } = await withControlPlane(context, ({ client }) => client.sandbox.info());
  if (url === null) throw new BotpoolError('unsupported', { what: 'sandbox', engine: 'the real Telegram' });
  return createSandboxClient(url, async (address, init) => {
    try {
      return await fetch(address, init);
    } catch (cause) {
      throw new BotpoolError('program_failed', { program: 'sandbox', detail: `no answer at ${url}` }, { cause });
    }
  });
}

/** One person's chat with one bot, with those who talk in it. */
export interface OpenChat {
  readonly chat: SandboxChat;
  readonly person: PersonView;
  readonly bot: BotView;
}

/** The chat of the person and the bot that two words mean. */
export async function openChat(context: CliContext, personWord: string, botWord: string): Promise<OpenChat> {
  const world = await openWorld(context);
  const [people, made, botFather] = await Promise.all([
    world.listPeople(),
    world.listBots(),
    // Telegram's own bot is not among those that people made, but everybody can talk to it.
    world.getBot('BotFather'),
  ]);
  const bots = [...made, botFather];
  const person = findPerson(context.say, people, personWord);
  const bot = findBot(context.say, bots, botWord);
  return { chat: world.chat(bot.username, person.id), person, bot };
}

/** What the bot says after the revision, until it has been silent for `quietMs`. */
export async function collectAnswers(
  chat: SandboxChat,
  since: number,
  quietMs: number = NEXT_ANSWER_MS,
): Promise<ChatMessage[]> {
  const answers: ChatMessage[] = [];
  for (let last = since; ; ) {
    const timeoutMs = answers.length === 0 ? FIRST_ANSWER_MS : quietMs;
    const answer = await chat.waitFor({ since: last, timeoutMs });
    if (answer === null) return answers;
    answers.push(answer);
    last = answer.revision;
  }
}

/** Shows what the bot answered, and the keyboard below when there is one. */
export async function showAnswers(context: CliContext, open: OpenChat, answers: readonly ChatMessage[]): Promise<void> {
  const names = { bot: open.bot.name, person: open.person.name };
  for (const answer of answers) context.line(drawMessage(answer, names));
  if (answers.length === 0) {
    context.line(context.say('cli-sandbox-silent', { bot: open.bot.username, seconds: FIRST_ANSWER_MS / 1_000 }));
  }
  if (!context.json) showKeyboard(context, await open.chat.read({ limit: 1 }));
}

/** The keyboard below the chat, as text. */
export function showKeyboard(context: CliContext, chat: ChatView): void {
  const keyboard = drawReplyKeyboard(chat);
  if (keyboard !== undefined) context.line(`${context.say('cli-sandbox-keyboard')}\n${keyboard}`);
}
