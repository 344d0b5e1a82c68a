/** What a method of the Bot API is to the sandbox: a function from a call to a result. */
import type { Bot } from '../bots.ts';
import type { PollEntry } from '../record.ts';
import type { World } from '../world.ts';
import type { Params } from './params.ts';

/** The request behind a call, as far as methods may know it. */
export interface CallRequest {
  readonly id: string;
  /** The client's end of the connection. */
  readonly connection: string;
  /** Runs the task once when the client goes away before the answer. */
  onGone(task: () => void): void;
  /** Gives a hang-up that is on its way a moment to arrive; ends early when `isSettled`. */
  settle(isSettled: () => boolean): Promise<void>;
  /** Notes that the call begins to wait. */
  noteWait(poll: PollEntry): void;
}

/** One call of one method. */
export interface Call {
  readonly world: World;
  readonly bot: Bot;
  readonly params: Params;
  readonly request: CallRequest;
}

/** A result with the top-level `description` webhook methods add. */
export class Described {
  readonly result: unknown;
  readonly description: string;

  constructor(result: unknown, description: string) {
    this.result = result;
    this.description = description;
  }
}

/** A result that is JSON already. */
export class RawResult {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** Runs one method; throws `ApiError`. */
export type Method = (call: Call) => unknown;

/** Methods by their name in small letters. */
export type MethodTable = Readonly<Record<string, Method>>;
