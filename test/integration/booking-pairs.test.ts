/** Where two features meet: each promise of one holds while the other is at work. The table stands in docs/booking-bot.md. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { addBlock, cancelVisitsIn, liftBlock, visitsIn } from '#bot-runtime/kinds/booking/repository/blocks.ts';
import { book } from '#bot-runtime/kinds/booking/repository/book.ts';
import { cancelOwnBooking } from '#bot-runtime/kinds/booking/repository/bookings.ts';
import { moveVisit } from '#bot-runtime/kinds/booking/repository/move.ts';
import { lapseOffers, offerFreed } from '#bot-runtime/kinds/booking/repository/offering.ts';
import { joinLine, takeOffer } from '#bot-runtime/kinds/booking/repository/waiting.ts';
import type { Database } from '#core/postgres/database.ts';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { addCustomers, countRows, createTenantStorage, DAY, HOUR, LIMITS, NOON, TENANT } from './booking-world.ts';

const DEFAULTS = { tenant: TENANT, limits: LIMITS };
const START = NOON + DAY;
const OWNER = { telegramId: TENANT.ownerId, updateId: 1 };

async function bookNoon(salon: Salon, name: string): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

async function forged(salon: Salon, who: Chatter, data: string): Promise<string | undefined> {
  const bot = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  await bot.api.sendMessage(who.person.id, 'forged', { reply_markup: new InlineKeyboard().text('forged', data) });
  return await who.popup('forged');
}

const request = (userId: number, serviceIds: readonly number[] = [1], start = START) => ({
  ...{ userId, serviceIds, start, staffId: undefined, updateId: 9_000 + userId },
  by: { kind: 'customer', telegramId: 1_000 + userId } as const,
});

test('block × group service: everyone of the group moves to the same visit of another member', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`INSERT INTO services (name, duration_minutes, capacity) VALUES ('Yoga', 60, 3)`);
  const people = await addCustomers(database, 3);
  for (const userId of people) expect((await book(database, DEFAULTS, request(userId, [2]), NOON)).kind).toBe('booked');
  await addBoris(database);
  const block = { staffId: 1, from: START - HOUR, to: START + HOUR, reason: undefined };
  const visits = await visitsIn(database, await addBlock(database, OWNER, block, NOON), NOON);
  expect(visits).toHaveLength(3);
  for (const { id, customerId } of visits) {
    const wish = { bookingId: id, userId: customerId, start: START, staffId: undefined, elsewhere: true };
    const actor = { kind: 'admin', telegramId: OWNER.telegramId } as const;
    expect((await moveVisit(database, DEFAULTS, { ...wish, actor }, NOON)).kind).toBe('moved');
  }
  expect(await countRows(database, 'bookings WHERE staff_id = 2')).toBe(3);
});

test('buffer × exception: on a day of two hours a visit with its buffers fits once, and the next one keeps its distance', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`UPDATE services SET buffer_before_minutes = 15, buffer_after_minutes = 30 WHERE id = 1`);
  await database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '12:00', '15:00')`,
  );
  const [ann = 0, boris = 0] = await addCustomers(database, 2);
  expect((await book(database, DEFAULTS, request(ann), NOON)).kind).toBe('booked');
  const taken = await book(database, DEFAULTS, request(boris, [1], START + HOUR), NOON);
  expect(taken.kind).toBe('taken');
  const near =
    'nearest' in taken ? taken.nearest.filter(({ start }) => start < START + DAY / 2 && start > NOON + DAY / 2) : [];
  // 13:00 and its half hour after, then a quarter before the next: the first half hour that fits is 14:00.
  expect(near.map(({ start }) => (start - START) / HOUR)).toEqual([2]);
});

test('block × offer: a time that was kept for somebody in line is taken back when the member is away, and they wait on', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, owner } = salon;
  const ann = await bookNoon(salon, 'Ann');
  const ivan = await salon.customer('Ivan', 'en');
  await ivan.send('/start');
  await database.query(
    `INSERT INTO waiting_list (user_id, service_ids, on_date, created_at)
     SELECT id, '{1}', '2026-11-24', now() FROM users WHERE telegram_id = $1`,
    [ivan.person.id],
  );
  await ann.send('/mybookings');
  await ann.press(/12:00/);
  await ann.press('❌ Cancel this booking');
  const { revision } = await ivan.chat.read();
  await ann.press('❌ Yes, cancel it');
  expect((await ivan.chat.waitFor({ since: revision }))?.text).toContain('A time has become free');
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press('Wed 25 November ›');
  await owner.press('‹ Tue 24 November');
  await owner.press('🚫 Away');
  await owner.press('🚫 Note an absence');
  expect((await owner.press('🚫 The whole day')).text).toContain('cannot be booked any more');
  await until('they wait on', async () => (await countRows(database, `waiting_list WHERE state = 'waiting'`)) === 1);
  await ivan.press('✅ I take it');
  expect((await ivan.screen()).text).toContain('no longer kept for you');
  expect(await countRows(database, `bookings WHERE status IN ('pending', 'confirmed')`)).toBe(0);
});

test('desk move × offer: what is only offered is no visit yet, and cannot be moved or cancelled by the desk', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [ann = 0] = await addCustomers(database, 1);
  await database.query(
    `WITH kept AS (
       INSERT INTO bookings (user_id, service_id, staff_id, during, status)
       VALUES ($1, 1, 1, tstzrange($2, $3), 'pending') RETURNING id
     )
     INSERT INTO waiting_list (user_id, service_ids, on_date, state, booking_id, offered_until, created_at)
     SELECT $1, '{1}', '2026-11-24', 'offered', id, $3, now() FROM kept`,
    [ann, new Date(START), new Date(START + HOUR)],
  );
  const wish = { bookingId: 1, userId: ann, start: START + 2 * HOUR, staffId: undefined };
  const actor = { kind: 'admin', telegramId: OWNER.telegramId } as const;
  expect((await moveVisit(database, DEFAULTS, { ...wish, actor, updateId: 5 }, NOON)).kind).toBe('over');
  expect(await countRows(database, `admin_actions`)).toBe(0);
});

test('desk move × waiting list: the time that the desk has freed is offered to whoever waits for it', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, owner } = salon;
  await bookNoon(salon, 'Ann');
  const ivan = await salon.customer('Ivan', 'en');
  await ivan.send('/start');
  // The rest of the day is full.
  await database.query(
    `INSERT INTO blocked_slots (staff_id, during) VALUES (1, tstzrange('2026-11-24 00:00+03', '2026-11-24 12:00+03')),
       (1, tstzrange('2026-11-24 13:00+03', '2026-11-25 00:00+03'))`,
  );
  await database.query(
    `INSERT INTO waiting_list (user_id, service_ids, on_date, created_at)
     SELECT id, '{1}', '2026-11-24', now() FROM users WHERE telegram_id = $1`,
    [ivan.person.id],
  );
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press(/^12:00 · Ann/);
  await owner.press('🔁 Move to another time');
  await owner.press('25');
  await owner.press('12:00');
  const { revision } = await ivan.chat.read();
  await owner.press('✅ Confirm');
  expect(line((await ivan.chat.waitFor({ since: revision }))?.text ?? '')).toContain('Tue 24 November, 12:00');
});

test('reminder × asked to move: the reminder lets them move and cancel although the rule is past', async () => {
  await using salon = await openSalon({ cancellationHours: 48 });
  await salon.startProcess();
  const { database, clock } = salon;
  const ann = await bookNoon(salon, 'Ann');
  await database.query('UPDATE bookings SET asked_to_move_at = now()');
  const { revision } = await ann.chat.read();
  clock.now += DAY - 2 * HOUR;
  await ann.chat.waitFor({ since: revision });
  expect(labels(await ann.screen())).toEqual(['✅ I will come', '🔁 Move to another time', '❌ Cancel this booking']);
});

test('reminder × desk cancel × reason: the customer reads why, and no reminder comes after it', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, owner, clock } = salon;
  const ann = await bookNoon(salon, 'Ann');
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press(/^12:00 · Ann/);
  await owner.press('❌ Cancel this booking');
  const { revision } = await ann.chat.read();
  expect((await owner.send('The water is off <b>')).text).toContain('The visit is cancelled.');
  expect(line((await ann.chat.waitFor({ since: revision }))?.text ?? '')).toContain('Reason: The water is off <b> 💼');
  const after = (await ann.chat.read()).messages.length;
  clock.now += DAY;
  await until('time has passed', async () => (await countRows(database, 'reminders')) === 0);
  expect((await ann.chat.read()).messages).toHaveLength(after);
});

test('role × broadcast: who has lost the right on the way to the button sends nothing', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database } = salon;
  const boris = await salon.customer('Boris', 'en');
  await boris.send('/start');
  await database.query(`INSERT INTO admins (telegram_id, role, rights) VALUES ($1, 'staff', '{broadcast}')`, [
    boris.person.id,
  ]);
  await database.query('UPDATE users SET consent_at = now()');
  await boris.send('/admin');
  await boris.press('📣 Write to customers');
  await boris.press('✍️ Write a message');
  await boris.send('News');
  await until('the preview is complete', async () => (await boris.screen()).text.includes('customer gets'));
  await database.query(`UPDATE admins SET rights = '{}' WHERE role = 'staff'`);
  expect(await boris.popup(/^📣 Send/)).toContain('not yours to do');
  expect(await countRows(database, `notices WHERE kind = 'broadcast'`)).toBe(0);
  // Nor does an answer to a question that was open before.
  await database.query(`UPDATE admins SET rights = '{broadcast}' WHERE role = 'staff'`);
  await boris.send('/admin');
  await boris.press('📣 Write to customers');
  await boris.press('✍️ Write a message');
  await database.query(`UPDATE admins SET rights = '{}' WHERE role = 'staff'`);
  expect((await boris.send('News')).text).toContain('not yours to do');
});

test('blocked customer × reminder × broadcast × line: what they booked stays and is reminded of, nothing else comes', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, clock, owner } = salon;
  const ann = await bookNoon(salon, 'Ann');
  await ann.press('🔔 Tell me about news');
  await database.query(
    `INSERT INTO waiting_list (user_id, service_ids, on_date, created_at) SELECT id, '{1}', '2026-11-24', now() FROM users WHERE telegram_id = $1`,
    [ann.person.id],
  );
  await database.query('UPDATE users SET blocked = true WHERE telegram_id = $1', [ann.person.id]);
  await owner.send('/admin');
  expect(line((await owner.press('📣 Write to customers')).text)).toContain('Nobody has agreed');
  const { revision } = await ann.chat.read();
  clock.now += DAY - 2 * HOUR;
  expect((await ann.chat.waitFor({ since: revision }))?.text).toContain('We are expecting you');
  expect(await countRows(database, `waiting_list WHERE state = 'waiting'`)).toBe(1);
});

test('hidden member × move, hidden service × repeat: a visit can be moved to others, and what is hidden is not repeated', async () => {
  await using salon = await openSalon();
  const { database } = salon;
  await addBoris(database);
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/start');
  await ann.press('📅 Book a visit');
  await ann.press(/Консультация/u);
  await ann.press('Boris');
  await ann.press('24');
  await ann.press('12:00');
  await ann.press('Go on without a number');
  await ann.press('✅ Confirm');
  await database.query('UPDATE staff SET active = false WHERE id = 2');
  await ann.send('/mybookings');
  await ann.press(/12:00/);
  await ann.press('🔁 Move to another time');
  await ann.press('25');
  await ann.press('12:00');
  expect((await ann.press('✅ Confirm')).text).toContain('Your booking is moved');
  expect(await countRows(database, 'bookings WHERE staff_id = 1')).toBe(1);
  salon.clock.now += 3 * DAY;
  await database.query('UPDATE services SET active = false WHERE id = 1');
  await ann.send('/book');
  expect(labels(await ann.screen()).some((label) => label.startsWith('🔂'))).toBe(false);
});

test('by hand × contact: whoever proves the number has the visits that were booked for it; a number that is only written proves nothing', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, owner, clock } = salon;
  const [vera, thief] = [await salon.customer('Vera', 'en'), await salon.customer('Thief', 'en')];
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press('➕ New visit');
  await owner.press('✍️ Somebody new');
  await owner.send(`Vera ${vera.person.phone}`);
  await owner.press(/Консультация/u);
  await owner.press('24');
  await owner.press('12:00');
  await owner.press('✅ Confirm');
  const toContact = async (who: Chatter): Promise<void> => {
    await who.send('/book');
    await who.press(/Консультация/u);
    await who.press('25');
    await who.press('12:00');
    const before = (await who.chat.read()).messages.length;
    await who.press('📱 Share my number');
    await until('asked', async () => (await who.chat.read()).messages.length > before);
  };
  await toContact(thief);
  await thief.chat.say(vera.person.phone);
  await until('the last question', async () => (await thief.screen()).text.startsWith('Is everything right?'));
  expect((await thief.send('/mybookings')).text).toContain('You have no bookings yet');
  await toContact(vera);
  await vera.chat.pressReplyButton('📱 Send my number');
  await until('the last question', async () => (await vera.screen()).text.startsWith('Is everything right?'));
  await vera.send('/mybookings');
  expect(labels(await vera.screen())[0]).toContain('Tue 24 November 12:00');
  expect(await countRows(database, 'users WHERE telegram_id IS NULL')).toBe(0);
  const { revision } = await vera.chat.read();
  clock.now += DAY - 2 * HOUR;
  expect((await vera.chat.waitFor({ since: revision }))?.text).toContain('We are expecting you');
});

test('several services × what a member does: only whoever does all of them is asked', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`INSERT INTO services (name, duration_minutes) VALUES ('Colour', 60)`);
  await database.query(`UPDATE staff SET service_ids = '{1}' WHERE id = 1`);
  await database.query(`INSERT INTO staff (name, service_ids) VALUES ('Boris', '{1,2}')`);
  await database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT 2, weekday, opens_at, closes_at
     FROM working_hours WHERE staff_id = 1`,
  );
  const [ann = 0, bea = 0] = await addCustomers(database, 2);
  expect(await book(database, DEFAULTS, request(ann, [1, 2]), NOON)).toMatchObject({
    kind: 'booked',
    booking: { staffId: 2 },
  });
  expect((await book(database, DEFAULTS, request(bea, [2, 1]), NOON)).kind).toBe('taken');
});

test('day off × the day on which clocks go back: all 25 hours are blocked', async () => {
  await using salon = await openSalon();
  const { database, owner, clock } = salon;
  await database.query(`UPDATE settings SET value = '"Europe/Berlin"' WHERE key = 'time_zone'`);
  clock.now = Date.parse('2026-10-24T09:00:00Z');
  await salon.startProcess();
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press(/26 October ›/);
  await owner.press(/^‹ Sun 25/);
  await owner.press('🚫 Away');
  await owner.press('🚫 Note an absence');
  await owner.press('🚫 The whole day');
  const { rows } = await database.query<{ hours: number }>(
    'SELECT extract(epoch FROM upper(during) - lower(during))::integer / 3600 AS hours FROM blocked_slots',
  );
  expect(rows).toEqual([{ hours: 25 }]);
  expect(await forged(salon, owner, 'b1.pol.1')).toBeUndefined();
  expect(await countRows(database, 'blocked_slots')).toBe(0);
});

/** A second member who works when the first one does. */
async function addBoris(database: Database): Promise<void> {
  await database.query(`INSERT INTO staff (name, position) VALUES ('Boris', 1)`);
  await database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT 2, weekday, opens_at, closes_at
     FROM working_hours WHERE staff_id = 1`,
  );
}

const kindOf = async (database: Database, wish: Parameters<typeof book>[2]): Promise<string> =>
  (await book(database, DEFAULTS, wish, NOON)).kind;

test('buffer × group: a seat of the same visit is free within the buffers, any other time within them is not', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(
    `INSERT INTO services (name, duration_minutes, capacity, buffer_before_minutes, buffer_after_minutes)
     VALUES ('Yoga', 60, 2, 30, 30)`,
  );
  const [ann = 0, bea = 0, cleo = 0, dora = 0] = await addCustomers(database, 4);
  expect(await kindOf(database, request(ann, [2]))).toBe('booked');
  expect(await kindOf(database, request(bea, [2]))).toBe('booked');
  expect(await kindOf(database, request(cleo, [2]))).toBe('taken');
  expect(await kindOf(database, request(cleo, [1], START + HOUR))).toBe('taken');
  expect(await kindOf(database, request(cleo, [1], START + 1.5 * HOUR))).toBe('booked');
  expect(await kindOf(database, request(dora, [2], START + HOUR))).toBe('taken');
});

test('group × cancel × waiting list × reminder: everyone is reminded, and a seat that is given up goes to whoever waits', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`INSERT INTO services (name, duration_minutes, capacity) VALUES ('Yoga', 60, 2)`);
  await database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '12:00', '13:00')`,
  );
  const [ann = 0, bea = 0, cleo = 0] = await addCustomers(database, 3);
  await book(database, DEFAULTS, request(ann, [2]), NOON);
  await book(database, DEFAULTS, request(bea, [2]), NOON);
  expect(await countRows(database, 'reminders')).toBe(4);
  const entry = { userId: cleo, serviceIds: [2], staffId: undefined, date: '2026-11-24' };
  await joinLine(database, entry, NOON);
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(0);
  await cancelOwnBooking(database, DEFAULTS, { userId: ann, telegramId: 1, bookingId: 1 }, NOON);
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(1);
  expect(await countRows(database, `bookings WHERE status = 'pending' AND user_id = ${cleo}`)).toBe(1);
  expect(await countRows(database, 'reminders')).toBe(2);
});

