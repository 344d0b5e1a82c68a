/** Backups against a real PostgreSQL and its own tools: proven by restoring, put back one by one, never shown better than they are. */
import { randomInt } from 'node:crypto';
import { copyFile, cp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAlerts } from '#core/alerts/alerts.ts';
import type { Backups } from '#main/backups/index.ts';
import { checkFolder } from '#main/backups/manifest.ts';
import type { Exec } from '#main/backups/tools.ts';
import { type BackupWorld, openBackupWorld } from '../support/backup-world.ts';

let world: BackupWorld;
let backups: Backups;
beforeAll(async () => {
  world = await openBackupWorld();
  for (const clientId of world.clients) for (let row = 0; row < 5; row += 1) await world.addUser(clientId);
  backups = await world.open();
});
afterAll(() => world[Symbol.asyncDispose]());

async function make(scope = 'all', from: Backups = backups): Promise<string> {
  const { id, done } = await from.begin({ scope, cause: 'manual', actor: 'test' });
  await done;
  return id;
}

function client(place: number): string {
  const id = world.clients[place];
  if (id === undefined) throw new Error(`there is no client ${place}`);
  return id;
}

/** The tool ends with these words. */
function fails(words: string, code = 1): Exec {
  return async (command) => {
    if (command.includes('--version')) return await world.exec(command);
    return {
      stdin: new Writable({ write: (_chunk, _encoding, done) => done() }),
      stdout: Readable.from([]),
      stderr: Readable.from([words]),
      exitCode: Promise.resolve(code),
    };
  };
}

describe('a backup', () => {
  it('is verified when it was restored on trial with every row', async () => {
    const id = await make();
    const shown = await backups.show(id);
    expect(shown).toMatchObject({ state: 'verified', depth: 'restore', code: null, scope: 'all', progress: null });
    expect(shown.clients.map(({ clientId }) => clientId)).toEqual([...world.clients]);
    expect(shown.rows).toBeGreaterThan(15);
    expect((await backups.health()).green).toBe(true);
    expect(await world.debris()).toEqual([]);
  });

  it('of one client has that client alone', async () => {
    const shown = await backups.show(await make(client(0)));
    expect(shown).toMatchObject({ state: 'verified', schemas: 1 });
    expect(shown.clients).toHaveLength(1);
  });

  it('counts what the dump sees, although clients go on writing', async () => {
    const stop = new AbortController();
    const writing = (async () => {
      while (!stop.signal.aborted) await world.addUser(client(1));
    })();
    const id = await make();
    stop.abort();
    await writing;
    expect((await backups.show(id)).state).toBe('verified');
  });

  it('encrypted to the operator is proven here, and unreadable without a key', async () => {
    const recipient = await identityToRecipient(await generateIdentity());
    const keyFile = join(world.folder, '../secrets/own.agekey');
    const sealed = await world.open({ encryption: { recipient, keyFile } });
    const id = await make('all', sealed);
    const shown = await sealed.show(id);
    expect(shown).toMatchObject({ state: 'verified', encrypted: true });
    const head = (await readFile(join(shown.folder, 'database.dump.age'))).subarray(0, 21).toString();
    expect(head).toBe('age-encryption.org/v1');
    await rm(keyFile);
    const { done } = await sealed.beginVerify(id, 'test');
    expect(await world.codeOf(done)).toBe('backup_key_missing');
    expect((await sealed.show(id)).state).toBe('suspect');
  });
});

