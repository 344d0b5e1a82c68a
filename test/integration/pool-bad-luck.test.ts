/** Bad luck that no single mechanism answers: what the pool does then, and the sentence that its operator reads. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Alert, listAlerts } from '#core/alerts/alerts.ts';
import type { ContainerSpec } from '#main/engine/engine.ts';
import { decisionSentences } from '#shared/texts/scaling-sentences.ts';
import { describeError } from '#shared/texts/translate.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 4;
const MAX = 7;
const IN_BOTH = ['en', 'ru'] as const;

describe('bad luck', () => {
  let world: PoolWorld;
  let room: number | null = null;
  const clients: Client[] = [];

  beforeAll(async () => {
    // Nothing but events wakes the autoscaler: its timer is an hour.
    const autoscaler = { enabled: true, minFree: 2, batch: 2, checkMs: 3_600_000, coolDownMs: 0 };
    const timings = { stuckMs: 2_000 };
    world = await startPoolWorld({
      ...{ bots: BOTS, maxTotalBots: MAX, autoscaler, timings },
      memoryRoom: () => room,
    });
  }, 90_000);
  afterEach(async () => {
    room = null;
    await world.plane.autoscaler.setPolicy('default', 'test');
    await Promise.all(clients.splice(0).map((client) => world.deactivate(client).catch(() => undefined)));
    await until('the pool is at rest', async () => {
      await world.plane.bots.scale(BOTS, { max: MAX, actor: 'test' });
      return (await world.plane.bots.roster()).length === BOTS;
    });
    await world.waiting(BOTS);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function activate(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const client = await world.newClient();
      clients.push(client);
      await world.activate(client);
    }
  }

  /** What `pool explain` says first, in both languages. */
  async function explained(): Promise<readonly string[]> {
    const [newest] = await world.plane.autoscaler.decisions({ limit: 1 });
    if (newest === undefined) throw new Error('nothing was decided');
    return IN_BOTH.map((locale) => decisionSentences(newest, locale).join('\n'));
  }

  async function alert(code: Alert['code'], container?: string): Promise<Alert | undefined> {
    const open = await listAlerts(world.plane.database);
    return open.find((one) => one.code === code && (container ?? one.facts['container']) === one.facts['container']);
  }

  function told({ code, facts }: Alert): readonly string[] {
    return IN_BOTH.map((locale) => describeError(code, facts, locale, 'operator'));
  }

  it('of both limits at once names both, and what to do about each', async () => {
    await activate(2);
    room = 0;
    await world.plane.autoscaler.setPolicy('max=4', 'test');
    await activate(1);
    const limits = ['maximum', 'memory'];
    const [decision] = await until('both limits hold', async () => {
      const found = await world.plane.autoscaler.decisions({ limit: 1 });
      return found[0]?.decision.limits.length === 2 && found;
    });
    expect(decision?.decision).toMatchObject({ state: 'limited', action: 'hold', limits });
    const [english, russian] = await explained();
    expect(english).toMatch(/has 4 bots and may not have more: raise max .*memory bears no more bots: give it more/s);
    expect(russian).toMatch(/4.*max=.*амят/s);
  });

  it('of a host without memory starts nothing, serves whom it has, and goes on by itself when there is room', async () => {
    room = 0;
    await activate(3);
    const [english] = await until('memory is the limit', async () => {
      const found = await explained();
      return found[0]?.includes('memory bears no more bots') && found;
    });
    expect(english).toMatch(/^1 more free bots are needed, and none can be started now/);
    expect((await world.plane.bots.roster()).length).toBe(BOTS);
    await world.expectAnswer(clients[0] as Client);
    room = null;
    // In the product the timer looks again after seconds.
    await world.plane.autoscaler.setPolicy('default', 'test');
    await world.waiting(3);
  });

  it('of an image that crashes at start: few are tried, the others serve on, and mended bots come by themselves', async () => {
    const { engine } = world.plane;
    const create = engine.create.bind(engine);
    const broken = { NODE_OPTIONS: '--require=/there/is/no/such/file.cjs' };
    engine.create = (spec: ContainerSpec) => create({ ...spec, env: { ...spec.env, ...broken } });
    try {
      await activate(3);
      const raised = await until('it is told', () => alert('bot_stuck'));
      const [english, russian] = told(raised);
      expect(english).toMatch(/^booking-bot-pool-\d+ does not come up: it is made anew from its image by itself/);
      expect(russian).toMatch(/^booking-bot-pool-\d+ не поднимается/);
      await world.plane.autoscaler.setPolicy('default', 'test');
      await until('the decision says why', async () =>
        (await explained())[0]?.includes('a broken image is the usual cause'),
      );
      expect((await world.plane.bots.roster()).length).toBeLessThanOrEqual(BOTS + 2);
      await world.expectAnswer(clients[0] as Client);
    } finally {
      engine.create = create;
    }
    await world.waiting(3);
    await until('the alert is over', async () => (await alert('bot_stuck')) === undefined);
  });

  it('of a token that was revoked while its bot was down: nobody tries for ever, and the operator knows whom to ask', async () => {
    await activate(2);
    const [lost, other] = clients as [Client, Client];
    const open = await world.open(lost);
    const { token } = await world.sandbox.revokeToken(lost.botId);
    await world.plane.engine.kill(open?.container ?? '', 'SIGKILL');
    const raised = await until('it is told', () => alert('client_set_aside'));
    expect((await world.tenant(lost)).state).toBe('suspended');
    const [english, russian] = told(raised);
    expect(english).toContain(
      `${lost.input.clientId} is suspended, because its bot cannot start again (token_invalid)`,
    );
    expect(english).toContain('ask the owner for the current one from @BotFather and activate it again');
    expect(russian).toMatch(/приостановлен.*@BotFather/);
    await world.expectAnswer(other);
    await world.plane.pool.activateBot({ ...lost.input, token }, 'test');
    await world.expectAnswer(lost);
    expect(await alert('client_set_aside')).toBeUndefined();
  });

  it('of a bot that flaps: its client is served by another one, and the operator reads which and where to look', async () => {
    await activate(1);
    const [client] = clients as [Client];
    const container = (await world.open(client))?.container ?? '';
    const { engine } = world.plane;
    const raised = await until(
      'it is told',
      async () => {
        if ((await engine.inspect(container)).state === 'running')
          await engine.kill(container, 'SIGKILL').catch(() => undefined);
        return await alert('bot_flapping', container);
      },
      60_000,
    );
    expect(told(raised)[0]).toMatch(new RegExp(`^${container} ended \\d+ times within minutes, and waits longer`));
    expect(told(raised)[1]).toContain(container);
    await world.expectAnswer(client);
  });
});

describe('thirty bots that die at the same instant', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: 30, activationTimeoutMs: 30_000 });
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  it('come back with every client, each once, and are one misfortune for the operator, not thirty', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => world.newClient()));
    for (const client of clients) await world.activate(client);
    const roster = await world.plane.bots.roster();
    await Promise.all(roster.map(({ container }) => world.plane.engine.kill(container, 'SIGKILL')));
    await Promise.all(clients.map((client) => world.expectAnswer(client)));
    await world.waiting(20);
    const open = await Promise.all(clients.map((client) => world.open(client)));
    expect(new Set(open.map((one) => one?.container)).size).toBe(10);
    const alerts = await until('all are counted', async () => {
      const found = await listAlerts(world.plane.database);
      return found[0]?.facts['count'] === 30 && found.filter(({ code }) => code === 'bots_died_together');
    });
    expect(alerts).toMatchObject([{ severity: 'critical', facts: { count: 30, bots: 30 } }]);
    const { code, facts } = alerts[0] as Alert;
    expect(describeError(code, facts, 'en', 'operator')).toMatch(
      /^30 bots ended at the same moment, of 30: they start again/,
    );
  });
});
