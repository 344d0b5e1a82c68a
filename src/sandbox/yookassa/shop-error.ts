/** Errors of the simulated YooKassa, in the shape in which the real one answers. */

const STATUS = {
  invalid_request: 400,
  invalid_credentials: 401,
  forbidden: 403,
  not_found: 404,
  too_many_requests: 429,
  internal_server_error: 500,
} as const;

/** The codes that YooKassa documents. */
export type ShopErrorCode = keyof typeof STATUS;

/** A call that is refused. */
export class ShopError extends Error {
  readonly code: ShopErrorCode;
  readonly status: number;
  /** The part of the request that is to blame. */
  readonly parameter: string | undefined;

  constructor(code: ShopErrorCode, description: string, parameter?: string) {
    super(description);
    this.name = 'ShopError';
    this.code = code;
    this.status = STATUS[code];
    this.parameter = parameter;
  }
}
