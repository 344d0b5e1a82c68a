/**
 * The private chats between people and bots: messages, the keyboard that is up, who blocked whom, and the events that
 * tell a waiting reader that something changed. Message ids are the bot's own count over all its chats.
 */
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';
import type { Message, MessageContent, ReplyKeyboard } from './types.ts';

/** One message in a dialog. `revision` is the dialog's count of changes when this message last changed. */
export interface DialogMessage {
  readonly fromBot: boolean;
  readonly message: Message;
  readonly revision: number;
  /** The invoice's payload and the invoice's price, known to the bot and the payer's client alone. */
  readonly invoicePayload?: string | undefined;
}

/** One private chat. */
export interface Dialog {
  readonly botId: number;
  readonly personId: number;
  readonly chatInstance: string;
  readonly messages: Map<number, DialogMessage>;
  started: boolean;
  blocked: boolean;
  /** Count of changes so far. */
  revision: number;
  /** The revision after the person's last act. */
  personRevision: number;
  replyKeyboard: ReplyKeyboard | undefined;
  /** `until` in ms since the epoch. */
  action: { readonly name: string; readonly until: number } | undefined;
  draft: { readonly id: number; readonly text: string } | undefined;
  /** The saved form, kept while nothing changes. */
  frozen: string | undefined;
}

/** What a wait looks for. */
export interface WaitRequest {
  /** Only messages of a higher revision. */
  readonly since: number;
  readonly timeoutMs: number;
  readonly matches: (entry: DialogMessage) => boolean;
}

interface Waiter {
  readonly request: WaitRequest;
  readonly finish: (found: DialogMessage | undefined) => void;
}

const MAX_MESSAGES = 5000;

/** All dialogs. */
export class Dialogs {
  readonly #dialogs = new Map<string, Dialog>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The dialog of a bot and a person, if they ever met. */
  find(botId: number, personId: number): Dialog | undefined {
    return this.#dialogs.get(`${botId}:${personId}`);
  }

  /** The dialog of a bot and a person, made when they meet for the first time. */
  open(botId: number, personId: number): Dialog {
    const known = this.find(botId, personId);
    if (known) return known;
    const chatInstance = `${randomBetween(this.#random, 1_000_000, 9_007_199_254)}${randomBetween(this.#random, 100_000_000, 999_999_999)}`;
    const dialog: Dialog = {
      botId,
      personId,
      chatInstance,
      messages: new Map(),
      started: false,
      blocked: false,
      revision: 0,
      personRevision: 0,
      replyKeyboard: undefined,
      action: undefined,
      draft: undefined,
      frozen: undefined,
    };
    this.put(dialog);
    return dialog;
  }

  /** Takes over a dialog saved before. */
  put(dialog: Dialog): void {
    this.#dialogs.set(`${dialog.botId}:${dialog.personId}`, dialog);
  }

  /** All dialogs. */
  list(): Iterable<Dialog> {
    return this.#dialogs.values();
  }

  /** Adds a message or puts a changed one in its place, and wakes whoever waits for it. */
  write(dialog: Dialog, message: Message, fromBot: boolean, invoicePayload?: string): DialogMessage {
    dialog.revision += 1;
    dialog.frozen = undefined;
    if (!fromBot) dialog.personRevision = dialog.revision;
    const entry = { fromBot, message, revision: dialog.revision, invoicePayload };
    dialog.messages.set(message.message_id, entry);
    if (dialog.messages.size > MAX_MESSAGES) this.#forgetOldest(dialog);
    if (fromBot) {
      dialog.action = undefined;
      dialog.draft = undefined;
      this.#wake(dialog, entry);
    }
    return entry;
  }

  /** Removes a message. */
  erase(dialog: Dialog, messageId: number): boolean {
    const erased = dialog.messages.delete(messageId);
    if (erased) this.touch(dialog);
    return erased;
  }

  /** Counts a change that is not a message (a block, a keyboard taken away). */
  touch(dialog: Dialog): void {
    dialog.revision += 1;
    dialog.frozen = undefined;
  }

  /** Counts an act of the person that leaves no message: what the bot says from now on is its answer. */
  personActed(dialog: Dialog): void {
    this.touch(dialog);
    dialog.personRevision = dialog.revision;
  }

  /** The oldest message that fits, now or as soon as there is one; undefined when the time is over or the wait ends. */
  waitFor(
    dialog: Dialog,
    request: WaitRequest,
    onCancel: (cancel: () => void) => void,
  ): Promise<DialogMessage | undefined> {
    const ready = oldestMatch(dialog, request);
    if (ready || request.timeoutMs <= 0) return Promise.resolve(ready);
    const key = `${dialog.botId}:${dialog.personId}`;
    const waiters = this.#waiters.get(key) ?? new Set<Waiter>();
    this.#waiters.set(key, waiters);
    return new Promise((resolve) => {
      const finish = (found: DialogMessage | undefined): void => {
        stopTimer();
        waiters.delete(waiter);
        resolve(found);
      };
      const waiter: Waiter = { request, finish };
      const stopTimer = this.#clock.after(request.timeoutMs, () => finish(undefined));
      waiters.add(waiter);
      onCancel(() => finish(undefined));
    });
  }

  /** Ends all waits with nothing (the server closes, the world is reset). */
  endWaits(): void {
    for (const waiters of this.#waiters.values()) for (const waiter of [...waiters]) waiter.finish(undefined);
    this.#waiters.clear();
  }

  /** Forgets the dialogs of one bot. */
  removeBot(botId: number): void {
    for (const [key, dialog] of this.#dialogs) if (dialog.botId === botId) this.#dialogs.delete(key);
  }

  /** Forgets everything. */
  clear(): void {
    this.endWaits();
    this.#dialogs.clear();
  }

  #wake(dialog: Dialog, entry: DialogMessage): void {
    const waiters = this.#waiters.get(`${dialog.botId}:${dialog.personId}`);
    if (!waiters) return;
    for (const waiter of [...waiters]) {
      if (entry.revision > waiter.request.since && waiter.request.matches(entry)) waiter.finish(entry);
    }
  }

  #forgetOldest(dialog: Dialog): void {
    const oldest = dialog.messages.keys().next().value;
    if (oldest !== undefined) dialog.messages.delete(oldest);
  }
}

function oldestMatch(dialog: Dialog, request: WaitRequest): DialogMessage | undefined {
  let found: DialogMessage | undefined;
  for (const entry of dialog.messages.values()) {
    if (!entry.fromBot || entry.revision <= request.since || !request.matches(entry)) continue;
    if (!found || entry.revision < found.revision) found = entry;
  }
  return found;
}

/** The text or caption of a message, '' when it has none. */
export function wordsOf(content: MessageContent): string {
  return content.text ?? content.caption ?? '';
}
