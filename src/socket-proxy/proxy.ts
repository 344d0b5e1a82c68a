/** Stands between the pool monitor and the engine's socket: looks at each call, and passes on what it has written anew itself. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { type Call, type Demand, decide, type Ground, type Passing } from './calls.ts';

/** What it needs. */
export interface SocketProxyOptions {
  /** The engine's socket. */
  readonly socketPath: string;
  readonly ground: Ground;
  /** Told each refusal. */
  readonly onRefused: (call: { readonly method: string; readonly url: string; readonly why: string }) => void;
}

const MOST_BODY_BYTES = 1024 * 1024;
/** Commands that were made here and may be started and looked at. */
const MOST_COMMANDS = 10_000;

const CONTAINER = z.object({
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});
const MADE = z.object({ Id: z.string() });

const SERVICE = 'com.docker.compose.service';
/** Whoever may run commands beside the socket has the socket. */
const OWN_SERVICE = 'docker-proxy';
const OPEN_SERVICES = ['postgres', 'redis'];

class Refusal extends Error {}

/** Opens it; the caller listens. */
export function createSocketProxy(options: SocketProxyOptions): Server {
  const commands = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    answer(options, commands, incoming, outgoing).catch((error: unknown) => fail(options, incoming, outgoing, error));
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    upgrade(options, commands, { incoming, socket, head }).catch((error: unknown) => {
      refuseSocket(options, incoming, socket, error);
    });
  });
  // Logs and events may be silent for days.
  server.requestTimeout = 0;
  return server;
}

async function answer(
  options: SocketProxyOptions,
  commands: Set<string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const passing = await judged(options, commands, callOf(incoming, await readBody(incoming)));
  const asked = send(options, passing);
  outgoing.on('close', () => asked.destroy());
  const [response]: [IncomingMessage] = (await once(asked, 'response')) as [IncomingMessage];
  outgoing.writeHead(response.statusCode ?? 502, plainHeaders(response));
  if (passing.makesExec !== true || response.statusCode !== 201) {
    response.on('error', () => outgoing.destroy());
    // A stream of events begins long before its first event.
    outgoing.flushHeaders();
    response.pipe(outgoing);
    return;
  }
  const text = (await readBody(response)).toString();
  remember(commands, MADE.parse(JSON.parse(text)).Id);
  outgoing.end(text);
}

