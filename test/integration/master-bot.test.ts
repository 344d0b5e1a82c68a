/** The Master Bot as an operator meets it, and as everybody else does not. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extendSubscription } from '#main/orders/extend.ts';
import { buys, gone, newBuyer } from '../support/buyer.ts';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';
import { type Visitor, visitorOf } from '../support/visitor.ts';

const MASTER = 'botpool_master_bot';

let world: PoolWorld;
let operator: Visitor;
let number: string;

beforeAll(async () => {
  world = await startPoolWorld({ bots: 3, serviceBots: true });
  const { services } = world.plane;
  await until('both bots serve', () =>
    [services.states().get('master_bot'), services.states().get('sales_bot')].every((state) => state === 'serving'),
  );
  const person = (await world.sandbox.listPeople()).find(({ username }) => username === 'operator');
  if (person === undefined) throw new Error('the simulated world has no operator');
  operator = visitorOf(world.sandbox, MASTER, person);
  const client = await world.newClient({ company: 'Anna Nails' });
  await world.activate(client);
  number = client.input.clientId.replace('client_', '');
}, 60_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

async function audited(action: string): Promise<Record<string, unknown>[]> {
  const { rows } = await world.plane.database.query(
    'SELECT actor, target, after FROM control.audit WHERE action = $1 ORDER BY id',
    [action],
  );
  return rows;
}

describe('an operator', () => {
  it('sees the pool with its fill', async () => {
    await operator.say('/pool');
    const text = await operator.sees('Free: 2');
    expect(text).toContain('Total: 3');
    expect(text).toContain('33 %');
  });

  it('finds a client by a part of its name, and sees how it does', async () => {
    await operator.say('/clients anna');
    await operator.press('Anna Nails');
    const text = await operator.sees(`client_${number}`);
    expect(text).toContain('🟢 serves');
  });

  it('suspends only after being asked again, resumes at once, and the audit tells who it was', async () => {
    await operator.say(`/client ${number}`);
    await operator.press('Suspend');
    await operator.sees('Its customers get no answers until it is resumed');
    await operator.press('Yes, suspend');
    await operator.sees('is suspended. Its data stays');
    await operator.say(`/activate ${number}`);
    await operator.sees('is active on booking-bot-pool');
    const actor = `telegram:${operator.person.id}`;
    const target = `client_${number}`;
    expect(await audited('command.clients.deactivate')).toMatchObject([{ actor, target, after: { outcome: 'done' } }]);
    expect(await audited('command.clients.activate')).toMatchObject([{ actor, target }]);
  });

  it('gives a client another bot, and deletes one with a word about what is lost', async () => {
    await operator.say(`/client ${number}`);
    await operator.press('Another bot');
    await operator.press('Yes, move');
    await operator.sees('gets another bot by itself');
    await until('it serves again', async () => (await world.plane.pool.getPoolStatus()).active === 1);
    await world.waiting(2);
    const doomed = await world.newClient({ company: 'Closing Down' });
    await world.activate(doomed);
    await operator.say(`/client ${doomed.input.clientId.replace('client_', '')}`);
    await operator.press('Delete');
    await operator.sees('This cannot be undone');
    await operator.press('Yes, delete with all data');
    await operator.sees('is deleted with all of its data');
  });

  it('is asked before the pool shrinks, and reads why a command cannot be done', async () => {
    await operator.say('/scale 4');
    await operator.sees('The pool has 4 bots now');
    await operator.say('/scale 3');
    await operator.sees('Shrink the pool from 4 to 3 bots?');
    await operator.press('Yes, shrink the pool');
    await operator.sees('The pool has 3 bots now');
    await operator.say('/scale 900');
    await operator.sees('0 to 500');
    await operator.say('/client 999999');
    await operator.sees('999999');
    await operator.say('/client');
    await operator.sees('Say which client');
  });

  it('sees orders, what came in as a picture, and how everything is', async () => {
    await operator.say('/orders');
    await operator.sees('There are no orders');
    await operator.say('/revenue');
    await operator.sees('Paying clients: 0');
    const picture = (await operator.chat.read()).messages.at(-1);
    expect(JSON.stringify(picture)).toContain('photo');
    await operator.say('/health');
    expect(await operator.sees('PostgreSQL')).toMatch(/🟢 .*Containers that run/);
  });

  it('gives a client that pays more time, once, and its buyer is told; who never paid has nothing to extend', async () => {
    const buyer = await newBuyer(world);
    const bot = await buys(world, buyer);
    const { rows } = await world.plane.database.query<{ id: string; until: Date }>(
      `SELECT t.client_id AS id, upper(s.during) AS until FROM control.tenants t
       JOIN control.subscriptions s USING (client_id) WHERE t.bot_username = $1`,
      [bot.username],
    );
    const paid = rows[0] ?? { id: '', until: new Date() };
    await operator.say(`/client ${paid.id}`);
    await operator.press('More time');
    await operator.sees('without payment?');
    await operator.press('+ 30 days');
    const until = new Date(paid.until.getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
    await operator.sees(`${paid.id} is paid until ${until} now`);
    await buyer.sees('we have added 30 days for you');
    const gift = { id: randomUUID(), clientId: paid.id, days: 7, actor: 'test', graceMs: 0, now: Date.now() };
    const ends = [
      await extendSubscription(world.plane.database, gift),
      await extendSubscription(world.plane.database, gift),
    ];
    expect(ends[1]).toEqual(ends[0]);
    const never = { ...gift, clientId: `client_${number}` };
    await expect(extendSubscription(world.plane.database, never)).rejects.toMatchObject({ code: 'subscription_none' });
    await gone(buyer);
  });

  it('sees how backups stand, makes one while its message tells how far it is, and finds it in the list', async () => {
    await operator.say('/backups');
    await operator.sees('No backup yet');
    await operator.press('Back up now');
    await operator.sees('Restored on trial, and every row was there');
    await operator.say(`/client ${number}`);
    await operator.sees(`client_${number}`);
    await operator.press('Back up now');
    await operator.sees(`Backup of client_${number}`);
    await operator.sees('Restored on trial, and every row was there');
    await operator.press('Backups');
    await operator.sees('Backups are well');
    const actor = `telegram:${operator.person.id}`;
    expect(await audited('command.backups.create')).toMatchObject([{ actor }, { actor }]);
    await operator.say('/backup nobody');
    await operator.sees('which client');
    await operator.say(`/backup ${number}`);
    await operator.sees(`Backup of client_${number}`);
    await operator.press('Restore on trial');
    const verified = async () => (await audited('command.backups.verify')).length === 1;
    await until('it is proven once more', verified);
    expect(await audited('command.backups.verify')).toMatchObject([{ actor }]);
  });

  it('hears of the day once, whoever asks for it again', async () => {
    const reports = async () =>
      (await operator.chat.read()).messages.filter(({ text }) => text?.includes('Report of')).length;
    await world.plane.scheduler.run('report', 'test');
    await until('it is told', async () => (await reports()) === 1);
    expect((await operator.chat.read()).messages.at(-1)?.text).toMatch(
      /Active clients: \d+[\s\S]*newest good backup is 0 h/,
    );
    const runs = async () =>
      (await world.plane.scheduler.history({ schedule: 'report', limit: 10 })).map(({ state }) => state);
    await world.plane.scheduler.run('report', 'test');
    await until('it was asked for again', async () => (await runs()).join() === 'succeeded,succeeded');
    expect(await reports()).toBe(1);
  });

  it('hears alerts, or does not', async () => {
    await operator.say('/alerts');
    await operator.sees('You hear');
    await operator.press('Tell me');
    await operator.sees('You hear alerts');
    await operator.press('Mute for 8 hours');
    await operator.sees('Alerts are muted');
  });

  it('writes to all buyers, after having seen the message', async () => {
    const buyer = await world.sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
    const visitor = visitorOf(world.sandbox, 'botpool_sales_bot', buyer);
    await visitor.chat.start();
    await visitor.sees('Hello, Anna');
    const client = await world.newClient({ ownerId: buyer.id, company: 'Hers' });
    await world.activate(client);
    await operator.say('/broadcast We are <closed> on Monday');
    await operator.sees('We are <closed> on Monday');
    await operator.press('Send to all buyers');
    await visitor.sees('We are <closed> on Monday');
    await operator.sees('Done');
    await world.deactivate(client);
  });
});

describe('anybody else', () => {
  it('gets silence, and the audit gets a row', async () => {
    const stranger = await world.sandbox.createPerson({ name: 'Mallory', username: 'mallory_m' });
    const chat = world.sandbox.chat(MASTER, stranger.id);
    await chat.start();
    await chat.say('/clients');
    await until('both are in the audit', async () => (await audited('master_bot.refused')).length === 2);
    expect(await audited('master_bot.refused')).toMatchObject(
      Array(2).fill({ actor: `telegram:${stranger.id}`, after: { username: 'mallory_m' } }),
    );
    expect((await chat.read()).messages.filter(({ from }) => from === 'bot')).toEqual([]);
  });
});
