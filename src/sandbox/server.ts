/** Starts the sandbox: one HTTP server with the faces of Telegram, YooKassa and S3 and the control API over one world. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_STORAGE } from '#shared/schemas/sandbox-s3.ts';
import { type Clock, systemClock } from './clock.ts';
import { chatRoutes } from './control/chat-routes.ts';
import { ControlRouter } from './control/router.ts';
import { shopRoutes } from './control/shop-routes.ts';
import { storageRoutes } from './control/storage-routes.ts';
import { populationRoutes, recordRoutes, weatherRoutes } from './control/world-routes.ts';
import { type Random, systemRandom } from './random.ts';
import { S3Face } from './s3/face.ts';
import { ObjectStorage } from './s3/object-storage.ts';
import { StorageDisk } from './s3/storage-disk.ts';
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
  /** What a client takes as the endpoint of S3. */
  readonly s3Endpoint: string;
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
  const objects = await openObjects(options);
  const s3 = new S3Face(objects.storage, () => world.clock.now(), world.random);
  const routes = {
    ...populationRoutes(world),
    ...weatherRoutes(world, () => face.cutAll()),
    ...recordRoutes(world),
    ...chatRoutes(world),
    ...shopRoutes(shop),
    ...storageRoutes(objects.storage),
    'POST /control/reset': async () => {
      world.reset();
      shop.clear();
      await objects.storage.clear();
      await objects.storage.makeBucket(SANDBOX_STORAGE.bucket);
    },
  };
  const control = new ControlRouter(routes, options.allowedHosts);
  const { port, stop } = await listen(options, (request, response) => {
    const [, first] = (request.url ?? '').split(/[/?]/);
    const faces = new Map<string | undefined, Face>(Object.entries({ control, yookassa, s3 }));
    void (faces.get(first) ?? face).handle(request, response);
  });
  const url = `http://${hostForUrl(options.host)}:${port}`;
  shop.pageRoot = options.publicUrl?.replace(/\/$/, '') ?? url;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    shop.close();
    closing ??= closeAll(world, stop, storage).then(objects.close);
    return closing;
  };
  return {
    url,
    telegramApiRoot: url,
    yookassaApiRoot: `${url}/yookassa/v3`,
    s3Endpoint: `${url}/s3`,
    world,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Face {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The object storage, beside the file of the world or in a folder that goes with it; one bucket is there. */
async function openObjects(options: SandboxOptions): Promise<{ storage: ObjectStorage; close: () => Promise<void> }> {
  const kept = options.dataFile === undefined ? undefined : `${options.dataFile}.objects`;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'botpool-sandbox-')));
  const disk = new StorageDisk(folder);
  await disk.start();
  const storage = new ObjectStorage(disk, () => (options.clock ?? systemClock).now());
  if (!disk.buckets.has(SANDBOX_STORAGE.bucket)) await storage.makeBucket(SANDBOX_STORAGE.bucket);
  return {
    storage,
    close: async () => {
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
    },
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
