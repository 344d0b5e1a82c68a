/** The group `sandbox`: the simulated world's control API for those who may call this one. Web pages reach it only so. */

import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ChatView } from '#shared/schemas/sandbox.ts';
import { createSandboxClient, type SandboxClient, SandboxError } from '../sandbox/sandbox-client.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface SandboxApiServices {
  readonly sandboxUrl: string | undefined;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How long a press waits for the bot's answer. */
const PRESS_MS = 5_000;
/** The sandbox tells no events: a chat is looked at again this often, and only while somebody looks at it. */
const LOOK_MS = 300;

const DONE = { done: true } as const;

/** The procedures of the group. */
export function sandboxApi(root: ApiRoot, { sandboxUrl, sleep }: SandboxApiServices) {
  /** Runs one call of the control API; its refusals become codes of ours. */
  const ask = async <T>(call: (client: SandboxClient) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (sandboxUrl === undefined) {
      throw new BotpoolError('unsupported', { what: 'the sandbox', engine: 'the real Telegram' });
    }
    const client = createSandboxClient(sandboxUrl, (url, init) =>
      fetch(url, signal === undefined ? init : { ...init, signal }),
    );
    try {
      return await call(client);
    } catch (error) {
      throw refusal(error);
    }
  };
  const group = root.sandbox;
  return group.router({
    info: group.info.handler(() => ({ url: sandboxUrl ?? null })),
    people: group.people.handler(() => ask((client) => client.listPeople())),
    addPerson: group.addPerson.handler(({ input }) => ask((client) => client.createPerson(input))),
    bots: group.bots.handler(() => ask((client) => client.listBots())),
    addBot: group.addBot.handler(({ input }) => ask((client) => client.createBot(input))),
    token: group.token.handler(async ({ input }) => ({ token: await ask((client) => tokenOf(client, input.botId)) })),
    chat: group.chat.handler(({ input, signal = new AbortController().signal }) =>
      watchChat((call) => ask(call, signal), input, sleep, signal),
    ),
    start: group.start.handler(async ({ input }) => {
      await ask((client) => client.chat(input.botId, input.personId).start(input.payload));
      return DONE;
    }),
    say: group.say.handler(async ({ input }) => {
      await ask((client) => client.chat(input.botId, input.personId).say(input.text));
      return DONE;
    }),
    press: group.press.handler(({ input }) => {
      const { botId, personId, ...button } = input;
      return ask((client) => client.chat(botId, personId).press({ ...defined(button), waitMs: PRESS_MS }));
    }),
    pressKey: group.pressKey.handler(async ({ input }) => {
      await ask((client) => client.chat(input.botId, input.personId).pressReplyButton(input.text));
      return DONE;
    }),
    send: group.send.handler(async ({ input }) => {
      await ask((client) => sendSample(client, input));
      return DONE;
    }),
    pay: group.pay.handler(({ input }) =>
      ask((client) => client.chat(input.botId, input.personId).pay({ messageId: input.messageId })),
    ),
    block: group.block.handler(async ({ input }) => {
      await ask((client) => client.chat(input.botId, input.personId).setBlocked(input.blocked));
      return DONE;
    }),
    faults: group.faults.handler(() => ask((client) => client.getFaults())),
    setFaults: group.setFaults.handler(({ input }) => ask((client) => client.setFaults(defined(input)))),
    failNext: group.failNext.handler(({ input }) => ask((client) => client.failNextCalls(input))),
    clearFaults: group.clearFaults.handler(() => ask((client) => client.clearFaults())),
  });
}

/** Without the fields that hold `undefined`: the sandbox takes them as not said. */
function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const said = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [K in keyof T]: Exclude<T[K], undefined> };
}

async function tokenOf(client: SandboxClient, botId: number): Promise<string> {
  const bot = (await client.listBotsWithTokens()).find(({ id }) => id === botId);
  if (bot === undefined) throw new BotpoolError('input_invalid', { field: 'botId', problem: 'there is no such bot' });
  return bot.token;
}

async function sendSample(
  client: SandboxClient,
  { botId, personId, kind }: { botId: number; personId: number; kind: 'photo' | 'voice' | 'document' },
): Promise<void> {
  const chat = client.chat(botId, personId);
  if (kind === 'photo') await chat.sendPhoto();
  else if (kind === 'voice') await chat.sendVoice();
  else await chat.sendDocument();
}

/** The chat now, and again whenever it has changed, until the signal aborts. */
async function* watchChat(
  ask: <T>(call: (client: SandboxClient) => Promise<T>) => Promise<T>,
  { botId, personId }: { readonly botId: number; readonly personId: number },
  sleep: SandboxApiServices['sleep'],
  signal: AbortSignal,
): AsyncGenerator<ChatView, void, void> {
  let told: string | undefined;
  while (!signal.aborted) {
    const view = await ask((client) => client.chat(botId, personId).read());
    const { revision, action } = view;
    const text = JSON.stringify([revision, action, view.started, view.blocked]);
    if (text !== told) yield view;
    told = text;
    await sleep(LOOK_MS, signal);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof SandboxError) {
    return new BotpoolError('input_invalid', { field: error.field ?? 'sandbox', problem: error.message });
  }
  if (error instanceof TypeError) {
    return new BotpoolError('program_failed', { program: 'sandbox', detail: 'it does not answer' }, { cause: error });
  }
  return error;
}
