/** The page's side of the desktop window's message port, over real ports: what it is told, and the contract behind it. */
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { type PageLinkOptions, type PagePort, servePage } from '#main/electron/page-link.ts';
import { failedAs } from '#main/headless/client.ts';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import { type ProgramMessage, programMessageSchema } from '#shared/api/desktop.ts';

/** One port that the program serves. */
export interface DesktopPage {
  /** The next thing that the program says beside frames. */
  told(): Promise<ProgramMessage>;
  say(message: unknown): void;
  /** The contract through the port; after the greeting. */
  client(): ControlPlaneClient;
  /** As when the page is loaded anew. */
  leave(): void;
  readonly port: MessagePort;
}

/** Opens a port as the page does, served by the program's own code. */
export function openDesktopPage(options: PageLinkOptions): DesktopPage {
  const { port1: page, port2: program } = new MessageChannel();
  const heard: ProgramMessage[] = [];
  const waiting: ((message: ProgramMessage) => void)[] = [];
  page.on('message', (data: unknown) => {
    if (typeof data !== 'object' || data instanceof ArrayBuffer) return;
    const message = programMessageSchema.parse(data);
    const next = waiting.shift();
    if (next === undefined) heard.push(message);
    else next(message);
  });
  void servePage(programPort(program), options);
  return {
    port: page,
    async told() {
      const message = heard.shift();
      if (message !== undefined) return message;
      const { promise, resolve } = Promise.withResolvers<ProgramMessage>();
      waiting.push(resolve);
      return await promise;
    },
    say: (message) => page.postMessage(message),
    client: () => createORPCClient(new RPCLink({ port: framesOf(page), interceptors: [failedAs] })),
    leave: () => page.close(),
  };
}

/** Waits until the other side has closed its port. */
export async function portClosed(port: MessagePort): Promise<void> {
  await once(port, 'close');
}

/** A port of Node where Electron has its own: the same, but for where the message stands in its event. */
function programPort(port: MessagePort): PagePort {
  return {
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    start: () => port.start(),
    post: (data) => port.postMessage(data),
    close: () => port.close(),
  };
}

/** Only the contract's frames: the rest is heard above. */
function framesOf(port: MessagePort) {
  return {
    on(event: string, listener: (event?: { readonly data: unknown }) => void): void {
      port.on(event, (data: unknown) => {
        if (event !== 'message') listener();
        else if (typeof data === 'string' || data instanceof ArrayBuffer) listener({ data });
      });
    },
    postMessage: (data: unknown) => port.postMessage(data),
  };
}
