/** What the panel's screens are fed with, on a whole stack: activity, metrics, checks, settings, the pool's feed. */
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '#core/telemetry/logger.ts';
import { readHostConfig } from '#main/config.ts';
import { type ControlPlane, startControlPlane } from '#main/control-plane.ts';
import { createSandboxClient } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import type { ActivityBatch } from '#shared/api/activity.ts';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';
import type { PoolFeedEvent } from '#shared/api/pool.ts';
import type {} from '../support/global-setup.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { makeSubfolder } from '../support/run-folder.ts';

interface MetricsBatch {
  readonly samples: readonly MetricsSample[];
  readonly stores: StoresSample | null;
}

const ROOT = new URL('../..', import.meta.url).pathname;
const cleanUp = new AsyncDisposableStack();
let home = '';
let plane: ControlPlane;
let panel: PanelServer;
let client: ControlPlaneClient;

beforeAll(async () => {
  home = await makeSubfolder(inject('testRun').folder, 'groups');
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [POSTGRES_PORT, REDIS_PORT, SANDBOX_PORT] = ports.map(String);
  await writeFile(join(home, '.env'), '# by hand\nLOG_LEVEL=info\nBOT_TOKEN_SALES_NOTE="kept"\n', { mode: 0o600 });
  // The pool keeps its size: the counts below are those of one bot.
  const size = { POOL_BOTS: '1', AUTOSCALER: 'off', SPARE_SCHEMAS: '1' };
  const own = { BOTPOOL_HOME: home, ...size, POSTGRES_PORT, REDIS_PORT, SANDBOX_PORT };
  plane = await startControlPlane({
    config: readHostConfig(home, own),
    cacheDir: `${ROOT}.cache`,
    logger: createLogger('test', 'silent', { write: () => undefined }),
    report: () => undefined,
    durable: false,
  });
  cleanUp.defer(() => plane.close());
  panel = cleanUp.use(await startPanelServer({ database: plane.database, services: plane }));
  client = (await panel.rpc()).client;
});
afterAll(() => cleanUp.disposeAsync());

/** Reads until something fits; fails when the stream ends before. */
async function readUntil<T>(stream: AsyncIterator<T, unknown, void>, fits: (value: T) => boolean): Promise<T[]> {
  const read: T[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error('the stream ended');
    read.push(value as T);
    if (fits(value as T)) return read;
  }
}

async function activate(): Promise<string> {
  const world = createSandboxClient(plane.sandboxUrl ?? '');
  const owner = await world.createPerson({ name: 'Anna' });
  const { token } = await world.createBot({ ownerId: owner.id, name: 'Anna Nails', username: 'anna_nails_bot' });
  await client.activations.activate({ clientId: 'client_001', token, ownerId: owner.id, company: 'Anna Nails' });
  return token;
}

describe('a client that gets its bot', () => {
  it('is seen in the pool as a change, in the activity, in the metrics, and goes on where a reader has left', async () => {
    const pool = await client.pool.follow({});
    await readUntil<PoolFeedEvent>(pool, (event) => event.counts.waiting === 1);
    const feed = await client.activity.watch({});
    const first = (await feed.next()).value as ActivityBatch;
    const token = await activate();

    const changes = await readUntil<PoolFeedEvent>(pool, (event) => event.counts.active === 1);
    const last = changes.at(-1);
    expect(last).toMatchObject({ type: 'changes', changed: [{ client_id: 'client_001', status: 'active' }] });
    await pool.return?.();

    const has = (action: string) => (batch: ActivityBatch) => batch.rows.some((row) => row.action === action);
    const told = await readUntil<ActivityBatch>(feed, has('api.activations.activate'));
    const rows = told.flatMap((batch) => batch.rows);
    expect(rows.find((row) => row.action === 'tenant.activate')).toMatchObject({
      target: 'client_001',
      actor: 'operator',
    });
    expect(rows.at(-1)).toMatchObject({
      source: 'panel 127.0.0.1',
      after: { outcome: 'done', input: { token: '[hidden]' } },
    });
    expect(JSON.stringify(rows)).not.toContain(token);
    await feed.return?.();

    // Somebody who comes back is told what was missed.
    const again = await client.activity.watch({ from: first.version });
    await readUntil<ActivityBatch>(again, has('api.activations.activate'));
    await again.return?.();
    const known = await client.activity.audit({ target: 'client_001', action: 'tenant.' });
    expect(known.map((row) => row.action)).toEqual(['tenant.activate']);

    await plane.metrics.look();
    await plane.metrics.look();
    const metrics = await client.metrics.watch({});
    const [value] = await readUntil<MetricsBatch>(metrics, () => true);
    await metrics.return?.();
    expect(value?.samples.at(-1)).toMatchObject({ bots: { active: 1, total: 1 }, fill: 1, activations: { done: 1 } });
    expect(value?.samples.at(-1)?.activations.p50Ms).toBeGreaterThan(0);
    expect(value?.stores?.redis.byPrefix.map(({ prefix }) => prefix)).toContain('pool');
    expect(value?.stores?.postgres.connections).toBeGreaterThan(0);
  });

  it('stands in what Prometheus reads, for those who may read', async () => {
    expect((await panel.fetch('/metrics')).status).toBe(401);
    const { secret } = await client.session.tokens.create({ name: 'prometheus', scope: 'read' });
    const answer = await panel.fetch('/metrics', { headers: { authorization: `Bearer ${secret}` } });
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('botpool_bots{state="active"} 1');
    expect(text).toContain('botpool_activations_total{outcome="active"} 1');
    expect(text).toMatch(/botpool_activation_duration_seconds_bucket\{le="\+Inf"\} 1/);
    expect(text).toMatch(/botpool_container_memory_bytes\{container="booking-postgres"\} \d+/);
    for (const line of text.split('\n').filter((one) => /^[a-z]/.test(one))) expect(line).toMatch(/^botpool_/);
  });

  it('can be watched as a container', async () => {
    const stats = await client.metrics.container({ name: 'booking-bot-pool-1' });
    expect((await stats.next()).value).toMatchObject({ memoryBytes: expect.any(Number) });
    await stats.return?.();
    const unknown = await client.metrics.container({ name: 'nobody' });
    await expect(unknown.next()).rejects.toMatchObject({ code: 'container_unknown' });
  });
});