test('several services × absence × waiting list × reminder: the visit is one, and is offered where all of it fits', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`INSERT INTO services (name, duration_minutes) VALUES ('Colour', 60)`);
  await database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '12:00', '14:00')`,
  );
  const [ann = 0, bea = 0] = await addCustomers(database, 2);
  expect(await kindOf(database, request(ann, [1, 2]))).toBe('booked');
  // An absence during the second service alone concerns the whole visit.
  const block = { staffId: 1, from: START + 1.5 * HOUR, to: START + 3 * HOUR, reason: undefined };
  const [visit] = await visitsIn(database, await addBlock(database, OWNER, block, NOON), NOON);
  expect(visit?.service).toBe('Консультация + Colour');
  await joinLine(database, { userId: bea, serviceIds: [1, 2], staffId: undefined, date: '2026-11-24' }, NOON);
  await cancelOwnBooking(database, DEFAULTS, { userId: ann, telegramId: 1, bookingId: 1 }, NOON);
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(0);
  await liftBlock(database, { ...OWNER, updateId: 2 }, 1, NOON);
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(1);
  expect(await countRows(database, 'reminders')).toBe(0);
  await takeOffer(database, DEFAULTS, { userId: bea, telegramId: 2, entryId: 1, start: START }, NOON);
  expect(await countRows(database, 'reminders')).toBe(2);
});

test('by hand × offer: what is kept for somebody in line is not given away by hand', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [ann = 0, bea = 0, cleo = 0] = await addCustomers(database, 3);
  await database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '12:00', '13:00')`,
  );
  await book(database, DEFAULTS, request(ann), NOON);
  await joinLine(database, { userId: bea, serviceIds: [1], staffId: undefined, date: '2026-11-24' }, NOON);
  await cancelOwnBooking(database, DEFAULTS, { userId: ann, telegramId: 1, bookingId: 1 }, NOON);
  await offerFreed(database, DEFAULTS, NOON);
  const byHand = { ...request(cleo), by: { kind: 'admin', telegramId: OWNER.telegramId } as const };
  expect(await kindOf(database, byHand)).toBe('taken');
  // Once the offer has lapsed it is free for everybody, and whoever refused it by silence waits on.
  expect(await lapseOffers(database, NOON + HOUR)).toBe(1);
  expect(await kindOf(database, { ...byHand, updateId: 77 })).toBe('booked');
  expect(await countRows(database, `waiting_list WHERE state = 'waiting'`)).toBe(1);
});

