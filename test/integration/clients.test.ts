/** Clients as the panel shows and steers them, on a whole stack: their figures, their payments, bot again, another token. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openSalesDesk } from '#core/billing/desk.ts';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import { startPanelServer } from '../support/panel-server.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const cleanUp = new AsyncDisposableStack();
let world: PoolWorld;
let api: ControlPlaneClient;

beforeAll(async () => {
  world = cleanUp.use(await startPoolWorld({ bots: 3 }));
  const { plane } = world;
  const panel = cleanUp.use(await startPanelServer({ database: plane.database, services: plane }));
  api = (await panel.rpc()).client;
}, 60_000);
afterEach(() => world.clear());
afterAll(() => cleanUp.disposeAsync());

async function serving(): Promise<Client> {
  const client = await world.newClient({ company: 'Anna Nails' });
  await world.activate(client);
  return client;
}

const figuresOf = async (clientId: string) => (await api.tenants.figures()).find((one) => one.clientId === clientId);

it('tells what a client stores, has booked today and has failed at; who is suspended has no bot and no errors', async () => {
  const client = await serving();
  const { clientId } = client.input;
  const { database } = world.plane;
  await database.query(`INSERT INTO ${clientId}.users (telegram_id, name, locale) VALUES (77, 'Ann', 'en')`);
  await database.query(
    `INSERT INTO ${clientId}.bookings (user_id, service_id, staff_id, during, status)
     SELECT u.id, s.id, m.id, tstzrange(at, at + interval '30 minutes'), status
     FROM (SELECT id FROM ${clientId}.users LIMIT 1) u, (SELECT id FROM ${clientId}.services ORDER BY id LIMIT 1) s,
       (SELECT id FROM ${clientId}.staff ORDER BY id LIMIT 1) m,
       (SELECT date_trunc('day', now() AT TIME ZONE 'Europe/Moscow') AT TIME ZONE 'Europe/Moscow' AS day) d,
       LATERAL (VALUES (day, 'confirmed'), (day + interval '23 hours', 'done'), (day + interval '1 hour', 'cancelled'),
         (day + interval '24 hours', 'confirmed'), (day - interval '1 hour', 'done')) AS b (at, status)`,
  );
  const figures = await until('its bot has said how it is', async () => {
    const known = await figuresOf(clientId);
    return known?.errors === null ? undefined : known;
  });
  expect(figures).toMatchObject({ bookingsToday: 2, errors: 0, paid: null, backupAt: null });
  expect(figures?.bytes).toBeGreaterThan(100_000);

  await world.deactivate(client);
  const suspended = await until('its bot is gone', async () => {
    const known = await figuresOf(clientId);
    return known?.errors === null ? known : undefined;
  });
  expect(suspended.bookingsToday).toBe(2);
});

it('tells the proven backups that hold a client, those of everything since it came among them', async () => {
  const client = await serving();
  const { clientId } = client.input;
  const { database } = world.plane;
  const note = (id: string, scope: string, state: string, at: string) =>
    database.query(
      `INSERT INTO control.backups (id, scope, state, cause, requested_by, started_at, finished_at, depth)
       VALUES ($1, $2, $3, 'manual', 'test', $4::timestamptz, $4::timestamptz, CASE $3 WHEN 'verified' THEN 'restore' ELSE 'none' END)`,
      [id, scope, state, at],
    );
  await note('b20260101-000000-000001', 'all', 'verified', '2026-01-01');
  expect((await figuresOf(clientId))?.backupAt).toBeNull();
  await note('b20990101-000000-000002', clientId, 'stored', '2099-01-01');
  expect((await figuresOf(clientId))?.backupAt).toBeNull();
  await note('b20990102-000000-000003', 'all', 'verified', '2099-01-02');
  await note('b20990101-000000-000004', clientId, 'verified', '2099-01-01');
  expect((await figuresOf(clientId))?.backupAt).toEqual(new Date('2099-01-02'));
  await database.query('DELETE FROM control.backups');
});

it('tells what was paid: the period with its order', async () => {
  const desk = openSalesDesk(world.plane.database);
  const person = await world.sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
  const buyer = { buyerId: person.id, chatId: person.id, name: 'Anna', locale: 'en' as const };
  const username = `s${randomUUID().slice(0, 8)}_bot`;
  const bot = await world.sandbox.createBot({ ownerId: person.id, name: 'Salon', username });
  const id = randomUUID();
  await desk.openOrder(id, buyer, { planId: 'start' });
  await desk.changeOrder(id, buyer.buyerId, { company: 'Anna Nails', receiptContact: 'anna@example.com' });
  await desk.setToken(id, buyer.buyerId, { token: bot.token, botId: bot.id, username, managed: false });
  await desk.askPayment(id, buyer.buyerId);
  const payment = await until('there is a link to pay by', async () => {
    const { confirmationUrl } = await desk.readOrder(id, buyer.buyerId);
    return confirmationUrl === null ? undefined : (new URL(confirmationUrl).searchParams.get('orderId') ?? '');
  });
  await world.sandbox.shop.act(payment);
  await world.plane.sales.sweep();
  const { clientId, number } = await until('it serves', async () => {
    const order = await desk.readOrder(id, buyer.buyerId);
    return order.state === 'active' ? order : undefined;
  });
  const { periods, orders } = await api.tenants.sales({ clientId: clientId ?? '' });
  expect(periods).toMatchObject([{ planId: 'start', renews: false, voided: false, order: number }]);
  expect(orders).toMatchObject([{ id, state: 'active', amount: 99_000 }]);
  expect((await figuresOf(clientId ?? ''))?.paid).toEqual({
    planId: 'start',
    until: periods[0]?.until,
    renews: false,
  });
  const json = JSON.parse((await api.tenants.export({ clientId: clientId ?? '' })).json);
  expect(json).toMatchObject({ clientId, company: 'Anna Nails', tables: { services: expect.any(Array) } });
});

it('gives a suspended client its bot again with the token that is kept, and says so when none is', async () => {
  const client = await serving();
  const { clientId } = client.input;
  await world.deactivate(client);
  expect(await api.activations.resume({ clientId })).toMatchObject({ clientId, alreadyActive: false });
  await world.expectAnswer(client);
  await world.deactivate(client);
  await world.plane.database.query(
    'UPDATE control.tenants SET token_sealed = NULL, token_fingerprint = NULL WHERE client_id = $1',
    [clientId],
  );
  await expect(api.activations.resume({ clientId })).rejects.toMatchObject({ code: 'client_no_token' });
  await expect(api.activations.resume({ clientId: 'client_777' })).rejects.toMatchObject({ code: 'client_unknown' });
});

it('gives a client another token; one that will not do changes nothing', async () => {
  const client = await serving();
  const { clientId } = client.input;
  const other = await serving();
  for (const [token, code] of [
    ['12:short', 'token_malformed'],
    [`999999:${'A'.repeat(35)}`, 'token_invalid'],
    [other.token, 'token_taken'],
  ] as const) {
    await expect(api.activations.changeToken({ clientId, token })).rejects.toMatchObject({ code });
    expect((await world.tenant(client)).state).toBe('active');
  }
  await world.expectAnswer(client);
  const bot = await world.sandbox.createBot({
    ownerId: client.input.ownerId,
    name: 'Next',
    username: `n${randomUUID().slice(0, 8)}_bot`,
  });
  expect(await api.activations.changeToken({ clientId, token: bot.token })).toMatchObject({ clientId });
  await world.expectAnswer({ ...client, botId: bot.id, token: bot.token });
  const calls = await api.activity.audit({ target: clientId });
  expect(JSON.stringify(calls)).not.toContain(bot.token);
});
