/** The desk books and moves for customers: with Telegram and without, by rules of its own, with a word to whom it concerns. */
import { expect, test } from 'vitest';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY, HOUR } from './booking-world.ts';

const THE_DAY = 'Tue 24 November';

async function bookNoon(salon: Salon, name: string): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

async function agenda(owner: Chatter): Promise<void> {
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
}

async function heard(who: Chatter, since: number): Promise<string> {
  return line((await who.chat.waitFor({ since }))?.text ?? '');
}

test('somebody who called is written down with their number and booked at once, also beyond the rules for customers', async () => {
  await using salon = await openSalon({ maxBookingsPerUser: 1 });
  await salon.startProcess();
  const { owner, database } = salon;
  await agenda(owner);
  await owner.press('➕ New visit');
  await owner.press('✍️ Somebody new');
  expect((await owner.send('+79161234567')).text).toContain('at least a name');
  expect((await owner.send('Vera +7 916 123-45-67')).text).toContain('What would you like to book?');
  await owner.press(/Консультация/u);
  // Today at once: customers have to book an hour ahead.
  await owner.press('23');
  expect(labels(await owner.screen())[0]).toBe('12:00');
  expect(line((await owner.press('12:00')).text)).toContain('Is everything right?');
  const done = await owner.press('✅ Confirm');
  expect(line(done.text)).toContain(
    'Booked. Vera has no Telegram here: please tell them yourself. 👤 Vera, +79161234567',
  );
  expect(await countRows(database, 'reminders')).toBe(0);
  expect(await countRows(database, "notices WHERE kind <> 'digest'")).toBe(0);
  expect(await countRows(database, `admin_actions WHERE action IN ('booking.add', 'customer.add')`)).toBe(2);
  // A second visit is one more than a customer may book, and the same number is the same customer.
  await owner.press('👤 Vera');
  expect(labels(await owner.screen())).not.toContain('⛔️ Block');
  await owner.press('➕ Book for them');
  await owner.press(/Консультация/u);
  await owner.press('24');
  await owner.press('14:00');
  await owner.press('✅ Confirm');
  await agenda(owner);
  await owner.press('➕ New visit');
  await owner.press('✍️ Somebody new');
  await owner.send('Vera +79161234567');
  expect(await countRows(database, 'users WHERE telegram_id IS NULL')).toBe(1);
  expect(await countRows(database, 'bookings')).toBe(2);
});

test('a customer with Telegram hears of a visit that was booked for them, can cancel it, and is reminded', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/start');
  const { owner, clock } = salon;
  await agenda(owner);
  await owner.press('➕ New visit');
  await owner.press('Ann');
  await owner.press(/Консультация/u);
  await owner.press('24');
  await owner.press('12:00');
  const { revision } = await ann.chat.read();
  expect(line((await owner.press('✅ Confirm')).text)).toContain('Booked. Ann gets a message now.');
  expect(await heard(ann, revision)).toContain('has booked a visit for you');
  expect(labels(await ann.screen())).toEqual([
    '🔁 Move to another time',
    '❌ Cancel this booking',
    '‹ To the beginning',
  ]);
  const later = (await ann.chat.read()).revision;
  clock.now += DAY - 2 * HOUR;
  expect(await heard(ann, later)).toContain('We are expecting you');
});

test('a visit is moved by the desk: the customer hears from when to when, old reminders go, and the time they had is free', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon, 'Ann');
  const { owner, database } = salon;
  await agenda(owner);
  await owner.press(/^12:00 · Ann/);
  await owner.press('🔁 Move to another time');
  await owner.press('25');
  await owner.press('15:00');
  const { revision } = await ann.chat.read();
  expect(line((await owner.press('✅ Confirm')).text)).toContain('Moved. Ann gets a message now. 👤 Ann 💼');
  expect(await heard(ann, revision)).toMatch(
    /has moved your visit from Tue 24 November, 12:00.*Wed 25 November, 15:00/,
  );
  const { rows } = await database.query<{ due: Date }>(
    'SELECT max(due_at) AS due FROM reminders WHERE outcome IS NULL',
  );
  expect(rows[0]?.due.toISOString()).toBe('2026-11-25T11:00:00.000Z');
  const boris = await salon.customer('Boris', 'en');
  await chooseNoon(boris, { book: '📅 Book a visit' });
  expect((await boris.press('✅ Confirm')).text).toContain('You are booked!');
});