test('hidden service × waiting list: what cannot be booked any more is not offered, and is again when it can', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [ann = 0] = await addCustomers(database, 1);
  await joinLine(database, { userId: ann, serviceIds: [1], staffId: undefined, date: '2026-11-24' }, NOON);
  await database.query('UPDATE services SET active = false');
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(0);
  await database.query('UPDATE services SET active = true');
  expect(await offerFreed(database, DEFAULTS, NOON)).toBe(1);
});

test('absence × reminder × other member: who is given to another member is reminded once, of the visit as it is now', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { database, clock, owner } = salon;
  const ann = await bookNoon(salon, 'Ann');
  await addBoris(database);
  const wish = { staffId: 1, from: START - HOUR, to: START + HOUR, reason: undefined };
  const block = await addBlock(database, { telegramId: owner.person.id, updateId: 1 }, wish, NOON);
  await owner.send('/start');
  expect(await forged(salon, owner, `b1.pov.${block.id}.1`)).toBeUndefined();
  await until('they hear of it', async () => (await ann.screen()).text.includes('has moved your visit'));
  expect((await ann.screen()).text).toContain('👤 Boris');
  const { revision } = await ann.chat.read();
  clock.now += DAY - 2 * HOUR;
  expect((await ann.chat.waitFor({ since: revision }))?.text).toContain('👤 Boris');
  expect(await countRows(database, `reminders WHERE outcome = 'sent'`)).toBe(1);
});

