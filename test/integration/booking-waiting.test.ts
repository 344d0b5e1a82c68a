/** The waiting list: a freed time goes to whoever has waited for it longest, for a while, and then to the next. */
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY, HOUR, NOON } from './booking-world.ts';

const OFFER = '🎉 A time has become free for you!';
const MINUTE = 60_000;

/** Tomorrow is open from 12:00 to 13:00 only, and `Ann` has booked it. */
async function fullTomorrow(salon: Salon): Promise<Chatter> {
  await salon.database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '12:00', '13:00')`,
  );
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/book');
  await ann.press(/Консультация/u);
  await ann.press('24');
  await ann.press('12:00');
  await ann.press('Go on without a number');
  await ann.press('✅ Confirm');
  return ann;
}

/** Joins the line for tomorrow. */
async function waitFor(customer: Chatter): Promise<void> {
  await customer.send('/book');
  await customer.press(/Консультация/u);
  expect(labels(await customer.press('🔔 Waiting list'))).toContain('Tue 24 November');
  expect(line((await customer.press('Tue 24 November')).text)).toContain(
    'You are on the waiting list for Tue 24 November. When a time becomes free, we keep it for you for 30 minutes',
  );
}

async function cancelNoon(customer: Chatter): Promise<void> {
  await customer.send('/mybookings');
  await customer.press(/12:00/);
  await customer.press('❌ Cancel this booking');
  await customer.press('❌ Yes, cancel it');
}

const offered = (customer: Chatter) =>
  until('the offer', async () => (await customer.chat.read()).messages.some(({ text }) => text.startsWith(OFFER)));
const offersTo = async (customer: Chatter) =>
  (await customer.chat.read()).messages.filter(({ text }) => text.startsWith(OFFER)).length;
const lineOf = async (salon: Salon) => {
  const { rows } = await salon.database.query('SELECT state FROM waiting_list ORDER BY id');
  return rows.map((row) => row['state']);
};

test('a cancelled time is kept for the first in line, who takes it; nobody else can have it meanwhile', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await fullTomorrow(salon);
  const [ivan, eve] = [await salon.customer('Ivan', 'en'), await salon.customer('Eve', 'en')];
  await waitFor(ivan);
  await waitFor(eve);
  await cancelNoon(ann);
  await offered(ivan);
  const offer = await ivan.screen();
  expect(line(offer.text)).toBe(
    `${OFFER} 💼 Консультация, 1 h 🕒 Tue 24 November, 12:00 We keep it for you until 12:30.`,
  );
  await ann.send('/book');
  const month = await ann.press(/Консультация/u);
  expect(labels(month)).not.toContain('24');
  expect(labels(await ivan.send('/mybookings'))[0]).toBe('Tue 24 November 12:00 · Консультация');
  await ivan.press(/12:00/);
  expect((await ivan.press('✅ I take it')).text).toContain('You are booked!');
  // The button in the offer itself finds the same booking.
  const take = offer.buttons.flat()[0]?.data ?? '';
  await ivan.chat.press({ data: take, messageId: offer.id, waitMs: 10_000 });
  const shown = (await ivan.chat.read()).messages.find(({ id }) => id === offer.id);
  expect(shown?.text).toContain('You are booked!');
  expect(await lineOf(salon)).toEqual(['booked', 'waiting']);
  expect(await countRows(salon.database, `bookings WHERE status = 'confirmed'`)).toBe(1);
  expect(await countRows(salon.database, 'reminders WHERE outcome IS NULL')).toBe(2);
  expect(await offersTo(eve)).toBe(0);
});

test('an offer that nobody answers goes to the next in line, also over a restart, and to nobody twice', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const ann = await fullTomorrow(salon);
  const [ivan, eve] = [await salon.customer('Ivan', 'en'), await salon.customer('Eve', 'en')];
  await waitFor(ivan);
  await waitFor(eve);
  await cancelNoon(ann);
  await offered(ivan);
  const offer = await ivan.screen();
  await first.stop();
  salon.clock.now = NOON + 30 * MINUTE;
  await salon.startProcess();
  await offered(eve);
  await until('Ivan is told', async () => (await ivan.screen()).text.startsWith('The time that we kept'));
  const take = offer.buttons.flat()[0]?.data ?? '';
  await ivan.chat.press({ data: take, messageId: offer.id, waitMs: 10_000 });
  const late = (await ivan.chat.read()).messages.find(({ id }) => id === offer.id);
  expect(late?.text).toBe('Sorry, this time is no longer kept for you.');
  expect((await eve.press('No, thank you')).text).toContain('You are still on the waiting list');
  // Both have had this time: now it is free for everybody.
  await until('it is free', async () => (await countRows(salon.database, `bookings WHERE status = 'pending'`)) === 0);
  await ann.send('/book');
  expect(labels(await ann.press(/Консультация/u))).toContain('24');
  const sent = await salon.sandbox.recordedCalls({ method: 'sendMessage' });
  const offers = sent.filter(({ params }) => String(params['text']).includes('A time has become free'));
  expect(offers.map(({ chatId }) => chatId)).toEqual([ivan.person.id, eve.person.id]);
  expect(await lineOf(salon)).toEqual(['waiting', 'waiting']);
  await ivan.send('/mybookings');
  await ivan.press(/^🔔 Tue 24 November/);
  expect((await ivan.press('Leave the waiting list')).text).toBe('You have left the waiting list.');
  expect(await lineOf(salon)).toEqual(['left', 'waiting']);
});

test('a moved visit frees its old time for those in line, and a lifted block does within a minute', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await fullTomorrow(salon);
  const ivan = await salon.customer('Ivan', 'en');
  await waitFor(ivan);
  await ann.send('/mybookings');
  await ann.press(/12:00/);
  await ann.press('🔁 Move to another time');
  await ann.press('26');
  await ann.press('12:00');
  await ann.press('✅ Confirm');
  await offered(ivan);
  await ivan.press('✅ I take it');
  const eve = await salon.customer('Eve', 'en');
  await salon.database.query(
    `INSERT INTO blocked_slots (during) VALUES (tstzrange('2026-11-25 00:00+03', '2026-11-26 00:00+03'))`,
  );
  await eve.send('/book');
  await eve.press(/Консультация/u);
  await eve.press('🔔 Waiting list');
  await eve.press('Wed 25 November');
  await salon.database.query('DELETE FROM blocked_slots');
  salon.clock.now += MINUTE;
  await offered(eve);
  expect(line((await eve.screen()).text)).toContain('Wed 25 November, 09:00');
});

test('who holds as many bookings as allowed is passed over, and a day that is over ends its line', async () => {
  await using salon = await openSalon({ maxBookingsPerUser: 1 });
  await salon.startProcess();
  const ann = await fullTomorrow(salon);
  const [ivan, eve] = [await salon.customer('Ivan', 'en'), await salon.customer('Eve', 'en')];
  await waitFor(ivan);
  await waitFor(eve);
  await ivan.send('/book');
  await ivan.press(/Консультация/u);
  await ivan.press('26');
  await ivan.press('12:00');
  await ivan.press('Go on without a number');
  await ivan.press('✅ Confirm');
  await cancelNoon(ann);
  await offered(eve);
  expect(await offersTo(ivan)).toBe(0);
  salon.clock.now = NOON + 2 * DAY;
  await until('the lines are over', async () => (await lineOf(salon)).every((state) => state === 'over'));
});

test('after the visit the customer is asked once how it was, and may say it in words', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await fullTomorrow(salon);
  salon.clock.now = NOON + DAY + 2 * HOUR;
  await until('the question', async () => (await ann.screen()).text.includes('how was it?'));
  expect(labels(await ann.screen())).toEqual(['1 ⭐', '2 ⭐', '3 ⭐', '4 ⭐', '5 ⭐']);
  expect((await ann.press('5 ⭐')).text).toContain('write a few words');
  expect((await ann.send('Wonderful <3')).text).toBe('Thank you for your review!');
  const { rows } = await salon.database.query('SELECT stars, words FROM reviews');
  expect(rows).toEqual([{ stars: 5, words: 'Wonderful <3' }]);
  expect((await ann.send('Wonderful again')).text).toContain('I work with buttons.');
});

test('nobody is asked about a visit that was cancelled or missed', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await fullTomorrow(salon);
  await cancelNoon(ann);
  await salon.database.query(
    `INSERT INTO bookings (user_id, service_id, staff_id, during, status) VALUES (1, 1, 1, tstzrange('2026-11-24 12:00+03', '2026-11-24 13:00+03'), 'no_show')`,
  );
  await salon.database.query(
    `INSERT INTO notices (user_id, kind, booking_id, due_at) SELECT 1, 'review', max(id), '2026-11-24 14:00+03' FROM bookings`,
  );
  salon.clock.now = NOON + DAY + 2 * HOUR;
  await until('it was looked at', async () => (await countRows(salon.database, 'notices WHERE outcome IS NULL')) === 0);
  expect(await countRows(salon.database, `notices WHERE outcome = 'superseded'`)).toBe(1);
  expect((await ann.screen()).text).not.toContain('how was it?');
});
