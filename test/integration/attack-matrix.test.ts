/**
 * Everything that pages of others, programs of others and half-right requests may try against the panel's server: all
 * combinations of host, origin, credentials, method and face, over plain sockets, each held to what is right.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateControl } from '#core/postgres/migrate.ts';
import { installGuard } from '#main/headless/guard.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const cleanUp = new AsyncDisposableStack();
let stored: TestDatabase;
let panel: PanelServer;
let port = '';
const shown = { cookie: '', csrf: '', read: '', admin: '' };

beforeAll(async () => {
  stored = cleanUp.use(await createTestDatabase());
  await migrateControl(stored.database);
  panel = cleanUp.use(await startPanelServer({ database: stored.database }));
  ({ port } = new URL(panel.url));
  const { client } = await panel.rpc();
  shown.read = (await client.session.tokens.create({ name: 'read', scope: 'read' })).secret;
  shown.admin = (await client.session.tokens.create({ name: 'admin', scope: 'admin' })).secret;
  Object.assign(shown, await panel.signIn());
});
afterAll(() => cleanUp.disposeAsync());

/** Lines of a header as they are sent, and whether they are right. */
interface Hosts {
  readonly lines: readonly string[];
  readonly own: boolean;
}

function hosts(): readonly Hosts[] {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LocalHost:${port}`, 'localhost'];
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    `0.0.0.0:${port}`,
    `[::]:${port}`,
    `localhost.:${port}`,
    `127.0.0.1.:${port}`,
    `localhost.evil.example:${port}`,
    `127.1:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `user@localhost:${port}`,
    '',
  ];
  const one = (name: string, good: boolean): Hosts => ({ lines: [`Host: ${name}`], own: good });
  return [
    ...own.map((name) => one(name, true)),
    ...foreign.map((name) => one(name, false)),
    { lines: [], own: false },
    { lines: [`Host: localhost:${port}`, 'Host: evil.example'], own: false },
    { lines: ['Host: evil.example', `Host: localhost:${port}`], own: false },
  ];
}

const ORIGINS = [
  'none',
  'same',
  'null',
  'https://evil.example',
  'http://localhost:1',
  'https of the same',
  'twice',
] as const;

