/** Customers who book and cancel all the time, and notice everything that goes wrong for them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import type { Random } from '#sandbox/random.ts';
import type { ChatMessage } from '#shared/schemas/sandbox.ts';

/** What one customer went through. */
export interface Experience {
  readonly steps: number;
  /** How many messages tell this customer “you are booked”. */
  readonly booked: number;
  /** What was not answered in time. */
  readonly unanswered: readonly string[];
  /** The longest wait for an answer. Milliseconds. */
  readonly slowestMs: number;
}

/** One customer at work. `stop` resolves after the dialog that is under way. */
export interface Customer {
  readonly personId: number;
  readonly botId: number;
  stop(): Promise<Experience>;
}

/** An answer that takes longer is none. Longer than the longest failover, shorter than anybody's patience. */
const PATIENCE_MS = 90_000;
const POP_UP_MS = 3_000;
const BREATH_MS = 150;

/** Begins to book and cancel; rests for `breathMs` after each dialog. */
export function startCustomer(
  chat: SandboxChat,
  { personId, botId }: { readonly personId: number; readonly botId: number },
  random: Random,
  breathMs = BREATH_MS,
): Customer {
  let over = false;
  const seen = { steps: 0, booked: 0, unanswered: [] as string[], slowestMs: 0 };
  let read = 0;

  /** `act` resolves with `true` when it was answered by a pop-up: then the message may stay as it is. */
  const step = async (what: string, act: () => Promise<unknown>): Promise<ChatMessage | undefined> => {
    const begun = performance.now();
    const at = new Date().toISOString();
    seen.steps += 1;
    const popUp = (await act()) === true;
    const answer = await chat.waitFor({ timeoutMs: popUp ? POP_UP_MS : PATIENCE_MS });
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - begun);
    if (answer === null && !popUp) seen.unanswered.push(`${at} customer ${personId} of bot ${botId}: ${what}`);
    return answer ?? undefined;
  };

  const press = async (shown: ChatMessage | undefined, action: RegExp): Promise<ChatMessage | undefined> => {
    const fitting = shown?.buttons.flat().filter(({ data }) => action.test(data ?? '')) ?? [];
    const data = fitting[Math.floor(random() * fitting.length)]?.data;
    if (data === undefined) return undefined;
    return await step(`press ${data}`, async () => {
      const { answer } = await chat.press({ data, waitMs: PATIENCE_MS });
      return answer?.text !== undefined;
    });
  };

  const dialog = async (): Promise<void> => {
    let shown = await step('/start', () => chat.start());
    for (const action of [/^b1\.s$/, /^b1\.v\./, /^b1\.d\./, /^b1\.t\./, /^b1\.k\./, /^b1\.c\./])
      shown = (await press(shown, action)) ?? shown;
    shown = await step('/mybookings', () => chat.say('/mybookings'));
    for (const action of [/^b1\.b\./, /^b1\.x\./, /^b1\.z\./]) shown = await press(shown, action);
  };

  /** A screen that says so stays, because what comes next is a message of its own; and this dialog has been answered. */
  const countBooked = async (): Promise<void> => {
    const { messages } = await chat.read({ sinceId: read });
    seen.booked += messages.filter(({ from, text }) => from === 'bot' && text.includes('You are booked')).length;
    read = messages.at(-1)?.id ?? read;
  };

  const working = (async () => {
    while (!over) {
      await dialog();
      await countBooked();
      await pause(breathMs);
    }
  })();
  return {
    ...{ personId, botId },
    async stop() {
      over = true;
      await working;
      return seen;
    },
  };
}
