/** Schedules against a real PostgreSQL: what is due begins once, whoever leads, and every end is told. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { listen } from '#core/postgres/listener.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { type RunEnded, type Scheduler, type SchedulerOptions, startScheduler } from '#main/scheduler/index.ts';
import { defineJob, type JobContext } from '#main/scheduler/jobs.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { scheduleRequestSchema } from '#shared/schemas/schedule.ts';
import { sleep } from '../support/sales-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';
import { until } from '../support/until.ts';

const NOON = Date.UTC(2026, 5, 1, 12, 0, 0);
const MINUTE = 60_000;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase({ max: 20 });
  await migrateControl(test.database);
});
afterAll(() => test[Symbol.asyncDispose]());

/** A scheduler whose clock stands where it is put, and whose job does as it is told. */
async function open(
  work: (context: JobContext) => Promise<void>,
  change: Partial<SchedulerOptions> & { readonly at?: number } = {},
): Promise<{ scheduler: Scheduler; ends: RunEnded[]; clock: { at: number }; close(): Promise<void> }> {
  const clock = { at: change.at ?? NOON };
  const ends: RunEnded[] = [];
  const scheduler = await startScheduler({
    database: test.database,
    logger: createLogger('test', 'silent', { write: () => undefined }),
    jobs: [defineJob({ name: 'work', payload: z.strictObject({}), run: (_payload, context) => work(context) })],
    builtIn: [],
    runner: randomUUID(),
    now: () => clock.at,
    sleep,
    newId: randomUUID,
    isLeader: () => true,
    listenAt: test.facts,
    onRun: async (event) => void ends.push(event),
    roundMs: 50,
    ...change,
  });
  return { scheduler, ends, clock, close: () => scheduler.close() };
}

function request(name: string, change: object = {}) {
  return scheduleRequestSchema.parse({ name, job: 'work', expression: '* * * * *', zone: 'UTC', ...change });
}

async function only(name: string): Promise<void> {
  await test.database.query('DELETE FROM control.schedules WHERE name <> $1', [name]);
}

