/** Trouble on order: delays, random errors, prepared answers, lost connections, an unreachable Telegram. */
import type { FaultSettings, NextCallFault } from '#shared/schemas/sandbox.ts';
import type { Random } from '../random.ts';
import { ApiError, defaultDescription } from './api-error.ts';

/** A network without trouble. */
export const NO_FAULTS: FaultSettings = {
  latencyMs: 0,
  jitterMs: 0,
  errorRate: 0,
  unreachable: false,
  malformedToken: '404',
};

/** What shall happen to one call. */
export type Fate =
  | { readonly kind: 'serve' }
  | { readonly kind: 'answer'; readonly error: ApiError }
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' };

interface Prepared {
  readonly fault: NextCallFault;
  readonly botId: number | undefined;
  left: number;
}

const SERVE: Fate = { kind: 'serve' };

/** The troubles of one sandbox. */
export class Faults {
  settings: FaultSettings = NO_FAULTS;
  readonly #random: Random;
  #prepared: Prepared[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Prepares a fate for the next calls that match. `botId` undefined: of any bot. */
  prepare(fault: NextCallFault, botId: number | undefined): void {
    this.#prepared.push({ fault, botId, left: fault.times });
  }

  /** The prepared fates not yet used up. */
  pending(): readonly { readonly fault: NextCallFault; readonly left: number }[] {
    return this.#prepared.map(({ fault, left }) => ({ fault, left }));
  }

  /** How long this call is to be delayed, ms. */
  delay(): number {
    const { latencyMs, jitterMs } = this.settings;
    return jitterMs === 0 ? latencyMs : latencyMs + this.#random() * jitterMs;
  }

  /** Decides what happens to a call; uses up a prepared fate. `method` in small letters. */
  fateOf(botId: number, method: string): Fate {
    const prepared = this.#prepared.find(
      (entry) =>
        (entry.botId === undefined || entry.botId === botId) &&
        (entry.fault.method === undefined || entry.fault.method.toLowerCase() === method),
    );
    if (prepared) return this.#use(prepared);
    if (this.settings.errorRate > 0 && this.#random() < this.settings.errorRate) {
      return { kind: 'answer', error: new ApiError(500, 'Internal Server Error') };
    }
    return SERVE;
  }

  /** Back to a network without trouble. */
  clear(): void {
    this.settings = NO_FAULTS;
    this.#prepared = [];
  }

  #use(prepared: Prepared): Fate {
    prepared.left -= 1;
    if (prepared.left <= 0) this.#prepared = this.#prepared.filter((entry) => entry !== prepared);
    const { fault } = prepared;
    if (fault.drop !== undefined) return { kind: 'drop', when: fault.drop };
    const code = fault.code ?? 500;
    const description = fault.description ?? defaultDescription(code, fault.retryAfter);
    const retryAfter = fault.retryAfter ?? (code === 429 ? 1 : undefined);
    const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
    return { kind: 'answer', error: new ApiError(code, description, parameters) };
  }
}
