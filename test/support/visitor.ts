/** Somebody who talks to a bot as people do: reads what it says, presses what it shows. */
import type { SandboxChat, SandboxClient } from '#main/sandbox/sandbox-client.ts';
import type { PersonView } from '#shared/schemas/sandbox.ts';
import { until } from './until.ts';

/** A person in the chat with one bot. */
export interface Visitor {
  readonly person: PersonView;
  readonly chat: SandboxChat;
  /** Resolves with the newest message of the bot when it contains this. */
  sees(part: string): Promise<string>;
  /** Presses the newest button whose text contains this. */
  press(part: string): Promise<void>;
  /** Says something, and resolves when the bot has answered. */
  say(text: string): Promise<void>;
  /** Where the newest button with this text leads. */
  link(part: string): Promise<string>;
}

/** Puts a person in front of a bot. */
export function visitorOf(sandbox: SandboxClient, bot: string, person: PersonView): Visitor {
  const chat = sandbox.chat(bot, person.id);
  const newest = async () => (await chat.read()).messages.filter(({ from }) => from === 'bot').at(-1);
  const findButton = async (part: string) => {
    const { messages } = await chat.read();
    const all = messages.toReversed().flatMap(({ id, buttons = [] }) => buttons.flat().map((one) => ({ id, ...one })));
    return all.find(({ text }) => text.includes(part));
  };
  return {
    person,
    chat,
    sees: async (part) =>
      await until(`the bot says “${part}”`, async () => {
        const { text = '' } = (await newest()) ?? {};
        return text.includes(part) ? text : undefined;
      }),
    async press(part) {
      const button = await until(`there is a button “${part}”`, () => findButton(part));
      await chat.press({ messageId: button.id, text: button.text });
    },
    async say(text) {
      const { id } = await chat.say(text);
      await until(`the bot answers “${text}”`, async () => ((await newest())?.id ?? 0) > id);
    },
    link: async (part) => (await until(`there is a link “${part}”`, () => findButton(part))).url ?? '',
  };
}
