/** Reminders as customers get them: at their time, once, whatever happens to the visit or to the process. */
import { expect, test } from 'vitest';
import { claimReminder, finish } from '#bot-runtime/kinds/booking/repository/queue.ts';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, createTenantStorage, DAY, HOUR, NOON } from './booking-world.ts';

const TITLE = '🔔 We are expecting you';
const isReminder = ({ text }: { readonly text: string }) => text.startsWith(TITLE);

async function bookNoon(salon: Salon, name = 'Ann'): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

async function reminders({ chat }: Chatter): Promise<string[]> {
  return (await chat.read()).messages.filter(isReminder).map(({ text }) => text);
}

/** Moves the salon's clock and waits until nothing that is due is open. */
async function moveTo(salon: Salon, now: number): Promise<void> {
  salon.clock.now = now;
  await until('all that is due is done', async () => {
    return (
      (await countRows(
        salon.database,
        `reminders WHERE outcome IS NULL AND due_at <= to_timestamp(${now / 1_000})`,
      )) === 0
    );
  });
}

test('a customer is reminded at each time once, says that they will come, and the owner sees it', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon);
  // The visit is in exactly 24 hours: the reminder of a day before is not planned.
  await moveTo(salon, NOON + DAY - 2 * HOUR - 1);
  expect(await reminders(ann)).toEqual([]);
  await moveTo(salon, NOON + DAY - 2 * HOUR);
  const [first = ''] = await reminders(ann);
  expect(line(first)).toBe(`${TITLE} 💼 Консультация, 1 h 🕒 Tue 24 November, 12:00 № 1`);
  expect(labels(await ann.screen())).toEqual(['✅ I will come', '🔁 Move to another time', '❌ Cancel this booking']);
  expect((await ann.press('✅ I will come')).text).toContain('Thank you, we are expecting you.');
  await moveTo(salon, NOON + DAY - HOUR);
  expect(labels(await ann.screen())).toEqual([]);
  await moveTo(salon, NOON + DAY - 1);
  expect(await reminders(ann)).toHaveLength(1);
  await salon.owner.send('/admin');
  expect((await salon.owner.press('📋 Today and tomorrow')).text).toContain('12:00 · Консультация · Ann ✔️');
});

test('nobody is reminded of a visit that is cancelled, and the reminder itself can cancel it', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const [ann, ivan] = [await bookNoon(salon), await salon.customer('Ivan', 'en')];
  await moveTo(salon, NOON + DAY - 2 * HOUR);
  await ann.press('❌ Cancel this booking');
  expect((await ann.press('❌ Yes, cancel it')).text).toContain('Your booking is cancelled');
  await chooseNoon(ivan, { book: '📅 Book a visit' }).catch(() => undefined);
  await moveTo(salon, NOON + DAY - HOUR);
  expect(await countRows(salon.database, `reminders WHERE outcome IS NULL OR kind = '1h'`)).toBe(0);
});

test('after a night without a process the last reminder that is still of use is sent, and no other', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const [ann, eve] = [await bookNoon(salon), await salon.customer('Eve', 'en')];
  await eve.send('/start');
  await first.stop();
  await salon.database.query(
    `INSERT INTO bookings (user_id, service_id, staff_id, during) SELECT id, 1, 1, tstzrange('2026-11-24 09:00+03', '2026-11-24 10:00+03')
     FROM users WHERE name = 'Eve'`,
  );
  await salon.database.query(
    `INSERT INTO reminders (booking_id, kind, due_at) SELECT max(id), '2h', '2026-11-24 07:00+03' FROM bookings`,
  );
  salon.clock.now = NOON + DAY - HOUR / 2;
  await salon.startProcess();
  await moveTo(salon, salon.clock.now);
  expect(await reminders(ann)).toHaveLength(1);
  expect(await reminders(eve)).toEqual([]);
  const { rows } = await salon.database.query('SELECT kind, outcome FROM reminders ORDER BY id');
  expect(rows.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['2h superseded', '1h sent', '2h too_late']);
});

test('a refusal of Telegram’s is waited out, and somebody who blocked the bot is not asked again', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon);
  await salon.sandbox.failNextCalls({ method: 'sendMessage', code: 500, description: 'Internal Server Error' });
  salon.clock.now = NOON + DAY - 2 * HOUR;
  await until('it was tried', async () => (await countRows(salon.database, 'reminders WHERE attempts = 1')) === 1);
  await until(
    'it waits',
    async () =>
      (await countRows(
        salon.database,
        `reminders WHERE claimed_until < to_timestamp(${salon.clock.now / 1_000 + 30})`,
      )) === 1,
  );
  await moveTo(salon, salon.clock.now + 30_000);
  expect(await reminders(ann)).toHaveLength(1);
  await ann.chat.setBlocked(true);
  await moveTo(salon, NOON + DAY - HOUR);
  expect(await countRows(salon.database, `reminders WHERE kind = '1h' AND outcome = 'unwelcome'`)).toBe(1);
});

test('two processes that look at the same time never hold the same reminder; one that died gives its own up', async () => {
  await using storage = await createTenantStorage({ max: 8 });
  const { database } = storage;
  await database.query(`INSERT INTO users (telegram_id, name, locale) VALUES (7, 'Ann', 'en')`);
  await database.query(
    `INSERT INTO bookings (user_id, service_id, staff_id, during) SELECT 1, 1, 1, tstzrange(b, b + interval '1 hour')
     FROM generate_series('2026-11-24 00:00+03'::timestamptz, '2026-11-25 15:00+03', '1 hour') b`,
  );
  await database.query(
    `INSERT INTO reminders (booking_id, kind, due_at) SELECT id, '2h', '2026-11-23 00:00Z' FROM bookings`,
  );
  const claims = await Promise.all(Array.from({ length: 60 }, () => claimReminder(database, NOON)));
  const held = claims.flatMap((claim) => (claim === undefined ? [] : [claim.id]));
  expect(new Set(held).size).toBe(held.length);
  while (held.length < 40) held.push((await claimReminder(database, NOON))?.id ?? 0);
  expect(new Set(held).size).toBe(40);
  expect(await claimReminder(database, NOON)).toBeUndefined();
  const due = Date.parse('2026-11-23T00:00:00Z');
  await Promise.all(held.slice(1).map((id) => finish(database, { id, due }, 'sent', NOON)));
  expect(await claimReminder(database, NOON + 59_999)).toBeUndefined();
  expect(await claimReminder(database, NOON + 60_000)).toMatchObject({ id: held[0], attempts: 2 });
});
