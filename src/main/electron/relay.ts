/**
 * Carries frames between the window's port and the control plane's WebSocket, unread. The page never learns where the
 * control plane is, nor what lets it in.
 */

/** A frame as both sides carry it. */
export type Frame = string | ArrayBuffer;

/** The part of a WebSocket that is used. */
export interface RelaySocket {
  binaryType: string;
  readonly readyState: number;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(frame: Frame): void;
  close(): void;
}

/** The window's end. */
export interface RelayEnd {
  send(frame: Frame): void;
  /** Tells the page that the link is over. Called once, whoever ended it. */
  ended(): void;
}

/** A relay at work. */
export interface Relay {
  /** Takes what the page sends. Anything that is no frame is dropped. */
  take(data: unknown): void;
  end(): void;
}

const OPEN = 1;
/** What the page may send before the connection stands; a page that sends more is not ours. */
const MOST_WAITING = 1_000;

/** Carries until one of the two ends. */
export function openRelay(page: RelayEnd, socket: RelaySocket): Relay {
  const waiting: Frame[] = [];
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    socket.close();
    page.ended();
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const frame of waiting.splice(0)) socket.send(frame);
  });
  socket.addEventListener('message', ({ data }) => {
    if (!over && isFrame(data)) page.send(data);
  });
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
  return {
    end,
    take(data) {
      if (over || !isFrame(data)) return;
      if (socket.readyState === OPEN) socket.send(data);
      else if (waiting.length < MOST_WAITING) waiting.push(data);
      else end();
    },
  };
}

/** True for what a WebSocket carries; everything else on the port is said to the program itself. */
export function isFrame(data: unknown): data is Frame {
  return typeof data === 'string' || data instanceof ArrayBuffer;
}
