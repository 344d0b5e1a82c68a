/** The errors of the Bot API: one class, and one function per class of answers that knows the prefix rule. */

/** What an error answer may carry beside its text. */
export interface ErrorParameters {
  /** Seconds to wait; goes with 429. */
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** An answer with `ok: false`. `message` is the exact description. */
export class ApiError extends Error {
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description);
    this.name = 'ApiError';
    this.code = code;
    this.parameters = parameters;
  }
}

/**
 * Puts a class prefix before a text the way Telegram does: the first letter of the text becomes a small one, unless
 * the second character is an underscore or a capital (so raw codes such as `BUTTON_DATA_INVALID` stay as they are).
 */
export function withPrefix(prefix: string, text: string): string {
  if (text === '') return prefix;
  const second = text.charAt(1);
  const keep = second === '_' || (second >= 'A' && second <= 'Z');
  return `${prefix}: ${keep ? text : text.charAt(0).toLowerCase() + text.slice(1)}`;
}

/** 400 `Bad Request: …`. */
export function badRequest(text: string): ApiError {
  return new ApiError(400, withPrefix('Bad Request', text));
}

/** 403 `Forbidden: …`. */
export function forbidden(text: string): ApiError {
  return new ApiError(403, withPrefix('Forbidden', text));
}

/** 409 `Conflict: …`. */
export function conflict(text: string): ApiError {
  return new ApiError(409, withPrefix('Conflict', text));
}

/** 404, bare or with a text. */
export function notFound(text = ''): ApiError {
  return new ApiError(404, withPrefix('Not Found', text));
}

/** 401, bare or with a text. */
export function unauthorized(text = ''): ApiError {
  return new ApiError(401, withPrefix('Unauthorized', text));
}

/** 429 with `retry_after` whole seconds. */
export function tooManyRequests(retryAfter: number): ApiError {
  return new ApiError(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
}

/** 413, as the front servers answer an upload that is too large. */
export function tooLarge(): ApiError {
  return new ApiError(413, 'Request Entity Too Large');
}

const PREFIXES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

/** The description Telegram would give for a bare code. */
export function defaultDescription(code: number, retryAfter?: number): string {
  const prefix = PREFIXES[code] ?? 'Bad Request';
  return code === 429 ? `${prefix}: retry after ${retryAfter ?? 1}` : prefix;
}
