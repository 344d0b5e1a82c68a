/** Why a person could not do what was asked of them: the control API says it with a status. */
export class ActError extends Error {
  /** 400: cannot be done; 404: no such person, bot, message or button; 409: not in this state. */
  readonly status: 400 | 404 | 409;
  readonly code: string;

  constructor(status: 400 | 404 | 409, code: string, message: string) {
    super(message);
    this.name = 'ActError';
    this.status = status;
    this.code = code;
  }
}
