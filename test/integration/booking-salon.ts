/** A salon to test with: a booking bot that polls the simulated Telegram, its storage, its owner and its customers. */
import { Bot } from 'grammy';
import type { Update } from 'grammy/types';
import { bookingKind } from '#bot-runtime/kinds/booking/index.ts';
import type { KindLimits, KindServices } from '#bot-runtime/runtime/kind.ts';
import { startUpdateSource } from '#bot-runtime/runtime/update-source.ts';
import type { Database } from '#core/postgres/database.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { ChatMessage, PersonView } from '#shared/schemas/sandbox.ts';
import { createTestRedis, type TestRedis } from '../support/stack.ts';
import { createTenantStorage, LIMITS, NOON, servicesFor, TENANT } from './booking-world.ts';

/** Somebody with a phone, in the chat with the salon's bot. Texts and buttons are as the phone shows them. */
export interface Chatter {
  readonly person: PersonView;
  readonly chat: SandboxChat;
  /** Writes, and waits for the bot's next message. */
  send(text: string): Promise<ChatMessage>;
  /** Presses a button of the newest screen, and answers the screen as it is once the press was answered. */
  press(label: string | RegExp): Promise<ChatMessage>;
  /** Presses a button and answers what popped up. */
  popup(label: string | RegExp): Promise<string | undefined>;
  /** The bot's newest message. */
  screen(): Promise<ChatMessage>;
}

/** One process that serves the bot. */
export interface BotProcess {
  /** Ends it after the next update that fits was handled, before Telegram is told that it was. */
  dieUnconfirmed(fits: (update: Update) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** The salon. `clock.now` is the bot's time; it stands still unless a test moves it. */
export interface Salon extends AsyncDisposable {
  readonly database: Database;
  readonly redis: TestRedis;
  readonly sandbox: SandboxClient;
  readonly token: string;
  readonly botId: number;
  readonly telegramApiRoot: string;
  readonly clock: { now: number };
  /** What the bot's processes have logged as errors. */
  readonly errors: readonly object[];
  readonly owner: Chatter;
  customer(name: string, languageCode: string): Promise<Chatter>;
  startProcess(): Promise<BotProcess>;
}

/** Opens a salon. No process serves its bot yet. */
export async function openSalon(limits: Partial<KindLimits> = {}): Promise<Salon> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startSandbox());
  const sandbox = createSandboxClient(server.url);
  const owner = await sandbox.createPerson({ name: 'Olga', languageCode: 'en' });
  const bot = await sandbox.createBot({ ownerId: owner.id, name: 'Salon', username: 'salon_bot' });
  const tenant = { ...TENANT, ownerId: owner.id };
  const storage = stack.use(await createTenantStorage({ tenant }));
  const redis = stack.use(await createTestRedis());
  const clock = { now: NOON };
  const errors: object[] = [];
  const services = servicesFor(storage.database, redis.redis, {
    tenant,
    limits: { ...LIMITS, ...limits },
    now: () => clock.now,
    sleep: (ms, signal) => sleepBy(clock, ms, signal),
    logger: { info: () => undefined, warn: () => undefined, error: (fields) => void errors.push(fields) },
  });
  const chatterOf = (person: PersonView): Chatter => createChatter(person, sandbox.chat(bot.id, person.id));
  return {
    database: storage.database,
    redis,
    sandbox,
    token: bot.token,
    botId: bot.id,
    telegramApiRoot: server.telegramApiRoot,
    clock,
    errors,
    owner: chatterOf(owner),
    customer: async (name, languageCode) => chatterOf(await sandbox.createPerson({ name, languageCode })),
    startProcess: async () => {
      const process = await startBotProcess(bot.token, server.telegramApiRoot, services);
      stack.defer(() => process.stop());
      return process;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Sleeps by the salon's clock, which stands still unless a test moves it. */
async function sleepBy(clock: { readonly now: number }, ms: number, signal?: AbortSignal): Promise<void> {
  const until = clock.now + ms;
  while (clock.now < until && signal?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 10));
}

function createChatter(person: PersonView, chat: SandboxChat): Chatter {
  const screen = async (): Promise<ChatMessage> => {
    const message = (await chat.read()).messages.findLast(({ from }) => from === 'bot');
    if (message === undefined) throw new Error('the bot has said nothing yet');
    return message;
  };
  const pressed = async (label: string | RegExp) => {
    const { id, buttons } = await screen();
    const all = buttons.flat();
    const button = all.find(({ text }) => (typeof label === 'string' ? text === label : label.test(text)));
    if (button?.data === undefined) throw new Error(`no button ${label}: ${all.map(({ text }) => text).join(' | ')}`);
    const { answer } = await chat.press({ data: button.data, messageId: id, waitMs: 10_000 });
    if (answer === null) throw new Error(`the press of ${label} was never answered`);
    return answer;
  };
  return {
    person,
    chat,
    screen,
    async send(text) {
      await chat.say(text);
      const message = await chat.waitFor();
      if (message === null) throw new Error(`no answer to ${text}`);
      return message;
    },
    async press(label) {
      await pressed(label);
      return await screen();
    },
    popup: async (label) => (await pressed(label)).text,
  };
}

/** Polls as the runtime does, but remembers nothing of what was handled: the kind itself must bear a repeated update. */
async function startBotProcess(token: string, apiRoot: string, services: KindServices): Promise<BotProcess> {
  const bot = new Bot(token, { client: { apiRoot } });
  await bot.init();
  const instance = bookingKind.install(bot, services);
  let fatal: { readonly fits: (update: Update) => boolean; readonly die: () => void } | undefined;
  const source = startUpdateSource({
    fetch: (offset, timeout, signal) =>
      bot.api.getUpdates(
        { offset, timeout },
        signal as unknown as NonNullable<Parameters<Bot['api']['getUpdates']>[1]>,
      ),
    async handle(update) {
      await bot.handleUpdate(update);
      if (fatal?.fits(update) === true) fatal.die();
    },
    handledBefore: () => Promise.resolve(new Set()),
    noteHandled: () => Promise.resolve(),
    isPassing: () => false,
    mayPoll: () => true,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    logger: services.logger,
  });
  await instance.onStarted();
  let stopped: Promise<void> | undefined;
  // What was handled is confirmed by the next poll; a last call only for that would wait three seconds for its answer.
  const stop = (): Promise<void> => {
    stopped ??= source.stop(false).then(() => instance.close());
    return stopped;
  };
  return {
    dieUnconfirmed: (fits) =>
      new Promise((resolve, reject) => {
        fatal = { fits, die: () => void stop().then(resolve, reject) };
      }),
    stop,
  };
}

/** What stands on the buttons. */
export const labels = ({ buttons }: ChatMessage) => buttons.flat().map(({ text }) => text);
/** A text with its line breaks as spaces. */
export const line = (text: string) => text.replaceAll(/\s+/gu, ' ');

/** What a new customer who keeps their number presses. */
export const SKIP_CONTACT = /^(?:Go on without a number|Продолжить без номера)$/u;

/** From the beginning to the question whether everything is right: tomorrow at 12:00. */
export async function chooseNoon(
  customer: Chatter,
  words: { readonly book: string; readonly service?: RegExp },
): Promise<ChatMessage> {
  await customer.send('/start');
  await customer.press(words.book);
  await customer.press(words.service ?? /Консультация/u);
  await customer.press('24');
  const shown = await customer.press('12:00');
  return labels(shown).some((label) => SKIP_CONTACT.test(label)) ? await customer.press(SKIP_CONTACT) : shown;
}
