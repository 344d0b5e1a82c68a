/**
 * The desktop window's way to the control plane: one message port to the program, which greets, then carries frames. The
 * page never learns where the control plane is, nor what lets it in.
 */
import { type ProgramMessage, programMessageSchema } from '#shared/api/desktop.ts';
import { CONNECT_REQUEST } from '#shared/api/desktop-words.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { PanelSocket } from './connection.ts';
import type { SessionFacts } from './session.ts';

/** Why nobody is let on. */
type Nobody = Extract<ProgramMessage, { type: 'nobody' }>['why'];
/** What came of naming a server. */
type Named = Extract<ProgramMessage, { type: 'server' | 'server-failed' }>;

/** See the file. */
export interface DesktopLink {
  /** Opens a port, and says who is known there; null: nobody, see `why`. */
  readSession(): Promise<SessionFacts | null>;
  /** The port of the last session, as a socket. */
  openSocket(): PanelSocket;
  why(): Nobody | undefined;
  /** From now on this server. */
  name(server: { readonly url: string; readonly token: string }): Promise<Named>;
  /** The server that was named is forgotten. */
  forget(): void;
}

/** How long the program may take to greet: it asks the server who it is there. */
const GREETING_MS = 10_000;

/** Opens ports by asking the window's preload script. */
export function createDesktopLink(): DesktopLink {
  let current: PortSocket | undefined;
  let why: Nobody | undefined;
  return {
    async readSession() {
      current?.close();
      current = new PortSocket(requestPort());
      const greeting = await current.next(GREETING_MS);
      if (greeting.type === 'session') {
        const { user, role, local } = greeting;
        return { user, role, csrf: '', local };
      }
      why = greeting.type === 'nobody' ? greeting.why : 'unreachable';
      if (why === 'unreachable') throw new BotpoolError('control_plane_unreachable', {});
      return null;
    },
    openSocket() {
      if (current === undefined) throw new BotpoolError('control_plane_unreachable', {});
      return current;
    },
    why: () => why,
    async name(server) {
      current ??= new PortSocket(requestPort());
      current.say({ type: 'server', ...server });
      for (;;) {
        const answer = await current.next(GREETING_MS);
        if (answer.type === 'server' || answer.type === 'server-failed') return answer;
      }
    },
    forget: () => current?.say({ type: 'forget' }),
  };
}

function requestPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  window.postMessage(CONNECT_REQUEST, location.origin, [port2]);
  return port1;
}

/** A port with what is used of a WebSocket. Frames are text or bytes; what the program itself says is an object. */
class PortSocket extends EventTarget {
  readyState: PanelSocket['readyState'] = WebSocket.OPEN;
  readonly #port: MessagePort;
  readonly #heard: ProgramMessage[] = [];
  #waiting: ((message: ProgramMessage) => void) | undefined;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.addEventListener('message', ({ data }) => this.#take(data));
    port.start();
  }

  /** The next thing that the program says. Fails when it says nothing in time. */
  async next(withinMs: number): Promise<ProgramMessage> {
    const heard = this.#heard.shift();
    if (heard !== undefined) return heard;
    const { promise, resolve, reject } = Promise.withResolvers<ProgramMessage>();
    this.#waiting = resolve;
    const timer = setTimeout(() => reject(new BotpoolError('control_plane_unreachable', {})), withinMs);
    return await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting = undefined;
    });
  }

  say(message: object): void {
    this.#port.postMessage(message);
  }

  send(frame: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    // Bytes of a part of a buffer would carry the whole of it along.
    this.#port.postMessage(
      ArrayBuffer.isView(frame)
        ? new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength).slice().buffer
        : frame,
    );
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.#port.close();
    this.dispatchEvent(new Event('close'));
  }

  #take(data: unknown): void {
    if (typeof data === 'string' || data instanceof ArrayBuffer) {
      this.dispatchEvent(new MessageEvent('message', { data }));
      return;
    }
    const { data: message } = programMessageSchema.safeParse(data);
    if (message === undefined) return;
    if (message.type === 'closed') this.close();
    else if (this.#waiting === undefined) this.#heard.push(message);
    else this.#waiting(message);
  }
}