/** A command's streams: the engine is asked to change the protocol, and only when it does are bytes passed on. */
async function upgrade(
  options: SocketProxyOptions,
  commands: Set<string>,
  { incoming, socket, head }: { incoming: IncomingMessage; socket: Duplex; head: Buffer },
): Promise<void> {
  const { body, rest } = await readSized(incoming, socket, head);
  const passing = await judged(options, commands, callOf(incoming, body));
  if (passing.exec === undefined || passing.method !== 'POST') throw new Refusal('only a command has streams');
  const asked = send(options, passing, { connection: 'Upgrade', upgrade: 'tcp' });
  asked.on('response', (response: IncomingMessage) => {
    response.resume();
    socket.end(`HTTP/1.1 ${response.statusCode ?? 502} refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  const [, engine, first]: [IncomingMessage, Duplex, Buffer] = (await once(asked, 'upgrade')) as [
    IncomingMessage,
    Duplex,
    Buffer,
  ];
  socket.write('HTTP/1.1 101 UPGRADED\r\ncontent-type: application/vnd.docker.raw-stream\r\n');
  socket.write('connection: Upgrade\r\nupgrade: tcp\r\n\r\n');
  socket.write(first);
  engine.write(rest);
  engine.on('error', () => socket.destroy());
  engine.pipe(socket);
  socket.pipe(engine);
  engine.once('close', () => socket.end());
  socket.once('close', () => engine.destroy());
}

async function judged(options: SocketProxyOptions, commands: ReadonlySet<string>, call: Call): Promise<Passing> {
  const verdict = decide(call, options.ground);
  if (verdict.verdict === 'refuse') throw new Refusal(verdict.why);
  const { container, exec } = verdict;
  if (exec !== undefined && !commands.has(exec)) throw new Refusal(`the command ${exec} was not made here`);
  if (container !== undefined) await demand(options, container.id, container.demand);
  return verdict;
}

/** Asks the engine itself whose container it is. */
async function demand(options: SocketProxyOptions, id: string, wanted: Demand): Promise<void> {
  const asked = send(options, { verdict: 'pass', method: 'GET', path: `/containers/${id}/json` });
  const [response]: [IncomingMessage] = (await once(asked, 'response')) as [IncomingMessage];
  const text = (await readBody(response)).toString();
  // What is not there may be asked for: the answer is the engine's own.
  if (response.statusCode === 404) return;
  const labels = CONTAINER.parse(JSON.parse(text)).Config.Labels ?? {};
  const why = refusalOf(labels, wanted, options.ground.project);
  if (why !== undefined) throw new Refusal(`${id} ${why}`);
}

/** Why a container with these labels does not meet the demand. Pure. */
export function refusalOf(
  labels: Readonly<Record<string, string>>,
  wanted: Demand,
  project: string,
): string | undefined {
  if (labels['com.docker.compose.project'] !== project) return 'is not of this project';
  if (wanted === 'of-project') return undefined;
  const service = labels[SERVICE] ?? '';
  if (service === OWN_SERVICE) return 'is the way to the engine';
  const made = labels['botpool.engine'] === 'docker';
  if (wanted === 'made' && !made) return 'was not made by the pool';
  if (wanted === 'open' && !made && !OPEN_SERVICES.includes(service)) return 'takes no commands';
  return undefined;
}

function send(
  { socketPath }: SocketProxyOptions,
  { method, path, body }: Passing,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<typeof request> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const asked = request({
    socketPath,
    method,
    path,
    headers: { host: 'docker', ...content, 'content-length': String(length), ...headers },
  });
  asked.end(body);
  return asked;
}

function callOf({ method = '', url = '' }: IncomingMessage, body: Buffer): Call {
  if (body.length === 0) return { method, url, body: undefined };
  try {
    return { method, url, body: JSON.parse(body.toString()) };
  } catch {
    throw new Refusal('its body is not JSON');
  }
}

async function readBody(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new Refusal('its body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body of a call that asks for another protocol, of which Node reads the head only. */
async function readSized(
  { headers }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<{ readonly body: Buffer; readonly rest: Buffer }> {
  const size = Number(headers['content-length'] ?? 0);
  if (!Number.isSafeInteger(size) || size < 0 || size > MOST_BODY_BYTES) throw new Refusal('its body has no size');
  let read = head;
  while (read.length < size) {
    const [chunk]: [Buffer] = (await once(socket, 'data')) as [Buffer];
    read = Buffer.concat([read, chunk]);
  }
  socket.pause();
  return { body: read.subarray(0, size), rest: read.subarray(size) };
}

/** The headers that carry meaning to a client; the rest is between two connections. */
function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const names = ['content-type', 'api-version', 'docker-experimental', 'ostype', 'server'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

function remember(commands: Set<string>, id: string): void {
  commands.add(id);
  const [oldest] = commands;
  if (commands.size > MOST_COMMANDS && oldest !== undefined) commands.delete(oldest);
}

function fail(options: SocketProxyOptions, incoming: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
  const { status, message } = told(options, incoming, error);
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ message }));
}

function refuseSocket(options: SocketProxyOptions, incoming: IncomingMessage, socket: Duplex, error: unknown): void {
  const { status, message } = told(options, incoming, error);
  const body = JSON.stringify({ message });
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} refused\r\n${head}\r\n\r\n${body}`);
}

function told(
  options: SocketProxyOptions,
  { method = '', url = '' }: IncomingMessage,
  error: unknown,
): { readonly status: number; readonly message: string } {
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Refusal)) return { status: 502, message: `the engine gives no answer: ${why}` };
  options.onRefused({ method, url, why });
  return { status: 403, message: `refused by the way to the engine: ${why}` };
}
