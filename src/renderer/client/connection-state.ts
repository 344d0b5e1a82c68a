/** How the link to the control plane is, as a pure state over what happens to it. */

/** `connecting` only before the very first connection; `offline` after one was lost. */
export type LinkPhase = 'connecting' | 'online' | 'offline' | 'signed-out';

/** See the file. Instants are milliseconds since the epoch. */
export interface LinkState {
  readonly phase: LinkPhase;
  /** When the other side was last heard; null before it ever was. */
  readonly heardAt: number | null;
  /** True while it is connected and has been silent for too long. */
  readonly stale: boolean;
  /** Counts connections: whoever follows a stream opens it anew when this grows. */
  readonly generation: number;
  /** When the next attempt begins; null while one is under way or none is needed. */
  readonly retryAt: number | null;
  readonly attempts: number;
}

/** Before anything happened. */
export const FIRST_LINK: LinkState = {
  phase: 'connecting',
  heardAt: null,
  stale: false,
  generation: 0,
  retryAt: null,
  attempts: 0,
};

/** Silence for longer than this makes what is shown stale, at the latest a second later. Pings go out every second. */
export const STALE_MS = 1_900;

/** What happens to a link. */
export type LinkEvent =
  | { readonly type: 'opened'; readonly at: number }
  | { readonly type: 'heard'; readonly at: number }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'lost'; readonly retryAt: number }
  | { readonly type: 'trying' }
  | { readonly type: 'signed-out' };

/** The next state. The same object when nothing changed that anybody shows. */
export function nextLink(state: LinkState, event: LinkEvent): LinkState {
  switch (event.type) {
    case 'opened':
      return {
        phase: 'online',
        heardAt: event.at,
        stale: false,
        generation: state.generation + 1,
        retryAt: null,
        attempts: 0,
      };
    case 'heard':
      return { ...state, heardAt: event.at, stale: false };
    case 'tick': {
      const stale = state.phase === 'online' && state.heardAt !== null && event.at - state.heardAt > STALE_MS;
      return stale === state.stale ? state : { ...state, stale };
    }
    case 'lost': {
      const phase = state.generation === 0 ? 'connecting' : 'offline';
      return { ...state, phase, stale: false, retryAt: event.retryAt, attempts: state.attempts + 1 };
    }
    case 'trying':
      return state.retryAt === null ? state : { ...state, retryAt: null };
    case 'signed-out':
      return { ...state, phase: 'signed-out', stale: false, retryAt: null };
  }
}

/** How long to wait before the next attempt: half a second, doubling up to ten, a little different for everybody. */
export function retryDelay(attempts: number, random: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(attempts, 5)) * (0.8 + 0.4 * random);
}
