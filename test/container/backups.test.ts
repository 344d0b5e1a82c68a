/** Backups on Docker: streamed out of the database's container, by the host or by the pool monitor, into one folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import { until } from '../support/until.ts';
import { docker } from './docker-command.ts';
import { type ProductWorld, prepareProductWorld } from './product-world.ts';

const LONG_MS = 300_000;
const listed = z.array(z.object({ id: z.string(), state: z.string(), cause: z.string(), code: z.string().nullable() }));

describe.skipIf(inject('noDocker') !== undefined)('backups on Docker (needs a Docker engine)', () => {
  let world: ProductWorld;
  let olga: SandboxChat;

  beforeAll(async () => {
    world = await prepareProductWorld();
    expect(await world.botpool('up')).toMatchObject({ code: 0 });
    olga = await world.activate(1);
    await olga.start();
    expect((await olga.waitFor({ timeoutMs: 60_000 }))?.text).toContain('Hello, Olga');
  }, 600_000);
  afterAll(() => world?.[Symbol.asyncDispose](), LONG_MS);

  const sql = async (text: string): Promise<string> => {
    const inside = [
      'exec',
      `${world.project}-postgres`,
      'psql',
      '-U',
      'booking_user',
      '-d',
      'booking_saas',
      '-tAc',
      text,
    ];
    return (await docker(inside)).trim();
  };
  const backups = async () => listed.parse(JSON.parse((await world.botpool('backup', 'list', '--json')).text));
  const create = async (...args: readonly string[]): Promise<string> => {
    const { code, text } = await world.botpool('backup', 'create', ...args, '--json');
    expect([code, text]).toEqual([0, expect.stringContaining('"verified"')]);
    return String(JSON.parse(text).id);
  };

  it(
    'are made out of the container, proven, and lie in the home',
    async () => {
      const id = await create();
      const folder = join(world.home, 'backups', id);
      expect((await readdir(folder)).sort()).toEqual(['database.dump', 'manifest.json', 'manifest.json.sha256']);
      expect((await stat(join(folder, 'database.dump'))).size).toBeGreaterThan(10_000);
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
      expect(manifest.clients).toEqual([expect.objectContaining({ clientId: 'client_001' })]);
      // Nothing of a trial stays in the container.
      expect(await sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'botpool%'")).toBe('0');
    },
    LONG_MS,
  );

  it(
    'put one client back while its bot resumes by itself',
    async () => {
      const id = await create('--client', 'client_001');
      await sql("UPDATE client_001.users SET name = 'Nobody'");
      const { code, text } = await world.botpool(
        'backup',
        'restore',
        id,
        '--client',
        'client_001',
        '--confirm',
        'client_001',
      );
      expect([code, text]).toEqual([0, expect.stringContaining('client_001')]);
      expect(await sql("SELECT count(*) FROM client_001.users WHERE name = 'Nobody'")).toBe('0');
      await olga.start();
      expect((await olga.waitFor({ timeoutMs: 60_000 }))?.text).toContain('Hello, Olga');
    },
    LONG_MS,
  );

  it(
    'are made by the pool monitor while no host runs, into the same folder, and are used by the host afterwards',
    async () => {
      const before = new Set((await backups()).map(({ id }) => id));
      const { pid } = JSON.parse(await readFile(join(world.home, 'run/host.json'), 'utf8'));
      process.kill(Number(pid), 'SIGKILL');
      await sql(
        `INSERT INTO control.runs (id, schedule, due_at, cause, state, not_before, requested_by)
         VALUES (gen_random_uuid(), 'backup', now(), 'manual', 'queued', now(), 'test')`,
      );
      await until(
        'the run has ended',
        async () => (await sql("SELECT state FROM control.runs WHERE schedule = 'backup'")) === 'succeeded',
        120_000,
      );
      expect(await world.botpool('up')).toMatchObject({ code: 0 });
      const made = (await backups()).filter(({ id, cause }) => !before.has(id) && cause === 'schedule');
      expect(made).toEqual([expect.objectContaining({ state: 'verified', code: null })]);
      const [{ id } = { id: '' }] = made;
      expect((await world.botpool('backup', 'verify', id)).code).toBe(0);
      expect((await backups()).filter(({ state }) => state !== 'verified')).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'put everything back, onto a machine that has lost its database',
    async () => {
      const [{ id } = { id: '' }] = await backups();
      const key = join(world.home, 'secrets/master.key');
      expect(await world.botpool('down')).toMatchObject({ code: 0 });
      await docker(['volume', 'rm', `${world.project}_postgres`]);
      const { code, text } = await world.botpool(
        'backup',
        'restore',
        id,
        '--all',
        '--master-key',
        key,
        '--confirm',
        world.project,
      );
      expect([code, text]).toEqual([0, expect.stringContaining('1 clients')]);
      expect(await world.botpool('up')).toMatchObject({ code: 0 });
      expect((await backups()).map((each) => each.id)).toContain(id);
      expect(await sql('SELECT state FROM control.tenants')).toBe('active');
      await olga.start();
      expect((await olga.waitFor({ timeoutMs: 60_000 }))?.text).toContain('Hello, Olga');
    },
    LONG_MS,
  );
});