test('buffer × move × cancel: a visit may be moved into its own buffers, never into those of others, and frees them when it goes', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query('UPDATE services SET buffer_after_minutes = 60');
  const [ann = 0, bea = 0, cleo = 0] = await addCustomers(database, 3);
  await book(database, DEFAULTS, request(ann), NOON);
  const actor = { kind: 'customer', telegramId: 1 } as const;
  const move = async (start: number): Promise<string> =>
    (await moveVisit(database, DEFAULTS, { bookingId: 1, userId: ann, actor, staffId: undefined, start }, NOON)).kind;
  expect(await move(START + HOUR)).toBe('moved');
  expect(await kindOf(database, request(bea, [1], START + 3 * HOUR))).toBe('booked');
  expect(await move(START + 1.5 * HOUR)).toBe('taken');
  expect(await kindOf(database, request(cleo, [1], START + 2 * HOUR))).toBe('taken');
  await cancelOwnBooking(database, DEFAULTS, { userId: ann, telegramId: 1, bookingId: 1 }, NOON);
  expect(await kindOf(database, request(cleo, [1], START + HOUR))).toBe('booked');
});

test('several services × move × review: the whole visit moves, is reminded of and asked about once', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`INSERT INTO services (name, duration_minutes) VALUES ('Colour', 60)`);
  const [ann = 0] = await addCustomers(database, 1);
  await book(database, DEFAULTS, request(ann, [1, 2]), NOON);
  const actor = { kind: 'customer', telegramId: 1 } as const;
  const wish = { bookingId: 1, userId: ann, actor, staffId: undefined, start: START + DAY };
  const moved = await moveVisit(database, DEFAULTS, wish, NOON);
  expect(moved).toMatchObject({ kind: 'moved', booking: { serviceIds: [1, 2], end: START + DAY + 2 * HOUR } });
  const due = new Date(START + DAY + 3 * HOUR).toISOString();
  expect(await countRows(database, `notices WHERE kind = 'review' AND due_at = '${due}'`)).toBe(1);
  expect(await countRows(database, `notices WHERE kind = 'review'`)).toBe(1);
  expect(await countRows(database, 'reminders')).toBe(3);
});