describe('a restore', () => {
  it('puts one client back and leaves every other one as it is', async () => {
    const before = await world.checksum(client(0));
    const id = await make();
    await world.addUser(client(0));
    await world.database.query(`DELETE FROM ${client(0)}.users WHERE telegram_id = 1`);
    const other = await world.checksum(client(2));
    expect(await backups.preview(id, client(0))).toEqual([]);
    await world.addUser(client(0));
    expect(await backups.preview(id, client(0))).toEqual([{ schema: client(0), table: 'users', now: 6, backup: 5 }]);
    const { safety } = await backups.restore(id, { clientId: client(0), actor: 'test' });
    expect(await world.checksum(client(0))).toBe(before);
    expect(await world.checksum(client(2))).toBe(other);
    expect(await backups.show(safety ?? '')).toMatchObject({ cause: 'safety', scope: client(0), state: 'verified' });
    const { rows } = await world.database.query<{ owner: string }>(
      'SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = $1',
      [client(0)],
    );
    expect(rows).toEqual([{ owner: client(0) }]);
    expect(await world.debris()).toEqual([]);
  });

  it('undoes a restore by the backup that it has made', async () => {
    const id = await make();
    await world.addUser(client(0));
    const wanted = await world.checksum(client(0));
    const { safety } = await backups.restore(id, { clientId: client(0), actor: 'test' });
    expect(await world.checksum(client(0))).not.toBe(wanted);
    await backups.restore(safety ?? '', { clientId: client(0), actor: 'test' });
    expect(await world.checksum(client(0))).toBe(wanted);
  });

  it('makes a copy as another client, which takes nobody’s place', async () => {
    const id = await make();
    const copy = `client_${randomInt(200_000, 999_999)}`;
    await backups.restore(id, { clientId: client(1), as: copy, actor: 'test' });
    expect(await world.countUsers(copy)).toBe(await world.countUsers(client(1)));
    const again = backups.restore(id, { clientId: client(1), as: copy, actor: 'test' });
    expect(await world.codeOf(again)).toBe('restore_taken');
    expect(await world.debris()).toEqual([]);
    await world.database.query(`DROP SCHEMA ${copy} CASCADE`);
    await world.database.query('DELETE FROM control.tenants WHERE client_id = $1', [copy]);
    await world.database.query(`DROP ROLE ${copy}`);
  });

  it('hands out one table as CSV', async () => {
    const id = await make(client(2));
    const { csv, rows } = await backups.table(id, client(2), 'users');
    expect(rows).toBe(5);
    expect(csv.trim().split('\n')).toHaveLength(6);
    expect(await world.codeOf(backups.table(id, client(2), 'nothing'))).toBe('backup_incomplete');
  });

  it('waits for nobody: a second one at the same time is refused, and the first one ends well', async () => {
    const id = await make();
    const both = await Promise.allSettled([
      backups.restore(id, { clientId: client(0), actor: 'test' }),
      backups.restore(id, { clientId: client(1), actor: 'test' }),
      backups.begin({ scope: 'all', cause: 'manual', actor: 'test' }).then(({ done }) => done),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await world.debris()).toEqual([]);
    expect((await backups.show(await make())).state).toBe('verified');
  });

  it('that fails on its way leaves the old data as it is', async () => {
    const id = await make();
    await world.addUser(client(0));
    const before = await world.checksum(client(0));
    world.use(async (command) => {
      if (command.includes('pg_restore'))
        return await fails('pg_restore: error: could not write: Broken pipe')(command);
      return await world.exec(command);
    });
    expect(await world.codeOf(backups.restore(id, { clientId: client(0), actor: 'test' }))).toBe('backup_tool_failed');
    world.use();
    expect(await world.checksum(client(0))).toBe(before);
    expect(await world.debris()).toEqual([]);
  });
});

describe('bad luck', () => {
  it.each([
    ['a wrong password', 'FATAL:  password authentication failed for user "booking_user"', 'backup_access'],
    ['another version', 'pg_dump: error: aborting because of server version mismatch', 'backup_version'],
    ['a full lock table', 'pg_dump: error: query failed: ERROR:  out of shared memory', 'backup_locks'],
    ['a full disk of the server', 'ERROR: could not extend file "base/1": No space left on device', 'disk_full'],
    ['a missing role', 'pg_dump: error: role "client_001" does not exist', 'backup_incomplete'],
    ['a missing extension', 'ERROR:  extension "btree_gist" is not available', 'backup_incomplete'],
    ['a missing schema', 'pg_dump: error: no matching schemas were found', 'backup_incomplete'],
    ['words that nobody knows', 'pg_dump: error: the moon is full', 'backup_tool_failed'],
  ])('%s is a failed backup with its reason and an alert', async (_name, words, code) => {
    world.use(fails(words));
    const { id, done } = await backups.begin({ scope: client(1), cause: 'manual', actor: 'test' });
    expect(await world.codeOf(done)).toBe(code);
    world.use();
    expect(await backups.show(id)).toMatchObject({ state: 'failed', code });
    const alerts = await listAlerts(world.database);
    expect(alerts.find(({ key }) => key === `backup ${client(1)}`)?.code).toBe(code);
    expect(await world.debris()).toEqual([]);
    await make(client(1));
    expect((await listAlerts(world.database)).some(({ key }) => key === `backup ${client(1)}`)).toBe(false);
  });

  it('a dump of 0 bytes with exit code 0 is no backup', async () => {
    world.use(fails('', 0));
    const { id, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    expect(await world.codeOf(done)).toBe('backup_damaged');
    world.use();
    expect((await backups.show(id)).state).toBe('failed');
  });

  it('a tool that is killed in the middle is no backup', async () => {
    world.use(
      async ([, , , , ...command]) =>
        await world.exec(['sh', '-c', `${command.map((word) => `'${word}'`).join(' ')} | head -c 20000; kill -9 $$`]),
    );
    const { id, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    expect(await world.codeOf(done)).not.toBe('no failure');
    world.use();
    expect((await backups.show(id)).state).toBe('failed');
    expect(await world.debris()).toEqual([]);
  });

  it('stopped by somebody keeps nothing of it, alarms nobody, and takes nothing from those before', async () => {
    const good = await make();
    const hangs = (tool: string) => async (command: readonly string[]) =>
      await world.exec(command.includes(tool) && !command.includes('--version') ? ['cat'] : command);
    world.use(hangs('pg_dump'));
    const { id, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    await backups.cancel(id, 'test');
    expect(await world.codeOf(done)).toBe('backup_cancelled');
    expect(await backups.show(id)).toMatchObject({ state: 'failed', code: 'backup_cancelled' });
    expect(await world.debris()).toEqual([]);
    // A stopped proof leaves the backup as it was.
    world.use(hangs('pg_restore'));
    const proof = await backups.beginVerify(good, 'test');
    await backups.cancel(good, 'test');
    expect(await world.codeOf(proof.done)).toBe('backup_cancelled');
    world.use();
    expect((await backups.show(good)).state).toBe('verified');
    expect((await backups.health()).problems).toEqual([]);
    expect((await listAlerts(world.database)).map(({ key }) => key)).not.toContain('backup all');
    expect(await world.codeOf(backups.cancel(good, 'test'))).toBe('backup_idle');
  });

  it('no room is told before anything is written', async () => {
    const narrow = await world.open({ limits: { toolMs: 60_000, leastFree: Number.MAX_SAFE_INTEGER } });
    const { done } = await narrow.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    expect(await world.codeOf(done)).toBe('disk_full');
    expect((await narrow.watch()).problems).toContain('disk_full');
    await make();
    await backups.watch();
  });

  it.each([0, 0.1, 0.5, 0.9, 0.99])('a dump that is cut at %d is suspect', async (part) => {
    const id = await make(client(2));
    const { folder, bytes } = await backups.show(id);
    await truncate(join(folder, 'database.dump'), Math.floor(bytes * part));
    const { done } = await backups.beginVerify(id, 'test');
    expect(await world.codeOf(done)).toBe('backup_damaged');
    expect(await backups.show(id)).toMatchObject({ state: 'suspect', depth: 'none', code: 'backup_damaged' });
    expect(await world.codeOf(backups.restore(id, { clientId: client(2), actor: 'test' }))).toBe('backup_damaged');
  });

  it('an old newest backup is late, and the alert ends with the next one', async () => {
    const later = await world.open({ now: () => Date.now() + 48 * 3_600_000 });
    expect((await later.watch()).problems).toContain('backup_late');
    expect((await listAlerts(world.database)).some(({ key }) => key === 'backup late')).toBe(true);
    expect((await backups.watch()).problems).not.toContain('backup_late');
    expect((await listAlerts(world.database)).some(({ key }) => key === 'backup late')).toBe(false);
  });

  it('what a killed control plane has left is told, and removed at the next start', async () => {
    const id = 'b20260101-000000-abcdef';
    await world.database.query(
      `INSERT INTO control.backups (id, scope, state, cause, requested_by) VALUES ($1, 'all', 'running', 'manual', 'test')`,
      [id],
    );
    await cp(join(world.folder, (await readdir(world.folder))[0] ?? ''), join(world.folder, `.part-${id}`), {
      recursive: true,
    });
    await world.database.query('CREATE SCHEMA botpool_in_abcdef');
    await backups.tidy();
    expect(await backups.show(id)).toMatchObject({ state: 'failed', code: 'backup_interrupted' });
    expect(await world.debris()).toEqual([]);
    await make();
  });

  it('a whole backup that the register takes for unfinished stays, as after a restore of everything out of it', async () => {
    const id = await make();
    await world.database.query(
      "UPDATE control.backups SET state = 'running', finished_at = NULL, depth = 'none' WHERE id = $1",
      [id],
    );
    await backups.tidy();
    expect(await backups.show(id)).toMatchObject({ state: 'stored', code: null });
    await (await backups.beginVerify(id, 'test')).done;
    expect((await backups.show(id)).state).toBe('verified');
  });

  it('room is not said to be short before there is any backup', async () => {
    await using fresh = await openBackupWorld(0);
    expect((await (await fresh.open()).health()).problems).toEqual(['backup_late']);
  });

  it('a folder that the register does not know is taken in, and one that is gone is told', async () => {
    const id = await make(client(0));
    await world.database.query('DELETE FROM control.backups WHERE id = $1', [id]);
    await backups.tidy();
    expect(await backups.show(id)).toMatchObject({ state: 'stored', cause: 'found', scope: client(0) });
    await rm(join(world.folder, id), { recursive: true });
    await backups.tidy();
    expect(await backups.show(id)).toMatchObject({ state: 'suspect', code: 'backup_damaged' });
  });
});

it('finds 1,000 of 1,000 random damages before a restore begins', async () => {
  const id = await make(client(0));
  const good = join(world.folder, id);
  const folder = join(world.folder, '../damaged');
  const names = await readdir(good);
  await cp(good, folder, { recursive: true });
  let found = 0;
  for (let round = 0; round < 1_000; round += 1) {
    const name = names[randomInt(names.length)] ?? '';
    await damage(folder, name, names);
    if ((await world.codeOf(checkFolder(folder))) === 'backup_damaged') found += 1;
    await copyFile(join(good, name), join(folder, name));
  }
  expect(found).toBe(1_000);
  await checkFolder(folder);
});

/** Flips a bit, cuts, swaps with another file, or deletes. */
async function damage(folder: string, name: string, names: readonly string[]): Promise<void> {
  const path = join(folder, name);
  const bytes = await readFile(path);
  const kind = randomInt(4);
  if (kind === 0) {
    const place = randomInt(bytes.length);
    await using file = await open(path, 'r+');
    await file.write(Buffer.from([(bytes[place] ?? 0) ^ (1 << randomInt(8))]), 0, 1, place);
  } else if (kind === 1) await truncate(path, randomInt(bytes.length));
  else if (kind === 2) {
    const other = join(folder, names.find((each) => each !== name) ?? '');
    await writeFile(path, await readFile(other));
  } else await rm(path);
}

it('removes by the rules, and nothing on the strength of an unverified one', async () => {
  await backups.setRetention({ last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 }, 'test');
  const { remove } = await backups.retention();
  const removed = await backups.prune('test');
  expect(removed).toEqual(remove);
  const left = await backups.list(1_000);
  expect(left.filter(({ scope, state }) => scope === 'all' && state === 'verified').length).toBeGreaterThanOrEqual(2);
  expect((await readdir(world.folder)).some((name) => removed.includes(name))).toBe(false);
});
