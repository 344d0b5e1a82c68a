/** Starts the sandbox: one HTTP server with the faces of Telegram and YooKassa and the control API over one world. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from './clock.ts';
import { chatRoutes } from './control/chat-routes.ts';
import { ControlRouter } from './control/router.ts';
import { shopRoutes } from './control/shop-routes.ts';
import { populationRoutes, recordRoutes, weatherRoutes } from './control/world-routes.ts';
import { type Random, systemRandom } from './random.ts';
import { Storage } from './storage/storage.ts';
import { addBotFather } from './telegram/botfather/botfather.ts';
import { TelegramFace } from './telegram/http/face.ts';
import type { FetchLike } from './telegram/webhooks.ts';
import { World } from './telegram/world.ts';
import { YooKassaFace } from './yookassa/face.ts';
import { Shop } from './yookassa/shop.ts';

/** How a sandbox is to be started; everything has a default. */
export interface SandboxOptions {
  /** 0 (the default): any free port. */
  readonly port?: number | undefined;
  /** Address to listen on, 127.0.0.1 unless given. */
  readonly host?: string | undefined;
  /** Host names, beside those of loopback, under which the control API may be called: for networks of containers. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** File that keeps the world; without it the world is forgotten at the end. */
  readonly dataFile?: string | undefined;
  /** Where browsers reach this sandbox, when that is not where it listens: in containers. */
  readonly publicUrl?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** How webhooks and files by address are fetched. */
  readonly fetch?: FetchLike | undefined;
  /** Entries each list of the record keeps, 200,000 unless given. */
  readonly recordCapacity?: number | undefined;
  /** Told when the world could not be saved. */
  readonly onSaveError?: ((error: unknown) => void) | undefined;
}

/** A sandbox that runs. */
export interface Sandbox {
  /** Base URL of the control API. */
  readonly url: string;
  /** What a bot library takes as the root of the Bot API. */
  readonly telegramApiRoot: string;
  /** What a client takes as the root of YooKassa's API. */
  readonly yookassaApiRoot: string;
  readonly world: World;
  /** Ends waiting polls, saves, and stops listening. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const RECORD_CAPACITY = 200_000;
const KEEP_ALIVE = 75_000;

/** Starts a sandbox. Fails when the port is taken or the data file cannot be used. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = makeWorld(options);
  const shop = makeShop(world);
  const storage = options.dataFile === undefined ? undefined : storageOf(options, options.dataFile, world, shop);
  await storage?.start();
  const face = new TelegramFace(world);
  const yookassa = new YooKassaFace(shop);
  const routes = {
    ...populationRoutes(world),
    ...weatherRoutes(world, () => face.cutAll()),
    ...recordRoutes(world),
    ...chatRoutes(world),
    ...shopRoutes(shop),
    'POST /control/reset': () => {
      world.reset();
      shop.clear();
    },
  };
  const control = new ControlRouter(routes, options.allowedHosts);
  const { port, stop } = await listen(options, (request, response) => {
    const [, first] = (request.url ?? '').split(/[/?]/);
    const faces = { control, yookassa };
    void (first === 'control' || first === 'yookassa' ? faces[first] : face).handle(request, response);
  });
  const url = `http://${hostForUrl(options.host)}:${port}`;
  shop.pageRoot = options.publicUrl?.replace(/\/$/, '') ?? url;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    shop.close();
    closing ??= closeAll(world, stop, storage);
    return closing;
  };
  return {
    url,
    telegramApiRoot: url,
    yookassaApiRoot: `${url}/yookassa/v3`,
    world,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function makeWorld(options: SandboxOptions): World {
  const { clock = systemClock, random = systemRandom, recordCapacity = RECORD_CAPACITY } = options;
  const world = new World({ clock, random, recordCapacity, fetch: options.fetch ?? ((url, init) => fetch(url, init)) });
  addBotFather(world);
  return world;
}

function makeShop(world: World): Shop {
  const { clock, random, fetch } = world;
  return new Shop({ clock, random, fetch, changed: () => world.changed() });
}

function storageOf(options: SandboxOptions, path: string, world: World, shop: Shop): Storage {
  return new Storage(path, world, shop, options.onSaveError ?? (() => undefined));
}

function hostForUrl(host = '127.0.0.1'): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function closeAll(world: World, stop: () => Promise<void>, storage: Storage | undefined): Promise<void> {
  world.close();
  await stop();
  await storage?.stop();
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(options: SandboxOptions, handler: Handler): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE, noDelay: true }, handler);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => {
    const address: string | AddressInfo | null = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
  const port = await promise;
  const stop = async (): Promise<void> => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeIdleConnections();
    setImmediate(() => server.closeAllConnections());
    await closed.promise;
  };
  return { port, stop };
}
