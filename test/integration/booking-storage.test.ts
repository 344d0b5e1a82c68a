/** A booking tenant's schema: what it consists of, what it refuses, and what seeding leaves in it. */
import { expect, test } from 'vitest';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import { addCustomers, countRows, createTenantStorage, LIMITS, NOON, TENANT } from './booking-world.ts';

const TABLES = [
  'admin_actions',
  'admins',
  'blocked_slots',
  'booking_history',
  'bookings',
  'broadcasts',
  'invitations',
  'notices',
  'reminders',
  'reviews',
  'services',
  'settings',
  'staff',
  'text_templates',
  'users',
  'waiting_list',
  'working_hours',
];

const insertBooking = (columns: string, values: string) =>
  `INSERT INTO bookings (user_id, service_id, staff_id, during${columns}) VALUES (1, 1, 1, ${values})`;
const range = (from: string, to: string) => `tstzrange('2026-11-24 ${from}+03', '2026-11-24 ${to}+03')`;

test('a tenant has the twelve tables of its beginning and those of later migrations, each with its indexes', async () => {
  await using storage = await createTenantStorage();
  const { rows: tables } = await storage.database.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'client_001' ORDER BY tablename`,
  );
  expect(tables.map((row) => row['tablename'])).toEqual(TABLES);
  expect(await countRows(storage.database, `pg_indexes WHERE schemaname = 'client_001'`)).toBe(41);
  expect(
    await countRows(
      storage.database,
      `pg_index WHERE indisprimary AND indrelid::regclass::text = ANY ('{${TABLES.join()}}')`,
    ),
  ).toBe(TABLES.length);
});

test('a fresh tenant can be booked at once, and seeding again keeps what the owner changed', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query(`UPDATE services SET name = 'Маникюр', active = false`);
  await database.query(`DELETE FROM working_hours WHERE weekday = 7`);
  await database.query(`UPDATE settings SET value = '"Asia/Tokyo"' WHERE key = 'time_zone'`);
  await database.transaction((tx) => seedTenant(tx, TENANT, LIMITS, NOON));
  const { rows } = await database.query(
    `SELECT s.name AS service, m.name AS member, a.telegram_id, a.role, t.value AS zone FROM services s, staff m, admins a, settings t
     WHERE t.key = 'time_zone'`,
  );
  expect(rows).toEqual([
    { service: 'Маникюр', member: TENANT.company, telegram_id: '900', role: 'owner', zone: 'Asia/Tokyo' },
  ]);
  expect(await countRows(database, `working_hours WHERE opens_at = '09:00' AND closes_at = '18:00'`)).toBe(6);
});

test('impossible default hours become usual ones', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await database.query('TRUNCATE staff CASCADE');
  await database.transaction((tx) => seedTenant(tx, TENANT, { workHoursStart: 20, workHoursEnd: 8 }, NOON));
  expect(await countRows(database, `working_hours WHERE opens_at = '09:00'`)).toBe(7);
  await database.query('TRUNCATE staff CASCADE');
  await database.transaction((tx) => seedTenant(tx, TENANT, { workHoursStart: 0, workHoursEnd: 24 }, NOON));
  expect(await countRows(database, `working_hours WHERE closes_at = '24:00'`)).toBe(7);
});

test('two bookings of one member cannot overlap, buffers included, until one is cancelled', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await addCustomers(database, 1);
  const overlap = { code: '23P01', constraint: 'bookings_no_overlap' };
  await database.query(insertBooking('', range('10:00', '11:00')));
  await expect(database.query(insertBooking('', range('10:30', '11:30')))).rejects.toMatchObject(overlap);
  await expect(
    database.query(insertBooking(', buffer_before_minutes', `${range('11:10', '12:00')}, 15`)),
  ).rejects.toMatchObject(overlap);
  await database.query(insertBooking('', range('11:00', '12:00')));
  await database.query(`UPDATE bookings SET status = 'cancelled' WHERE during = ${range('10:00', '11:00')}`);
  await database.query(insertBooking('', range('10:00', '11:00')));
  expect(await countRows(database, 'bookings')).toBe(3);
});

test('seats of one group visit stand side by side, but no other visit beside them', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await addCustomers(database, 1);
  const seat = insertBooking(', capacity', `${range('10:00', '11:00')}, 5`);
  await database.query(seat);
  await database.query(seat);
  await expect(database.query(insertBooking('', range('10:00', '11:00')))).rejects.toMatchObject({ code: '23P01' });
  await expect(database.query(insertBooking(', capacity', `${range('10:30', '11:30')}, 5`))).rejects.toMatchObject({
    code: '23P01',
  });
});

test('absolute rules are the database’s own', async () => {
  await using storage = await createTenantStorage();
  const { database } = storage;
  await addCustomers(database, 1);
  const refused = [
    insertBooking('', `'empty'::tstzrange`),
    insertBooking('', `tstzrange('2026-11-24', NULL)`),
    insertBooking(', status', `${range('10:00', '11:00')}, 'maybe'`),
    insertBooking(', price_kopecks', `${range('10:00', '11:00')}, -1`),
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) VALUES (1, 8, '9:00', '10:00')`,
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) VALUES (1, 1, '10:00', '9:00')`,
    `INSERT INTO working_hours (staff_id, weekday) VALUES (1, 1)`,
    `INSERT INTO working_hours (staff_id, weekday, on_date, opens_at, closes_at) VALUES (1, 1, '2026-11-24', '9:00', '10:00')`,
    `INSERT INTO services (name, duration_minutes) VALUES ('', 60)`,
    `INSERT INTO services (name, duration_minutes) VALUES ('x', 0)`,
    `INSERT INTO users (telegram_id, name, locale) VALUES (5, 'x', 'de')`,
    `INSERT INTO admins (telegram_id, role) VALUES (5, 'king')`,
    `INSERT INTO blocked_slots (during) VALUES ('empty')`,
  ];
  for (const statement of refused) {
    await expect(database.query(statement), statement).rejects.toMatchObject({ code: '23514' });
  }
});
