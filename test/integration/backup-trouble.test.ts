/** What bad luck gets: control planes that are killed in the middle, clocks that jump, schedulers that stand still, bits that flip. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listAlerts } from '#core/alerts/alerts.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import type { Backups } from '#main/backups/index.ts';
import { builtInSchedules } from '#main/scheduler/built-in.ts';
import { startScheduler } from '#main/scheduler/index.ts';
import { startWatchdog } from '#main/scheduler/watchdog.ts';
import type { BackupHost } from '../support/backup-host.ts';
import { type BackupWorld, openBackupWorld } from '../support/backup-world.ts';
import { makeSubfolder } from '../support/run-folder.ts';
import { until } from '../support/until.ts';

const HOST = join(import.meta.dirname, '../support/backup-host.ts');
const logger = createLogger('test', 'silent', { write: () => undefined });
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);

let world: BackupWorld;
let backups: Backups;
let client: string;
let id: string;
beforeAll(async () => {
  world = await openBackupWorld(2);
  [client = ''] = world.clients;
  await world.addUser(client);
  backups = await world.open();
  id = await make();
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function make(): Promise<string> {
  const begun = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
  await begun.done;
  return begun.id;
}

const alerts = async () => (await listAlerts(world.database)).map(({ key, code }) => `${key}: ${code}`);

/** Lets another process do it, and kills it where it stands still. */
async function killedAt(act: BackupHost['act'], stop: BackupHost['stop']): Promise<void> {
  const { facts, folder, toolEnv: env } = world;
  const told: BackupHost = { facts, folder, env, act, id, clientId: client, stop };
  const child = spawn(process.execPath, [HOST, JSON.stringify(told)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) if (line === 'here') break;
  child.kill('SIGKILL');
  await ended;
}

describe('a control plane that is killed', () => {
  it.each([
    ['while it dumps', 'create', { tool: 'pg_dump', time: 1 }],
    ['while it proves what it has made', 'create', { tool: 'pg_restore', time: 1 }],
    ['while it verifies', 'verify', { tool: 'pg_restore', time: 1 }],
    ['while it makes the backup before a restore', 'restore', { tool: 'pg_dump', time: 1 }],
    ['while it restores on the side', 'restore', { tool: 'pg_restore', time: 2 }],
    ['while it carries a client over', 'restore', { tool: 'pg_restore', time: 3 }],
  ] as const)('%s leaves the old data, no debris, and nothing in the way of the next run', async (_name, act, stop) => {
    const before = await world.checksum(client);
    await killedAt(act, stop);
    // Its connections, and with them its lock, end in their own time.
    await until('the next control plane may work', async () => (await world.codeOf(backups.tidy())) === 'no failure');
    expect(await world.checksum(client)).toBe(before);
    expect(await world.debris()).toEqual([]);
    expect((await backups.list(100)).filter(({ state }) => state === 'running')).toEqual([]);
    expect((await backups.show(await make())).state).toBe('verified');
    await backups.restore(id, { clientId: client, actor: 'test' });
    expect(await world.checksum(client)).toBe(before);
  });

  it('after it has drained a bot: the client gets it again from the next one', async () => {
    const before = await world.checksum(client);
    await world.database.query("UPDATE control.tenants SET state = 'active', token_sealed = 'x' WHERE client_id = $1", [
      client,
    ]);
    await killedAt('restore', 'draining');
    await until('the next control plane may work', async () => (await world.codeOf(backups.tidy())) === 'no failure');
    expect(world.poolCalls).toEqual([`resume ${client}`]);
    expect(await world.checksum(client)).toBe(before);
    expect(await world.debris()).toEqual([]);
    await world.database.query(
      "UPDATE control.tenants SET state = 'suspended', token_sealed = NULL WHERE client_id = $1",
      [client],
    );
    await world.database.query('DELETE FROM control.restores');
  });
});

describe('an alarm is raised', () => {
  it('when a bit of a backup flips, and nothing is restored from it', async () => {
    const damaged = await make();
    await using file = await open(join(world.folder, damaged, 'database.dump'), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 1_000);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 4]), 0, 1, 1_000);
    expect(await world.codeOf((await backups.beginVerify(damaged, 'test')).done)).toBe('backup_damaged');
    expect(await alerts()).toContain('backup all: backup_damaged');
    expect(await world.codeOf(backups.restore(damaged, { clientId: client, actor: 'test' }))).toBe('backup_damaged');
    expect((await backups.health()).green).toBe(false);
    await make();
    expect(await alerts()).not.toContain('backup all: backup_damaged');
  });

  it.each([
    ['the password is not the server’s', { PGPASSWORD: 'wrong' }, 'backup_access'],
    ['nobody answers where the server was', { PGPORT: '1' }, 'backup_tool_failed'],
  ])('when %s', async (_name, env, code) => {
    world.use((command, more) => world.exec(command, { ...more, ...env }));
    const { id: failed, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    expect(await world.codeOf(done)).toBe(code);
    world.use();
    expect(await backups.show(failed)).toMatchObject({ state: 'failed', code });
    expect(await alerts()).toContain(`backup all: ${code}`);
    expect(await world.debris()).toEqual([]);
    await make();
    expect(await alerts()).not.toContain(`backup all: ${code}`);
  });

  it('when the server ends the dump in the middle', async () => {
    const dumps = async () =>
      (
        await world.database.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = current_database()",
        )
      ).rowCount;
    const { id: failed, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    const code = world.codeOf(done);
    await until('a dump is ended', async () => ((await dumps()) ?? 0) > 0);
    expect(await code).not.toBe('no failure');
    expect((await backups.show(failed)).state).toBe('failed');
    expect((await alerts()).some((each) => each.startsWith('backup all: '))).toBe(true);
    expect(await world.debris()).toEqual([]);
    await make();
  });

  it.skipIf(process.getuid?.() !== 0)('when the disk of the backups is full', async () => {
    const folder = await makeSubfolder(inject('testRun').folder, 'small');
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', folder]);
    try {
      const small = await world.open({ folder });
      const { id: failed, done } = await small.begin({ scope: 'all', cause: 'manual', actor: 'test' });
      expect(await world.codeOf(done)).toBe('disk_full');
      expect(await small.show(failed)).toMatchObject({ state: 'failed', code: 'disk_full' });
      expect(await alerts()).toContain('backup all: disk_full');
      expect(await readdir(folder)).toEqual(['.place']);
      await small.close();
    } finally {
      await promisify(execFile)('umount', [folder]);
    }
    await make();
    expect(await alerts()).not.toContain('backup all: disk_full');
  });

  it('when nobody runs the schedules, and ends when somebody does', async () => {
    const watchdog = startWatchdog({ database: world.database, logger, sleep, silentMs: 20, everyMs: 20 });
    await until('it is told', async () => (await alerts()).includes('scheduler: scheduler_silent'));
    await watchdog.close();
    const again = startWatchdog({ database: world.database, logger, sleep, silentMs: 600_000, everyMs: 20 });
    await again.close();
    const patient = startWatchdog({
      database: world.database,
      logger,
      sleep: async () => sleep(20),
      silentMs: 600_000,
    });
    await world.database.query(
      `INSERT INTO control.scheduler_beat (at, runner) VALUES (clock_timestamp(), 'test')
       ON CONFLICT (only_one) DO UPDATE SET at = clock_timestamp()`,
    );
    await until('it has ended', async () => !(await alerts()).includes('scheduler: scheduler_silent'));
    await patient.close();
  });

  it('when the clock jumps: what was missed is told and made up for once, and a clock that goes back is told, too', async () => {
    let at = Date.parse('2026-03-01T12:00:00Z');
    const options = builtInSchedules({
      ...{ database: world.database, backups, zone: 'UTC', cleanImages: undefined },
      sales: { renew: async () => undefined, sweep: async () => 0 },
    });
    const scheduler = await startScheduler({
      ...{ ...options, database: world.database, logger, sleep, newId: uuidv7, runner: 'test', listenAt: world.facts },
      now: () => at,
      isLeader: () => true,
    });
    try {
      for (const { schedule } of await scheduler.list()) {
        if (schedule.name !== 'backup') await scheduler.pause(schedule.name, 'not tested here', 'test');
      }
      await scheduler.tick();
      at += 5 * 86_400_000;
      await scheduler.tick();
      const runs = async () =>
        (await scheduler.history({ schedule: 'backup', limit: 10 })).map(({ state, cause }) => `${cause} ${state}`);
      await until('it is made up for', async () => (await runs()).includes('catch-up succeeded'));
      expect((await runs()).filter((run) => run.includes('succeeded'))).toHaveLength(1);
      at -= 10 * 86_400_000;
      await scheduler.tick();
      await until('it is told', async () => (await alerts()).includes('clock backup: clock_went_back'));
    } finally {
      await scheduler.close();
    }
  });
});