describe('schedules', () => {
  it('runs each due instant once, although three control planes look at the same time', async () => {
    let runs = 0;
    const work = async (): Promise<void> => {
      runs += 1;
    };
    const worlds = await Promise.all([open(work), open(work), open(work)]);
    await only('thrice');
    await worlds[0]?.scheduler.add(request('thrice'), 'test');
    for (let minute = 1; minute <= 5; minute += 1) {
      for (const { clock } of worlds) clock.at = NOON + minute * MINUTE;
      await until('the run has ended', async () => {
        const history = (await worlds[0]?.scheduler.history({ schedule: 'thrice', limit: 50 })) ?? [];
        return history.filter(({ state }) => state === 'succeeded').length === minute;
      });
    }
    expect(runs).toBe(5);
    await Promise.all(worlds.map(({ close }) => close()));
  });

  it('makes up for a night with one run, and tells how many were missed', async () => {
    const dues: Date[] = [];
    await only('night');
    const before = await open(async () => undefined);
    await before.scheduler.add(request('night', { expression: '0 * * * *' }), 'test');
    await before.close();
    const after = await open(async ({ dueAt }) => void dues.push(dueAt), { at: NOON + 8 * 60 * MINUTE + 10 * MINUTE });
    await until('the run has ended', async () => after.ends.some(({ outcome }) => outcome === 'succeeded'));
    expect(dues).toEqual([new Date(NOON + 8 * 60 * MINUTE)]);
    expect(after.ends.filter(({ outcome }) => outcome === 'missed').map(({ facts }) => facts)).toEqual([
      { name: 'night', count: 7 },
    ]);
    await after.close();
  });

  it('tries a failed run again and tells its reason when it fails for good', async () => {
    await only('fails');
    const attempts: number[] = [];
    const world = await open(async ({ attempt, log }) => {
      attempts.push(attempt);
      log(`try ${attempt}`);
      throw new BotpoolError('client_unknown', { clientId: 'client_001' });
    });
    await world.scheduler.add(request('fails', { retries: 1, backOffSeconds: 1 }), 'test');
    await world.scheduler.run('fails', 'test');
    await until('it has failed once', async () => attempts.length === 1);
    await until('it has failed for good', async () => {
      world.clock.at += 1_000;
      return world.ends.length > 0;
    });
    expect(attempts).toEqual([1, 2]);
    expect(world.ends[0]).toMatchObject({ schedule: 'fails', outcome: 'failed', code: 'client_unknown' });
    const [run] = await world.scheduler.history({ schedule: 'fails', limit: 1 });
    expect(run?.output).toMatch(/try 1[\s\S]*try 2/);
    await world.close();
  });

  it('stops a run whose time is over', async () => {
    await only('slow');
    const world = await open(
      ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    await world.scheduler.add(request('slow', { timeoutSeconds: 1 }), 'test');
    await world.scheduler.run('slow', 'test');
    await until('it was stopped', async () => world.ends.length > 0);
    expect(world.ends[0]).toMatchObject({ outcome: 'failed', code: 'run_timeout' });
    await world.close();
  });

  it('gives the run of a control plane that died to the next one', async () => {
    await only('lost');
    const dead = randomUUID();
    const world = await open(async () => undefined);
    await world.scheduler.add(request('lost', { retries: 1 }), 'test');
    await test.database.query(
      `INSERT INTO control.runs (id, schedule, due_at, cause, state, not_before, runner, attempt, started_at, lease_until)
       VALUES ($1, 'lost', $2, 'manual', 'running', $2, $3, 1, clock_timestamp(), clock_timestamp() - interval '1 second')`,
      [randomUUID(), new Date(NOON), dead],
    );
    await until('another one has run it', async () => world.ends.some(({ outcome }) => outcome === 'succeeded'));
    const history = await world.scheduler.history({ schedule: 'lost', limit: 10 });
    expect(history.map(({ state, attempt }) => [state, attempt])).toEqual([['succeeded', 2]]);
    await world.close();
  });

  it('says why it is paused, is not due meanwhile, and goes on from now', async () => {
    await only('paused');
    const world = await open(async () => undefined);
    await world.scheduler.add(request('paused'), 'test');
    await world.scheduler.pause('paused', 'moving the bucket', 'anna');
    world.clock.at = NOON + 10 * MINUTE + 1_000;
    await world.scheduler.tick();
    const [state] = await world.scheduler.list();
    expect(state?.schedule.paused).toMatchObject({ by: 'anna', reason: 'moving the bucket' });
    expect(state?.next).toEqual([]);
    await world.scheduler.resume('paused', 'anna');
    world.clock.at = NOON + 11 * MINUTE + 1_000;
    await until('it has run', async () => world.ends.length > 0);
    expect(world.ends.map(({ outcome }) => outcome)).toEqual(['succeeded']);
    await world.close();
  });

  it('is told nothing when it looks and finds nothing to do', async () => {
    const { scheduler, close } = await open(async () => undefined, { roundMs: 3_600_000 });
    await scheduler.tick();
    const heard: string[] = [];
    const ready = Promise.withResolvers<void>();
    const listener = listen({
      ...{ ...test.facts, applicationName: 'test', channels: ['botpool_schedules'], sleep, onReady: ready.resolve },
      onSignal: (_channel, payload) => void heard.push(payload),
    });
    await ready.promise;
    // Its own first rounds may still be under way; afterwards it looks three times.
    await until('it is quiet', async () => {
      heard.length = 0;
      for (let time = 0; time < 3; time += 1) await scheduler.tick();
      await test.database.query("NOTIFY botpool_schedules, 'the end'");
      await until('all is heard', async () => heard.includes('the end'));
      return heard.length === 1;
    });
    await listener.close();
    await close();
  });

  it('does nothing where another control plane leads', async () => {
    await only('elsewhere');
    let leads = false;
    const world = await open(async () => undefined, { isLeader: () => leads });
    await world.scheduler.add(request('elsewhere'), 'test');
    world.clock.at = NOON + MINUTE + 1_000;
    await world.scheduler.tick();
    expect(await world.scheduler.history({ schedule: 'elsewhere', limit: 10 })).toEqual([]);
    leads = true;
    await until('it has run', async () => world.ends.length > 0);
    await world.close();
  });

  it('refuses what is no rule, no job and no payload, by name', async () => {
    await only('none');
    const world = await open(async () => undefined);
    const { scheduler } = world;
    await expect(scheduler.add(request('a1', { expression: '61 * * * *' }), 'test')).rejects.toMatchObject({
      code: 'schedule_invalid',
    });
    await expect(scheduler.add(request('a1', { job: 'dance' }), 'test')).rejects.toMatchObject({ code: 'job_unknown' });
    await expect(scheduler.add(request('a1', { payload: { x: 1 } }), 'test')).rejects.toMatchObject({
      code: 'input_invalid',
    });
    await expect(scheduler.run('a1', 'test')).rejects.toMatchObject({ code: 'schedule_unknown' });
    await world.close();
  });
});