test('by hand × absence × group × several services × cancel: the desk is bound by absences and seats, and ends what it made', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(
    `INSERT INTO services (name, duration_minutes, capacity) VALUES ('Colour', 60, 1), ('Yoga', 60, 2)`,
  );
  const people = await addCustomers(database, 4);
  const by = { kind: 'admin', telegramId: OWNER.telegramId } as const;
  const byHand = async (person: number, services: readonly number[], start = START): Promise<string> => {
    const userId = people[person] ?? 0;
    return await kindOf(database, { ...request(userId, services, start), by, updateId: 100 * person + start / HOUR });
  };
  const away = { staffId: 1, from: START - 2 * HOUR, to: START - HOUR, reason: undefined };
  await addBlock(database, OWNER, away, NOON);
  expect(await byHand(0, [1], START - 2 * HOUR)).toBe('taken');
  expect(await byHand(0, [3])).toBe('booked');
  expect(await byHand(1, [3])).toBe('booked');
  expect(await byHand(2, [3])).toBe('taken');
  expect(await byHand(3, [1, 2], START + HOUR)).toBe('booked');
  const later = { ...away, from: START, to: START + 4 * HOUR };
  const block = await addBlock(database, { ...OWNER, updateId: 2 }, later, NOON);
  expect(await cancelVisitsIn(database, { ...OWNER, updateId: 3 }, block, NOON)).toBe(3);
  expect(await cancelVisitsIn(database, { ...OWNER, updateId: 3 }, block, NOON)).toBe(0);
  expect(await countRows(database, `notices WHERE kind = 'desk_cancelled'`)).toBe(3);
  expect(await countRows(database, `notices WHERE kind = 'review' AND outcome IS NULL`)).toBe(0);
  expect(await countRows(database, 'reminders')).toBe(0);
});
