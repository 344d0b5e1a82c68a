/** The one error class. Whoever throws names a code from the table; whoever shows it asks the catalogue for a text. */
import { ERROR_CODES, type ErrorCode, type ErrorData, type Retry } from './codes.ts';

/** An expected failure with a stable code. `message` is for logs: the code and its facts, never a secret. */
export class BotpoolError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'BotpoolError';
  readonly code: C;
  readonly data: ErrorData<C>;

  constructor(code: C, data: ErrorData<C>, options?: { readonly cause?: unknown }) {
    const facts = Object.entries(data).map(([name, value]) => `${name}=${String(value)}`);
    super([code, ...facts].join(' '), options);
    this.code = code;
    this.data = data;
  }

  /** Whether the same call may succeed at once, later, or never. */
  get retry(): Retry {
    return ERROR_CODES[this.code].retry;
  }
}

/** True for an expected failure, of this code when one is given. */
export function isBotpoolError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is BotpoolError<C> {
  return error instanceof BotpoolError && (code === undefined || error.code === code);
}
