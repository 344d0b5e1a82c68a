import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '#core/secrets/vault.ts';
import { tokenPlace } from '#core/tenants/tenants.ts';
import { ACTIVATION_STAGES } from '#shared/state/tenant-state.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 3;

describe('activation', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS, activationTimeoutMs: 5_000 });
  }, 90_000);
  afterEach(() => world.clear());
  afterAll(() => world[Symbol.asyncDispose]());

  /** A client that failed has left nothing, every bot is back, and a good client is served. */
  async function expectCleanAfter(client: Client): Promise<void> {
    const { clientId } = client.input;
    await world.waiting(BOTS);
    const { rows } = await world.plane.database.query(
      `SELECT (SELECT count(*)::int FROM pg_namespace WHERE nspname = $1) AS schemas,
              (SELECT count(*)::int FROM pg_roles WHERE rolname = $1 OR rolname LIKE $1 || '\\_%') AS roles,
              (SELECT count(*)::int FROM control.tenants WHERE client_id = $1 AND token_sealed IS NOT NULL) AS tokens,
              (SELECT count(*)::int FROM control.activations WHERE client_id = $1 AND ended_at IS NULL) AS open`,
      [clientId],
    );
    expect(rows[0]).toEqual({ schemas: 0, roles: 0, tokens: 0, open: 0 });
    const users = await world.plane.redis.call('ACL', 'USERS');
    expect(String(users)).not.toContain(clientId);
    await expectGoodClient();
  }

  async function expectGoodClient(): Promise<void> {
    const good = await world.newClient();
    const result = await world.activate(good);
    expect(result.alreadyActive).toBe(false);
    await world.expectAnswer(good);
    await world.deactivate(good);
    await world.waiting(BOTS);
  }

  describe('with a bad request', () => {
    it.each([
      ['client_12', 'client_id_malformed'],
      ['Client_001', 'client_id_malformed'],
      ["client_001'; DROP", 'client_id_malformed'],
      ['', 'client_id_malformed'],
    ])('refuses the client id %j', async (clientId, code) => {
      const client = await world.newClient({ clientId });
      expect(await world.codeOf(world.activate(client))).toBe(code);
    });

    it.each([
      ['not-a-token'],
      [''],
      ['123:short'],
      ['0123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
      [`123456789:${'A'.repeat(34)}\n`],
    ])('refuses the malformed token %j and leaves nothing', async (token) => {
      const client = await world.newClient({ token });
      expect(await world.codeOf(world.activate(client))).toBe('token_malformed');
      const { rows } = await world.plane.database.query('SELECT 1 FROM control.tenants WHERE client_id = $1', [
        client.input.clientId,
      ]);
      expect(rows).toEqual([]);
    });

    it('refuses a company of 10,000 characters and one of nothing but blanks', async () => {
      const long = await world.newClient({ company: 'x'.repeat(10_000) });
      const blank = await world.newClient({ company: ' \n\t ' });
      expect(await world.codeOf(world.activate(long))).toBe('input_invalid');
      expect(await world.codeOf(world.activate(blank))).toBe('input_invalid');
    });

    it('refuses an unknown kind and an unknown time zone', async () => {
      expect(await world.codeOf(world.activate(await world.newClient({ kind: 'casino' })))).toBe('kind_unknown');
      expect(await world.codeOf(world.activate(await world.newClient({ timeZone: 'Mars/Base' })))).toBe(
        'input_invalid',
      );
    });
  });

  it('serves a company of emoji, quotes, HTML and line breaks under its own name', async () => {
    const company = `💇‍♀️ "O'Neil" <b>&</b>\n'; DROP SCHEMA control; -- \${x} {{y}} \\`;
    const client = await world.newClient({ company });
    await world.activate(client);
    const chat = await world.newCustomer(client);
    await chat.start();
    const answer = await chat.waitFor({ timeoutMs: 20_000 });
    expect(answer?.text).toContain(company.replace('\n', ' '));
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('counts all stages from the claim', async () => {
    const client = await world.newClient();
    const { stages } = await world.activate(client);
    const [claimed, prepared, delivered, ...inBot] = ACTIVATION_STAGES.map((stage) => stages[stage] ?? Number.NaN);
    expect(claimed).toBe(0);
    expect(delivered).toBeGreaterThanOrEqual(prepared ?? Number.NaN);
    expect(Math.min(...inBot)).toBeGreaterThanOrEqual(delivered ?? Number.NaN);
    expect(Math.max(...inBot)).toBe(stages.polling);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('answers migration_changed for a schema that other files have made, and tries that client no more by itself', async () => {
    const client = await world.newClient();
    const { clientId } = client.input;
    await world.activate(client);
    await world.deactivate(client);
    await world.waiting(BOTS);
    await world.plane.database.query("UPDATE control.schema_versions SET checksums[1] = 'another' WHERE schema = $1", [
      clientId,
    ]);
    expect(await world.codeOf(world.activate(client))).toBe('migration_changed');
    expect(await world.tenant(client)).toMatchObject({ state: 'suspended', queuedAt: null });
    await world.plane.pool.deleteTenant(clientId, { actor: 'test', reason: 'test', keepData: false });
    await world.waiting(BOTS);
  });

  it('sets a queued client aside whose token another master key has sealed', async () => {
    const first = await Promise.all(Array.from({ length: BOTS }, () => world.newClient()));
    await Promise.all(first.map((client) => world.activate(client)));
    const queued = await world.newClient();
    expect(await world.codeOf(world.activate(queued))).toBe('pool_empty');
    await world.plane.database.query('UPDATE control.tenants SET token_sealed = $2 WHERE client_id = $1', [
      queued.input.clientId,
      createVault(randomBytes(32)).seal(queued.token, tokenPlace(queued.input.clientId)),
    ]);
    await world.deactivate(first[0] as Client);
    await until('it is set aside', async () => (await world.tenant(queued)).state === 'suspended');
    const { rows } = await world.plane.database.query('SELECT outcome FROM control.activations WHERE client_id = $1', [
      queued.input.clientId,
    ]);
    expect(rows).toEqual([{ outcome: 'secret_unreadable' }]);
    await Promise.all(first.map((client) => world.deactivate(client)));
    await world.waiting(BOTS);
  });

  it('answers token_invalid for a token that Telegram does not know', async () => {
    const client = await world.newClient({ token: `777000111:${'A'.repeat(35)}` });
    expect(await world.codeOf(world.activate(client))).toBe('token_invalid');
    expect((await world.tenant(client)).state).toBe('suspended');
    await expectCleanAfter(client);
  });

  it('answers token_invalid for a token revoked before, and frees it', async () => {
    const client = await world.newClient();
    await world.sandbox.revokeToken(client.botId);
    expect(await world.codeOf(world.activate(client))).toBe('token_invalid');
    await expectCleanAfter(client);
  });

  it('shows token_invalid in the status when the token is revoked while active', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    await world.sandbox.revokeToken(client.botId);
    await until('the status shows the problem', async () => {
      const status = await world.status(container);
      return status?.health?.problem === 'token_invalid';
    });
    await world.deactivate(client);
    await world.waiting(BOTS);
    await expectGoodClient();
  });

  it('answers token_taken for a token that another client uses, and leaves both as they were', async () => {
    const first = await world.newClient();
    await world.activate(first);
    const second = await world.newClient({ token: first.token });
    expect(await world.codeOf(world.activate(second))).toBe('token_taken');
    await world.expectAnswer(first);
    await world.deactivate(first);
    await world.waiting(BOTS);
  });

  it('gives one of two clients with the same token at the same moment its bot', async () => {
    const one = await world.newClient();
    const other = { ...(await world.newClient({ token: one.token })), botId: one.botId };
    const codes = await Promise.all([one, other].map((client) => world.codeOf(world.activate(client))));
    expect(codes.toSorted()).toEqual(['no failure', 'token_taken']);
    const winner = codes[0] === 'no failure' ? one : other;
    await world.expectAnswer(winner);
    await world.deactivate(winner);
    await world.waiting(BOTS);
  });

  it('gives a client that is activated ten times at once one bot and ten times the same result', async () => {
    const client = await world.newClient();
    const results = await Promise.all(Array.from({ length: 10 }, () => world.activate(client)));
    expect(new Set(results.map(({ container }) => container)).size).toBe(1);
    expect(new Set(results.map(({ activationId }) => activationId)).size).toBe(1);
    expect(results.filter(({ alreadyActive }) => !alreadyActive)).toHaveLength(1);
    await world.waiting(BOTS - 1);
    const again = await world.activate(client);
    expect(again.alreadyActive).toBe(true);
    expect(again.container).toBe(results[0]?.container);
    const { rows } = await world.plane.database.query('SELECT 1 FROM control.activations WHERE client_id = $1', [
      client.input.clientId,
    ]);
    expect(rows).toHaveLength(1);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('answers client_other_token for another token while active, also at the same moment', async () => {
    const client = await world.newClient();
    const other = await world.newClient();
    const request = { ...client, input: { ...client.input, token: other.token } };
    const codes = await Promise.all([world.codeOf(world.activate(client)), world.codeOf(world.activate(request))]);
    expect(codes.toSorted()).toEqual(['client_other_token', 'no failure']);
    const loser = codes[0] === 'no failure' ? request : client;
    expect(await world.codeOf(world.activate(loser))).toBe('client_other_token');
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  describe('with Telegram in trouble', () => {
    it('answers telegram_unreachable, and the same client is served when Telegram is back', async () => {
      const client = await world.newClient();
      await world.sandbox.setFaults({ unreachable: true });
      try {
        expect(await world.codeOf(world.activate(client))).toBe('telegram_unreachable');
      } finally {
        await world.sandbox.clearFaults();
      }
      await expectCleanAfter(client);
      await world.activate(client);
      await world.expectAnswer(client);
      await world.deactivate(client);
      await world.waiting(BOTS);
    });

    it.each([500, 502, 429])('bears one answer of %i', async (code) => {
      const client = await world.newClient();
      await world.sandbox.failNextCalls({ bot: client.botId, method: 'getMe', code, times: 1 });
      await world.activate(client);
      await world.expectAnswer(client);
      await world.deactivate(client);
      await world.waiting(BOTS);
    });

    it('gives up on answers of 500 that do not end', async () => {
      const client = await world.newClient();
      await world.sandbox.failNextCalls({ bot: client.botId, code: 500, times: 1_000 });
      expect(await world.codeOf(world.activate(client))).toBe('telegram_unreachable');
      await world.sandbox.clearFaults();
      await expectCleanAfter(client);
    });
  });

  describe('with an empty pool', () => {
    it('queues clients and serves them by itself, first come first served', async () => {
      const first = await Promise.all(Array.from({ length: BOTS }, () => world.newClient()));
      await Promise.all(first.map((client) => world.activate(client)));
      const queued = await Promise.all(Array.from({ length: BOTS }, () => world.newClient()));
      for (const client of queued) expect(await world.codeOf(world.activate(client))).toBe('pool_empty');
      expect((await world.tenant(queued[0] as Client)).queuedAt).toBeInstanceOf(Date);
      const served: string[] = [];
      for (const [index, client] of first.entries()) {
        await world.deactivate(client);
        const next = await until('the next one is served', async () => {
          const open = await Promise.all(queued.map((one) => world.open(one)));
          const active = queued.filter((_one, at) => open[at]?.state === 'active');
          return active.length === index + 1 ? active.find((one) => !served.includes(one.input.clientId)) : undefined;
        });
        served.push(next.input.clientId);
      }
      expect(served).toEqual(queued.map((client) => client.input.clientId));
      await Promise.all(queued.map((client) => world.expectAnswer(client)));
      await Promise.all(queued.map((client) => world.deactivate(client)));
      await world.waiting(BOTS);
    });

    it('serves who has waited before who comes just when a bot is free', async () => {
      const [waited, comes] = [await world.newClient(), await world.newClient()];
      await world.activate(waited);
      await world.deactivate(waited);
      await world.waiting(BOTS);
      // Wanted active again and queued, as when no bot was free; all of them are now.
      await world.plane.database.query(
        "UPDATE control.tenants SET state = 'active', queued_at = clock_timestamp() WHERE client_id = $1",
        [waited.input.clientId],
      );
      await world.activate(comes);
      await until('both are served', async () => (await world.open(waited))?.state === 'active');
      const { rows } = await world.plane.database.query<{ client_id: string }>(
        'SELECT client_id FROM control.activations WHERE ended_at IS NULL ORDER BY claimed_at',
      );
      expect(rows.map((row) => row.client_id)).toEqual([waited.input.clientId, comes.input.clientId]);
      await Promise.all([world.deactivate(waited), world.deactivate(comes)]);
      await world.waiting(BOTS);
    });

    it('frees the token of a queued client that is deactivated before it ever worked', async () => {
      const first = await Promise.all(Array.from({ length: BOTS }, () => world.newClient()));
      await Promise.all(first.map((client) => world.activate(client)));
      const queued = await world.newClient();
      expect(await world.codeOf(world.activate(queued))).toBe('pool_empty');
      await world.deactivate(queued);
      await Promise.all(first.map((client) => world.deactivate(client)));
      await world.waiting(BOTS);
      const heir = { ...(await world.newClient({ token: queued.token })), botId: queued.botId };
      await world.activate(heir);
      await world.expectAnswer(heir);
      await world.deactivate(heir);
      await world.waiting(BOTS);
    });
  });

  it('backs off from a foreign poller, says token_in_use, and serves again when the other goes', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const foreign = new AbortController();
    const polling = pollAsForeigner(`${world.plane.sandboxUrl}/bot${client.token}`, foreign.signal);
    await until('the status shows the foreign poller', async () => {
      const status = await world.status(container);
      return status?.health?.problem === 'token_in_use';
    });
    foreign.abort();
    await polling;
    await world.expectAnswer(client);
    await until('the status shows no problem', async () => {
      const status = await world.status(container);
      return status?.status === 'active' && status.health?.problem === undefined;
    });
    expect((await world.status(container))?.client_id).toBe(client.input.clientId);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('answers timeout when a bot does not take its configuration, and claims that process never again', async () => {
    const client = await world.newClient();
    const [longest] = await world.plane.redis.zrange('pool:waiting', 0, '0');
    const container = longest ?? '';
    await world.plane.engine.kill(container, 'SIGSTOP');
    const before = await world.status(container);
    const code = await world.codeOf(world.activate(client));
    expect(code).toBe('timeout');
    await world.plane.engine.kill(container, 'SIGCONT');
    await world.waiting(BOTS);
    expect((await world.status(container))?.boot_id).not.toBe(before?.boot_id);
    await expectCleanAfter(client);
  });

  it('claims the bots of a burst once each', async () => {
    const clients = await Promise.all(Array.from({ length: BOTS + 2 }, () => world.newClient()));
    const codes = await Promise.all(clients.map((client) => world.codeOf(world.activate(client))));
    expect(codes.filter((code) => code === 'no failure')).toHaveLength(BOTS);
    expect(codes.filter((code) => code === 'pool_empty')).toHaveLength(2);
    const open = await Promise.all(clients.map((client) => world.open(client)));
    const taken = open.flatMap((activation) => (activation === undefined ? [] : [activation.container]));
    expect(new Set(taken).size).toBe(BOTS);
    await Promise.all(clients.map((client) => world.deactivate(client)));
    await world.waiting(BOTS);
  });

  it('fails with client_unknown where nobody is known', async () => {
    const unknown = await world.newClient();
    expect(await world.codeOf(world.deactivate(unknown))).toBe('client_unknown');
  });
});

/** Somebody else's program with the same token: it polls without regard. */
async function pollAsForeigner(root: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Offset 0 confirms nothing, so what it sees is not lost for the bot.
    await fetch(`${root}/getUpdates?timeout=2&offset=0`, { signal }).catch(() => undefined);
  }
}
