/** Booking, cancelling and changing hours against a real database: the rules hold whoever races with whom. */
import { expect, test } from 'vitest';
import { type BookRequest, book } from '#bot-runtime/kinds/booking/repository/book.ts';
import { cancelOwnBooking, moveBooking } from '#bot-runtime/kinds/booking/repository/bookings.ts';
import { addService, setWeeklyHours } from '#bot-runtime/kinds/booking/repository/owner.ts';
import { addCustomers, countRows, createTenantStorage, DAY, HOUR, LIMITS, NOON, TENANT } from './booking-world.ts';

const DEFAULTS = { tenant: TENANT, limits: LIMITS };
/** Tomorrow, 12:00 in Moscow. */
const START = NOON + DAY;

function request(userId: number, changes: Partial<BookRequest> = {}): BookRequest {
  const base = {
    by: { kind: 'customer' as const, telegramId: 1000 + userId },
    serviceIds: [1],
    staffId: undefined,
    start: START,
    updateId: 5000 + userId,
  };
  return { userId, ...base, ...changes };
}

test('of 20 customers racing for one time one is booked and 19 are offered the nearest free times', async () => {
  await using storage = await createTenantStorage({ max: 20 });
  const { database } = storage;
  const customers = await addCustomers(database, 20);
  const outcomes = await Promise.all(customers.map((userId) => book(database, DEFAULTS, request(userId), NOON)));
  expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
  const taken = outcomes.filter((outcome) => outcome.kind === 'taken');
  expect(taken).toHaveLength(19);
  for (const { nearest } of taken) {
    const hours = nearest.map(({ start }) => (start - START) / HOUR);
    expect(hours).toEqual([-2, -1.5, -1, 1, 1.5, 2]);
  }
  expect(await countRows(database, 'bookings')).toBe(1);
  expect(await countRows(database, 'booking_history')).toBe(1);
  expect(await countRows(database, 'reminders')).toBe(2);
});

test('"anyone" spreads a race over all members and stops when each is taken', async () => {
  await using storage = await createTenantStorage({ max: 10 });
  const { database } = storage;
  await database.query(`INSERT INTO staff (name) VALUES ('Anna'), ('Boris')`);
  await database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT s, d, '9:00', '18:00'
     FROM generate_series(2, 3) s, generate_series(1, 7) d`,
  );
  const customers = await addCustomers(database, 10);
  const outcomes = await Promise.all(customers.map((userId) => book(database, DEFAULTS, request(userId), NOON)));
  expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(3);
  expect(outcomes.filter(({ kind }) => kind === 'taken')).toHaveLength(7);
  const { rows } = await database.query('SELECT staff_id FROM bookings ORDER BY staff_id');
  expect(rows.map((row) => row['staff_id'])).toEqual(['1', '2', '3']);
});

test('a group visit takes as many customers as it has seats', async () => {
  await using storage = await createTenantStorage({ max: 10 });
  const { database } = storage;
  await database.query('UPDATE services SET capacity = 4');
  const customers = await addCustomers(database, 10);
  const outcomes = await Promise.all(customers.map((userId) => book(database, DEFAULTS, request(userId), NOON)));
  expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(4);
  const early = await book(
    database,
    DEFAULTS,
    request(customers[0] ?? 0, { start: START + HOUR / 2, updateId: 1 }),
    NOON,
  );
  expect(early.kind).toBe('taken');
});

test('the same update books once, and a second press finds the first booking', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [user = 0] = await addCustomers(database, 1);
  const deliveries = await Promise.all([1, 2, 3].map(() => book(database, DEFAULTS, request(user), NOON)));
  const again = await book(database, DEFAULTS, request(user, { updateId: 9999 }), NOON);
  const ids = [...deliveries, again].map((outcome) => (outcome.kind === 'booked' ? outcome.booking.id : outcome.kind));
  expect(new Set(ids).size).toBe(1);
  expect(await countRows(database, 'bookings')).toBe(1);
  expect(await countRows(database, 'booking_history')).toBe(1);
});

test('hours, blocks, lead time, horizon and the most bookings per customer are checked where it is written', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [user = 0] = await addCustomers(database, 1);
  let updateId = 0;
  const attempt = async (start: number) => {
    updateId += 1;
    return (await book(database, DEFAULTS, request(user, { start, updateId }), NOON)).kind;
  };
  expect(await attempt(START - 4 * HOUR)).toBe('taken'); // 8:00, before opening
  expect(await attempt(START + 5.5 * HOUR)).toBe('taken'); // 17:30, ends after closing
  expect(await attempt(START + HOUR / 4)).toBe('taken'); // beside the grid
  expect(await attempt(NOON + HOUR / 2)).toBe('too_soon');
  expect(await attempt(NOON - DAY)).toBe('too_soon');
  expect(await attempt(START + 61 * DAY)).toBe('taken');
  await database.query(`INSERT INTO blocked_slots (during) VALUES (tstzrange($1, $2))`, [
    new Date(START),
    new Date(START + HOUR),
  ]);
  expect(await attempt(START)).toBe('taken');
  expect(await attempt(START + HOUR)).toBe('booked');
  expect(await attempt(START + 2 * HOUR)).toBe('booked');
  expect(await attempt(START + 3 * HOUR)).toBe('booked');
  expect(await attempt(START + 4 * HOUR)).toBe('too_many');
  await database.query('UPDATE services SET active = false');
  await database.query(`UPDATE bookings SET status = 'done' WHERE id = (SELECT min(id) FROM bookings)`);
  expect(await attempt(START + 4 * HOUR)).toBe('gone');
});

test('a dated exception replaces the week, and a day off has no times', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [user = 0] = await addCustomers(database, 1);
  await database.query(`INSERT INTO working_hours (staff_id, on_date) VALUES (1, '2026-11-24')`);
  expect((await book(database, DEFAULTS, request(user), NOON)).kind).toBe('taken');
  await database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '20:00', '24:00')`,
  );
  const late = request(user, { start: START + 11 * HOUR, updateId: 2 });
  expect((await book(database, DEFAULTS, late, NOON)).kind).toBe('booked');
});

