/** One simulated Telegram with a person and a bot, for tests of the sandbox; each test file has its own. */
import { afterEach } from 'vitest';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { type Sandbox, startSandbox } from '#sandbox/server.ts';
import type { BotWithToken, PersonView } from '#shared/schemas/sandbox.ts';

/** What the Bot API answered. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ok: boolean;
  readonly result: unknown;
  readonly error_code: number;
  readonly description: string;
  readonly parameters: unknown;
}

export let sandbox: Sandbox;
export let client: SandboxClient;
export let anna: PersonView;
export let shop: BotWithToken;
export let chat: SandboxChat;

/** Starts a Telegram in which Anna has the bot Shop; it ends after the test. */
export async function setUp(options: Parameters<typeof startSandbox>[0] = {}): Promise<void> {
  sandbox = await startSandbox(options);
  client = createSandboxClient(sandbox.url);
  anna = await client.createPerson({ name: 'Anna', username: 'anna_p', languageCode: 'ru' });
  shop = await client.createBot({ ownerId: anna.id, name: 'Shop', username: 'shop_bot' });
  chat = client.chat(shop.username, anna.id);
}

/** Ends it and starts another one on the same file. */
export async function restart(dataFile: string): Promise<void> {
  await sandbox.close();
  sandbox = await startSandbox({ dataFile });
  client = createSandboxClient(sandbox.url);
}

/** One call of the Bot API by the bot Shop. */
export async function call(method: string, body?: object, token = shop.token, init: RequestInit = {}): Promise<Answer> {
  const post =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.telegramApiRoot}/bot${token}/${method}`, { ...post, ...init });
  const json = (await response.json()) as Omit<Answer, 'status' | 'retryAfter'>;
  return { ...json, status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** Resolves when a getUpdates of the bot has begun to wait. */
export async function polling(): Promise<void> {
  for (;;) {
    const polls = await client.recordedPolls({ bot: shop.id });
    if (polls.some((poll) => poll.waitStartedAt !== undefined && poll.endedAt === undefined)) return;
  }
}

/** Answers the press that is under way with a pop-up, and gives what the person saw. */
export async function answerTo(pressing: Promise<unknown>): Promise<unknown> {
  const { result } = await call('getUpdates', { timeout: 30, offset: -1 });
  const [update] = result as { callback_query: { id: string } }[];
  await call('answerCallbackQuery', { callback_query_id: update?.callback_query.id, text: 'Taken', show_alert: true });
  return pressing;
}

afterEach(async () => {
  await sandbox.close();
});
