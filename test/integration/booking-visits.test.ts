/** What customers do with their visits: several services at once, another time, once more, a file for the calendar. */
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY, HOUR, NOON } from './booking-world.ts';

const BOOK = '📅 Book a visit';

/** Anna does everything, Boris everything but colour. */
async function staffed(salon: Salon): Promise<void> {
  await salon.database.query(`UPDATE staff SET name = 'Anna'`);
  await salon.database.query(
    `INSERT INTO services (name, duration_minutes, price_kopecks, position, capacity)
     VALUES ('Cut', 45, 100000, 1, 1), ('Colour', 90, 250000, 2, 1), ('Yoga', 60, 50000, 3, 8)`,
  );
  await salon.database.query(`INSERT INTO staff (name, service_ids) VALUES ('Boris', '{1,2,4}')`);
  await salon.database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT 2, d, '9:00', '18:00' FROM generate_series(1, 7) d`,
  );
}

async function bookNoon(customer: Chatter, service?: RegExp): Promise<void> {
  await chooseNoon(customer, service === undefined ? { book: BOOK } : { book: BOOK, service });
  await customer.press('✅ Confirm');
}

test('several services in one visit are done by one member who does them all, and take their time together', async () => {
  await using salon = await openSalon();
  await staffed(salon);
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/book');
  const staff = await ann.press(/^Cut/);
  expect(labels(staff)).toEqual(['Anyone', 'Anna', 'Boris', '➕ Add a service', '‹ Back']);
  const more = await ann.press('➕ Add a service');
  expect(more.text).toBe('Cut\nWhat else would you like in the same visit?');
  expect(labels(more)).toEqual(['Консультация · 1 h', 'Colour · 1 h 30 min · ₽2,500', '‹ Back']);
  // Only Anna does both: there is nobody to choose.
  const month = await ann.press(/^Colour/);
  expect(month.text).toContain('Cut + Colour');
  await ann.press('24');
  expect(labels(await ann.screen()).at(-2)).toBe('15:30');
  await ann.press('15:30');
  await ann.press('Go on without a number');
  const booked = await ann.press('✅ Confirm');
  expect(line(booked.text)).toContain('💼 Cut + Colour, 2 h 15 min 👤 Anna 🕒 Tue 24 November, 15:30 💳 ₽3,500 № 1');
  const { rows } = await salon.database.query('SELECT service_id, more_service_ids, staff_id FROM bookings');
  expect(rows).toEqual([{ service_id: '2', more_service_ids: ['3'], staff_id: '1' }]);
});

test('a service for groups is not combined, and a combination that nobody does any more is refused kindly', async () => {
  await using salon = await openSalon();
  await staffed(salon);
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/book');
  expect(labels(await ann.press(/^Yoga/))).not.toContain('➕ Add a service');
  await ann.send('/book');
  await ann.press(/^Cut/);
  await ann.press('➕ Add a service');
  await salon.database.query(`UPDATE staff SET service_ids = '{1,2,4}'`);
  expect((await ann.press(/^Colour/)).text).toBe('This service cannot be booked any more. Please choose another one.');
});

test('a customer moves a booking to another day, and its reminders move along', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await bookNoon(ann);
  await ann.press('🗓 My bookings');
  expect(line((await ann.press(/12:00/)).text)).toContain('You can move or cancel it until Tue 24 November, 10:00.');
  expect((await ann.press('🔁 Move to another time')).text).toContain('Консультация');
  const times = await ann.press('24');
  // Its own time counts as free.
  expect(labels(times)).toContain('12:30');
  await ann.press('‹ Another day');
  await ann.press('26');
  expect((await ann.press('15:00')).text).toContain('Move your booking to this time?');
  const moved = await ann.press('✅ Confirm');
  expect(line(moved.text)).toContain('✅ Your booking is moved. 💼 Консультация, 1 h 🕒 Thu 26 November, 15:00 № 1');
  expect(labels(await ann.send('/mybookings'))[0]).toBe('Thu 26 November 15:00 · Консультация');
  const { rows } = await salon.database.query('SELECT kind, due_at FROM reminders ORDER BY due_at');
  const visit = NOON + 3 * DAY + 3 * HOUR;
  expect(rows.map((row) => [row['kind'], (row['due_at'] as Date).getTime()])).toEqual([
    ['24h', visit - DAY],
    ['2h', visit - 2 * HOUR],
    ['1h', visit - HOUR],
  ]);
  const history = await salon.database.query('SELECT details FROM booking_history ORDER BY id');
  expect(history.rows.at(-1)).toEqual({
    details: { moved: { from: '2026-11-24T09:00:00.000Z', to: '2026-11-26T12:00:00.000Z' } },
  });
});

test('a booking is moved by the rule only, never onto another one, and an old button finds it where it is', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const [ann, eve] = [await salon.customer('Ann', 'en'), await salon.customer('Eve', 'en')];
  await bookNoon(ann);
  await ann.press('🗓 My bookings');
  await ann.press(/12:00/);
  await ann.press('🔁 Move to another time');
  await ann.press('26');
  const question = await ann.press('12:00');
  await eve.send('/book');
  await eve.press(/Консультация/u);
  await eve.press('26');
  await eve.press('12:00');
  await eve.press('Go on without a number');
  await eve.press('✅ Confirm');
  const taken = await ann.press('✅ Confirm');
  expect(taken.text).toContain('Somebody was faster');
  expect(labels(taken)).toContain('Thu 26 November 13:00');
  await ann.press('Thu 26 November 13:00');
  expect((await ann.press('✅ Confirm')).text).toContain('Your booking is moved.');
  const data = question.buttons.flat()[0]?.data ?? '';
  expect(data.startsWith('b1.rc.')).toBe(true);
  salon.clock.now = NOON + 3 * DAY;
  await ann.send('/mybookings');
  expect(labels(await ann.press(/13:00/))).not.toContain('🔁 Move to another time');
  expect(await countRows(salon.database, 'booking_history')).toBe(3);
});

test('a visit that is over can be booked once more with two presses', async () => {
  await using salon = await openSalon();
  await staffed(salon);
  await salon.database.query(`INSERT INTO settings (key, value) VALUES ('review_after_minutes', '0')`);
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/book');
  await ann.press(/^Cut/);
  await ann.press('Boris');
  await ann.press('24');
  await ann.press('12:00');
  await ann.press('Go on without a number');
  await ann.press('✅ Confirm');
  salon.clock.now = NOON + 3 * DAY;
  const services = await ann.send('/book');
  expect(labels(services)[0]).toBe('🔂 Once more: Cut · Boris');
  expect((await ann.press('🔂 Once more: Cut · Boris')).text).toBe('Cut\nChoose a day:');
  await ann.press('27');
  await ann.press('12:00');
  // Nobody is asked for a number twice.
  expect(line((await ann.press('✅ Confirm')).text)).toContain('👤 Boris 🕒 Fri 27 November, 12:00');
  const mine = await ann.send('/mybookings');
  expect(labels(mine)).toEqual([
    'Fri 27 November 12:00 · Cut',
    '🔂 Once more: Cut · Boris',
    '📜 Past visits',
    '‹ To the beginning',
  ]);
  expect(labels(await ann.press('📜 Past visits'))).toEqual(['Tue 24 November 12:00 · Cut', '‹ Back']);
  await salon.database.query(`UPDATE staff SET active = false WHERE name = 'Boris'`);
  await ann.send('/book');
  // Boris has left: whoever is there does it.
  expect((await ann.press(/Once more/)).text).toContain('Cut');
});

test('a customer shares their number once, by the button below or by hand, and only their own', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const [ann, eve] = [await salon.customer('Ann', 'en'), await salon.customer('Ева', 'ru')];
  const toContact = async (who: Chatter, share: string) => {
    await who.send('/book');
    await who.press(/Консультация/u);
    await who.press('24');
    await who.press(/^1[24]:00$/);
    const before = (await who.chat.read()).messages.length;
    await who.press(share);
    await until('asked', async () => (await who.chat.read()).messages.length > before);
  };
  await toContact(ann, '📱 Share my number');
  expect((await ann.send('my number?')).text).toContain('This does not look like a phone number.');
  await ann.chat.pressReplyButton('📱 Send my number');
  await until('the last question', async () => (await ann.screen()).text.startsWith('Is everything right?'));
  expect((await ann.press('✅ Confirm')).text).toContain('You are booked!');
  await toContact(eve, '📱 Поделиться номером');
  await eve.chat.say('+7 (916) 123-45-67');
  await until('the last question', async () => (await eve.screen()).text.startsWith('Всё верно?'));
  const { rows } = await salon.database.query('SELECT name, phone FROM users ORDER BY id');
  expect(rows).toEqual([
    { name: 'Ann', phone: ann.person.phone },
    { name: 'Ева', phone: '+79161234567' },
  ]);
});

test('a visit goes into the customer’s calendar as a file, and the salon onto their map', async () => {
  await using salon = await openSalon();
  await salon.database.query(
    `INSERT INTO settings (key, value) VALUES ('address', '"Main street 1 <b>"'), ('place', '{"latitude": 55.75, "longitude": 37.61}')`,
  );
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await bookNoon(ann);
  await ann.press('🗓 To my calendar');
  await until('the file', async () => (await ann.chat.read()).messages.some(({ raw }) => 'document' in raw));
  const [sent] = await salon.sandbox.recordedCalls({ method: 'sendDocument' });
  expect(sent?.code).toBe(200);
  const file = (await ann.chat.read()).messages.find(({ raw }) => 'document' in raw);
  expect(file?.raw['document']).toMatchObject({ file_name: 'visit.ics' });
  await ann.send('/mybookings');
  await ann.press(/12:00/);
  await ann.press('📍 How to find us');
  await until('the address', async () => (await ann.screen()).text === '📍 Main street 1 <b>');
  expect((await ann.chat.read()).messages.some(({ raw }) => 'location' in raw)).toBe(true);
});
