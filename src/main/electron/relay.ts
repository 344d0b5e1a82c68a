/**
 * Carries frames between the window's port and the control plane's WebSocket, unread. The page never learns where the
 * control plane is, nor what lets it in.
 */

/** A frame as both sides carry it. */
export type Frame = string | ArrayBuffer;

/** The window's end. */
export interface RelayPort {
  onFrame(listener: (frame: Frame) => void): void;
  onClose(listener: () => void): void;
  send(frame: Frame): void;
  /** Tells the page that the link is over, and closes. */
  end(): void;
}

/** The part of a WebSocket that is used. */
export interface RelaySocket {
  binaryType: string;
  readonly readyState: number;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(frame: Frame): void;
  close(): void;
}

const OPEN = 1;
/** What the page may send before the connection stands. */
const MOST_WAITING = 1_000;

/** Carries until one of the two ends. */
export function relay(port: RelayPort, socket: RelaySocket): void {
  const waiting: Frame[] = [];
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    socket.close();
    port.end();
  };
  socket.binaryType = 'arraybuffer';
  port.onFrame((frame) => {
    if (over) return;
    if (socket.readyState === OPEN) socket.send(frame);
    else if (waiting.length < MOST_WAITING) waiting.push(frame);
    else end();
  });
  port.onClose(end);
  socket.addEventListener('open', () => {
    for (const frame of waiting.splice(0)) socket.send(frame);
  });
  socket.addEventListener('message', ({ data }) => {
    if (!over && (typeof data === 'string' || data instanceof ArrayBuffer)) port.send(data);
  });
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
}