function originLines(origin: (typeof ORIGINS)[number], host: Hosts): readonly string[] {
  const name = host.lines[0]?.slice('Host: '.length) ?? '';
  if (origin === 'none') return [];
  if (origin === 'same') return [`Origin: http://${name}`];
  if (origin === 'twice') return [`Origin: http://${name}`, 'Origin: https://evil.example'];
  return [`Origin: ${origin === 'https of the same' ? `https://${name}` : origin}`];
}

/** Who asks. `change` and `look`: what that somebody may do; `byCookie`: browsers send it by themselves. */
const CREDENTIALS = {
  nobody: { look: false, change: false, byCookie: false },
  cookie: { look: true, change: false, byCookie: true },
  'cookie and csrf': { look: true, change: true, byCookie: true },
  'cookie and wrong csrf': { look: true, change: false, byCookie: true },
  'forged cookie': { look: false, change: false, byCookie: true },
  'two cookies': { look: false, change: false, byCookie: true },
  'host token': { look: true, change: true, byCookie: false },
  'read token': { look: true, change: false, byCookie: false },
  'admin token': { look: true, change: true, byCookie: false },
  'wrong token': { look: false, change: false, byCookie: false },
  'wrong token and cookie': { look: false, change: false, byCookie: false },
} as const;
type Who = keyof typeof CREDENTIALS;

function credentialLines(who: Who): readonly string[] {
  const cookie = `Cookie: ${shown.cookie}`;
  const bearer = (token: string): string => `Authorization: Bearer ${token}`;
  const all: Record<Who, readonly string[]> = {
    nobody: [],
    cookie: [cookie],
    'cookie and csrf': [cookie, `X-CSRF-Token: ${shown.csrf}`],
    'cookie and wrong csrf': [cookie, 'X-CSRF-Token: guess'],
    'forged cookie': [`Cookie: ${panel.cookieName}=${'a'.repeat(43)}`, `X-CSRF-Token: ${shown.csrf}`],
    'two cookies': [`${cookie}; ${panel.cookieName}=${'a'.repeat(43)}`, `X-CSRF-Token: ${shown.csrf}`],
    'host token': [bearer(panel.hostToken)],
    'read token': [bearer(shown.read)],
    'admin token': [bearer(shown.admin)],
    'wrong token': [bearer('bp_wrong')],
    'wrong token and cookie': [bearer('bp_wrong'), cookie, `X-CSRF-Token: ${shown.csrf}`],
  };
  return all[who];
}

const FACES = ['page', 'look', 'change', 'socket'] as const;
type Face = (typeof FACES)[number];

const TARGET: Readonly<Record<Face, string>> = {
  page: 'GET / HTTP/1.1',
  look: 'GET /api/v1/session/whoami HTTP/1.1',
  change: 'POST /api/v1/session/tokens/revoke HTTP/1.1',
  socket: 'GET /api/ws HTTP/1.1',
};
const BODY = '{"id":"none"}';

interface Attempt {
  readonly face: Face;
  readonly host: Hosts;
  readonly origin: (typeof ORIGINS)[number];
  readonly who: Who;
}

/** What is right, said in other words than the server's: the status that each attempt must be answered with. */
function rightAnswer({ face, host, origin, who }: Attempt): readonly number[] {
  if (!host.own) return [400, 403];
  if (origin !== 'none' && origin !== 'same') return [400, 403];
  // Nobody has built a panel here: its page says so.
  if (face === 'page') return [503];
  const { look, change, byCookie } = CREDENTIALS[who];
  if (!look) return [401];
  if (face === 'look') return [200];
  if (face === 'change') return change ? [404] : [403];
  return byCookie && origin === 'none' ? [403] : [101];
}

async function send(lines: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
    // An opened WebSocket stays open: its first line has said everything.
    if (text.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.write(lines.join('\r\n'));
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text };
}

function linesOf({ face, host, origin, who }: Attempt): readonly string[] {
  const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  const connection = face === 'socket' ? ['Connection: Upgrade', ...upgrade] : ['Connection: close'];
  const body = face === 'change' ? ['Content-Type: application/json', `Content-Length: ${BODY.length}`] : [];
  const head = [
    TARGET[face],
    ...host.lines,
    ...originLines(origin, host),
    ...credentialLines(who),
    ...connection,
    ...body,
  ];
  return [...head, '', face === 'change' ? BODY : ''];
}

it('accepts nothing that it should refuse, and refuses nothing that it should accept', async () => {
  const attempts = FACES.flatMap((face) =>
    hosts().flatMap((host) =>
      ORIGINS.flatMap((origin) =>
        (Object.keys(CREDENTIALS) as Who[]).map((who): Attempt => ({ face, host, origin, who })),
      ),
    ),
  );
  expect(attempts.length).toBeGreaterThan(5_000);
  const wrong: string[] = [];
  const counts = new Map<number, number>();
  const waiting = attempts.values();
  const worker = async (): Promise<void> => {
    for (const attempt of waiting) {
      const { status, text } = await send(linesOf(attempt));
      counts.set(status, (counts.get(status) ?? 0) + 1);
      const right = rightAnswer(attempt);
      const leaks =
        status >= 400 && status < 500 && status !== 404 && /operator|<title>/.test(text.split('\r\n\r\n')[1] ?? '');
      if (right.includes(status) && !leaks) continue;
      const { face, host, origin, who } = attempt;
      wrong.push(`${face}, ${host.lines.join(' + ')}, origin ${origin}, ${who}: ${status}, expected ${right}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  expect(wrong).toEqual([]);
  // All kinds of answers have come: the matrix has both sides.
  for (const status of [101, 200, 401, 403, 404, 503])
    expect([status, (counts.get(status) ?? 0) > 0]).toEqual([status, true]);
}, 120_000);

it('refuses other targets and methods, whoever asks', async () => {
  const admin = [`Host: localhost:${port}`, `Authorization: Bearer ${panel.hostToken}`, 'Connection: close'];
  const status = async (first: string, more: readonly string[] = []) =>
    (await send([first, ...admin, ...more, '', ''])).status;
  expect(await status(`GET http://localhost:${port}/session HTTP/1.1`)).toBe(400);
  expect(await status('GET //evil.example/session HTTP/1.1')).not.toBe(200);
  expect(await status('TRACE /session HTTP/1.1')).toBeGreaterThanOrEqual(400);
  expect(await status('CONNECT evil.example:443 HTTP/1.1')).not.toBe(200);
  expect(await status('PUT /session HTTP/1.1')).toBe(404);
  expect(await status('OPTIONS /session HTTP/1.1')).toBe(404);
  // An upgrade is for the one door that has one, and that door is for nothing else.
  const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  expect(await status('GET /session HTTP/1.1', upgrade)).toBe(404);
  expect(await status('GET / HTTP/1.1', upgrade)).toBe(404);
  expect(await status('GET /api/ws HTTP/1.1')).toBe(404);
});

it('cannot be given a route that does not say who may use it', async () => {
  const app = Fastify();
  const identities = { find: async () => undefined, refresh: async () => undefined };
  const logger = { error: () => undefined } as unknown as Parameters<typeof installGuard>[1]['logger'];
  installGuard(app, { served: { tls: false }, identities, cookieName: 'c', logger, newId: () => 'id' });
  expect(() => app.get('/forgotten', () => 'secret')).toThrow(/GET \/forgotten declares no policy/);
  await app.close();
});