test('a member is away: the time cannot be booked, and whoever had booked it is asked for another time and may move at once', async () => {
  await using salon = await openSalon({ cancellationHours: 48 });
  await salon.startProcess();
  const ann = await bookNoon(salon, 'Ann');
  const { owner, database } = salon;
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press(`${THE_DAY} ›`.replace('Tue 24', 'Wed 25'));
  await owner.press(`‹ ${THE_DAY}`);
  await owner.press('🚫 Away');
  await owner.press('🚫 Note an absence');
  expect((await owner.send('tomorrow')).text).toContain('I could not read that');
  const noted = await owner.send('11-14 dentist');
  expect(line(noted.text)).toContain(
    '1 visit stands in it. What shall become of it? • Tue 24 November 12:00 · Ann · Консультация',
  );
  const { revision } = await ann.chat.read();
  expect(line((await owner.press('💬 Ask for another time')).text)).toContain('asked for another time: 1');
  expect(await heard(ann, revision)).toContain('cannot keep this time');
  // The rule of 48 hours does not bind whom the business has asked.
  await ann.press('🔁 Move to another time');
  await ann.press('24');
  expect(labels(await ann.screen())).not.toContain('12:00');
  await ann.press('14:00');
  expect((await ann.press('✅ Confirm')).text).toContain('Your booking is moved');
  expect(await countRows(database, 'bookings WHERE asked_to_move_at IS NOT NULL')).toBe(0);
  // Lifted, the time can be booked again.
  await owner.press(/^✅ Lift: everybody, 11:00 – 14:00/);
  const boris = await salon.customer('Boris', 'en');
  await chooseNoon(boris, { book: '📅 Book a visit' });
  expect((await boris.press('✅ Confirm')).text).toContain('You are booked!');
});

test('on a day off visits go to whoever is free then, the rest are asked; cancelling all of them is asked for twice', async () => {
  await using salon = await openSalon();
  const { owner, database } = salon;
  await database.query(`INSERT INTO staff (name, position) VALUES ('Boris', 1)`);
  await database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT 2, weekday, opens_at, closes_at
     FROM working_hours WHERE staff_id = 1 AND weekday IS NOT NULL`,
  );
  await salon.startProcess();
  const people: Chatter[] = [];
  for (const name of ['Ann', 'Bea', 'Cleo']) {
    const customer = await salon.customer(name, 'en');
    people.push(customer);
    await customer.send('/start');
    await customer.press('📅 Book a visit');
    await customer.press(/Консультация/u);
    await customer.press('Anyone');
    await customer.press('24');
    // Ann and Bea at the same time with both members, Cleo later with the first of them.
    await customer.press(name === 'Cleo' ? '15:00' : '12:00');
    if (labels(await customer.screen()).includes('Go on without a number'))
      await customer.press('Go on without a number');
    await customer.press('✅ Confirm');
  }
  const { rows } = await database.query<{ id: string; name: string }>(
    `SELECT m.id, m.name FROM bookings b JOIN staff m ON m.id = b.staff_id ORDER BY b.id DESC LIMIT 1`,
  );
  const away = rows[0]?.name ?? '';
  await agenda(owner);
  await owner.press('Wed 25 November ›');
  await owner.press(`‹ ${THE_DAY}`);
  await owner.press('🚫 Away');
  await owner.press(away);
  expect(line((await owner.press('🚫 The whole day')).text)).toContain('2 visits stand in it.');
  await owner.press('❌ Cancel, with a message');
  expect(line((await owner.screen()).text)).toContain('Cancel 2 visits?');
  await owner.press('‹ Back');
  expect(line((await owner.press('🔁 Give to others, ask the rest')).text)).toContain(
    'Given to others: 1 · asked for another time: 1 · cancelled: 0',
  );
  expect(await countRows(database, `bookings WHERE status = 'confirmed' AND staff_id <> ${rows[0]?.id}`)).toBe(2);
  expect(await countRows(database, `notices WHERE kind = 'desk_moved'`)).toBe(1);
  expect(await countRows(database, `notices WHERE kind = 'desk_ask_move'`)).toBe(1);
});

test('a customer is found by a part of the number, and what colleagues should know stands on their card', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database } = salon;
  await database.query(
    `INSERT INTO users (name, phone, locale) SELECT 'Guest ' || n, '+7916000' || lpad(n::text, 4, '0'), 'en' FROM generate_series(1, 30) n`,
  );
  await owner.send('/admin');
  await owner.press('👥 Customers');
  await owner.press('🔎 Find');
  expect((await owner.send('zebra')).text).toContain('Nobody fits');
  expect(labels(await owner.send('000 00-17'))).toEqual(['Guest 17 · +79160000017', '👥 Customers']);
  await owner.press(/^Guest 17/);
  await owner.press('📝 Note');
  expect(line((await owner.send('Allergic to <lavender>')).text)).toContain('📝 Allergic to <lavender>');
  await owner.press('📝 Note');
  expect(line((await owner.send('-')).text)).not.toContain('📝');
});
