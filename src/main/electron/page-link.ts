/** Serves one port of the window's page: greets it, carries its frames, and takes the name of another server. */
import { type ProgramMessage, pageMessageSchema } from '#shared/api/desktop.ts';
import type { ControlPlaneAddress } from '../headless/client.ts';
import { serverUrlOf } from './address.ts';
import { isFrame, openRelay, type Relay, type RelaySocket } from './relay.ts';
import type { Servers } from './servers.ts';

/** The program's end of a message port. */
export interface PagePort {
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
  /** From now on messages come in. */
  start(): void;
  post(data: unknown): void;
  close(): void;
}

/** What a port is served with. */
export interface PageLinkOptions {
  readonly servers: Servers;
  readonly openSocket: (address: ControlPlaneAddress) => RelaySocket;
}

/** Serves the port until one of the two ends. Resolves when the page has been greeted. */
export async function servePage(port: PagePort, { servers, openSocket }: PageLinkOptions): Promise<void> {
  const say = (message: ProgramMessage): void => port.post(message);
  let relay: Relay | undefined;
  let gone = false;
  port.onMessage((data) => {
    if (isFrame(data)) relay?.take(data);
    else void heed(data, servers, say);
  });
  port.onClose(() => {
    gone = true;
    relay?.end();
  });
  port.start();
  const found = await servers.find();
  if (found === undefined) return say({ type: 'nobody', why: 'no-host' });
  const me = await servers.whoAmI(found);
  if (gone) return;
  if (typeof me === 'string') return say({ type: 'nobody', why: me });
  say({ type: 'session', ...me, local: found.local });
  const ended = (): void => {
    if (gone) return;
    say({ type: 'closed' });
    port.close();
  };
  relay = openRelay({ send: (frame) => port.post(frame), ended }, openSocket(found));
}

async function heed(data: unknown, servers: Servers, say: (message: ProgramMessage) => void): Promise<void> {
  const { data: message } = pageMessageSchema.safeParse(data);
  if (message === undefined) return;
  if (message.type === 'forget') return await servers.forget();
  const url = serverUrlOf(message.url);
  if (url === undefined) return say({ type: 'server-failed', why: 'address' });
  const address = { url, token: message.token.trim() };
  const me = await servers.whoAmI(address);
  if (typeof me === 'string') return say({ type: 'server-failed', why: me });
  say({ type: 'server', kept: await servers.name(address) });
}