describe('the check-list', () => {
  const stateOf = async (id: string) => (await client.checks.run({})).checks.find((check) => check.id === id);

  it('finds an embedded stack closed to strangers, and says what it is not', async () => {
    const { checks } = await client.checks.run({ locale: 'ru' });
    const states = Object.fromEntries(checks.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      'secret-files': 'ok',
      'redis-password': 'ok',
      'redis-address': 'ok',
      'redis-eviction': 'ok',
      'postgres-passwords': 'ok',
      'postgres-address': 'ok',
      'panel-address': 'ok',
      clock: 'ok',
      versions: 'ok',
      isolation: 'warn',
      telegram: 'warn',
    });
    expect(checks.every(({ title, why, fix }) => [title, why, fix].every((text) => text.length > 3))).toBe(true);
    expect(checks.find(({ id }) => id === 'disk')?.title).toBe('Место на диске');
  });

  it('mends a file that others may read', async () => {
    const key = join(home, 'secrets/master.key');
    await chmod(key, 0o644);
    expect(await stateOf('secret-files')).toMatchObject({ state: 'fail', fixable: true });
    expect(await client.checks.fix({ id: 'secret-files' })).toMatchObject({ state: 'ok' });
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    await expect(client.checks.fix({ id: 'disk' })).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('settings', () => {
  it('change the file that a person wrote, keep what it says beside, and are known with their history', async () => {
    const before = await client.settings.environment();
    expect(before.variables.find(({ name }) => name === 'POOL_BOTS')?.description).toBe('');
    const changes = { POOL_BOTS: '3', BOT_TOKEN_SALES: '123456:secret-token-of-the-shop-000000' };
    const after = await client.settings.saveEnvironment({ version: before.version, changes });
    expect(after.restartNeeded).toBe(true);
    expect(after.variables.find(({ name }) => name === 'BOT_TOKEN_SALES')).toMatchObject({
      value: null,
      source: 'file',
    });
    const file = join(home, '.env');
    expect(await readFile(file, 'utf8')).toContain('# by hand\nLOG_LEVEL=info\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await client.settings.history()).toMatchObject([
      { version: 1, actor: 'operator', changes: { POOL_BOTS: '3', BOT_TOKEN_SALES: '[hidden]' } },
    ]);
    const { rows } = await plane.database.query(
      "SELECT count(*)::int AS n FROM control.audit WHERE after::text LIKE '%secret-token%'",
    );
    expect(rows).toEqual([{ n: 0 }]);
    // Somebody who looked before that is not allowed to overwrite it.
    const late = client.settings.saveEnvironment({ version: before.version, changes: { POOL_BOTS: '9' } });
    await expect(late).rejects.toMatchObject({ code: 'settings_changed' });
    const wrong = client.settings.saveEnvironment({ version: after.version, changes: { POOL_BOTS: 'many' } });
    await expect(wrong).rejects.toMatchObject({
      code: 'config_invalid',
      data: { problems: expect.stringContaining('POOL_BOTS') },
    });
    expect((await client.settings.environment()).version).toBe(after.version);
  });
});