test('a booking moves only along the table, with its history, and takes its reminders along', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [user = 0] = await addCustomers(database, 1);
  await book(database, DEFAULTS, request(user), NOON);
  const actor = { kind: 'admin', telegramId: 900 } as const;
  const move = (to: 'done' | 'cancelled' | 'no_show') =>
    database.transaction((tx) => moveBooking(tx, 1, to, actor, NOON));
  expect(await move('done')).toBe(true);
  expect(await move('done')).toBe(false);
  expect(await move('cancelled')).toBe(false);
  expect(await move('no_show')).toBe(true);
  const { rows } = await database.query('SELECT from_status, to_status, actor FROM booking_history ORDER BY id');
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    ' confirmed customer',
    'confirmed done admin',
    'done no_show admin',
  ]);
  expect(await countRows(database, 'reminders')).toBe(0);
});

test('a customer cancels by the rule, once, and only their own booking', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const [user = 0, stranger = 0] = await addCustomers(database, 2);
  await book(database, DEFAULTS, request(user), NOON);
  const cancel = (userId: number, now: number) =>
    cancelOwnBooking(database, DEFAULTS, { userId, telegramId: userId, bookingId: 1 }, now);
  expect((await cancel(stranger, NOON)).kind).toBe('unknown');
  expect(await cancel(user, START - 2 * HOUR + 1)).toMatchObject({ kind: 'too_late', hours: 2 });
  const both = await Promise.all([cancel(user, START - 2 * HOUR), cancel(user, START - 2 * HOUR)]);
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['already_over', 'cancelled']);
  expect(await countRows(database, `booking_history WHERE to_status = 'cancelled'`)).toBe(1);
  expect((await book(database, DEFAULTS, request(stranger), NOON)).kind).toBe('booked');
});

test('what the owner changes is written once per update and told in the log of actions', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  const owner = { telegramId: TENANT.ownerId, updateId: 77 };
  const service = { name: 'Маникюр', durationMinutes: 45, priceKopecks: 150_000, currency: 'RUB' };
  expect(await addService(database, owner, service, NOON)).toBe('added');
  expect(await addService(database, owner, service, NOON)).toBe('added');
  expect(await addService(database, { ...owner, updateId: 78 }, { ...service, name: 'МАНИКЮР' }, NOON)).toBe(
    'name_taken',
  );
  expect(await countRows(database, 'services')).toBe(2);
  const week = new Map([[2, [{ opens: 0, closes: 1_440 }]]]);
  await setWeeklyHours(database, { ...owner, updateId: 79 }, week, NOON);
  await setWeeklyHours(database, { ...owner, updateId: 79 }, new Map(), NOON);
  expect(await countRows(database, `working_hours WHERE weekday = 2 AND closes_at = '24:00'`)).toBe(1);
  expect(await countRows(database, 'working_hours')).toBe(1);
  const { rows } = await database.query('SELECT action FROM admin_actions ORDER BY id');
  expect(rows.map((row) => row['action'])).toEqual(['service.add', 'hours.set']);
});

test('the day on which the clocks change is booked at the time on the wall', async () => {
  const tenant = { ...TENANT, timeZone: 'Europe/Berlin' };
  await using storage = await createTenantStorage({ tenant });
  const { database } = storage;
  const [user = 0] = await addCustomers(database, 1);
  const saturday = Date.parse('2026-03-28T12:00:00+01:00');
  const attempt = (start: string, updateId: number) =>
    book(database, { tenant, limits: LIMITS }, request(user, { start: Date.parse(start), updateId }), saturday);
  expect((await attempt('2026-03-29T08:30:00+02:00', 1)).kind).toBe('taken');
  expect((await attempt('2026-03-29T09:00:00+02:00', 2)).kind).toBe('booked');
  expect((await attempt('2026-03-29T17:30:00+02:00', 3)).kind).toBe('taken');
  expect((await attempt('2026-03-29T17:00:00+02:00', 4)).kind).toBe('booked');
});

test('who writes past the locks is stopped by the database, and the customer is told "just taken"', async () => {
  await using storage = await createTenantStorage({ max: 4 });
  const { database } = storage;
  const [user = 0, other = 0] = await addCustomers(database, 2);
  const { race } = await database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO bookings (user_id, service_id, staff_id, during) VALUES ($1, 1, 1, tstzrange($2, $3))`,
      [other, new Date(START), new Date(START + HOUR)],
    );
    const racing = book(database, DEFAULTS, request(user), NOON);
    await expect
      .poll(() =>
        countRows(database, `pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`),
      )
      .toBe(1);
    return { race: racing };
  });
  expect((await race).kind).toBe('taken');
  expect(await countRows(database, 'bookings')).toBe(1);
});
