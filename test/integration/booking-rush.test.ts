/** A rush: many customers want the same few times at once, through a real bot. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { encodeAction } from '#bot-runtime/kinds/booking/keyboards/action.ts';
import { type Chatter, openSalon } from './booking-salon.ts';
import { countRows, DAY, HOUR, NOON } from './booking-world.ts';

const CUSTOMERS = 200;
const SLOTS = 20;
/** Tomorrow at 9:00 in Moscow. */
const OPENING = NOON + DAY - 3 * HOUR;
const HALF_HOUR = HOUR / 2;
/** As many at once as one machine plays without strain. */
const AT_ONCE = 40;

async function inWaves<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const wave = items.slice(from, from + AT_ONCE);
    results.push(...(await Promise.all(wave.map((item, index) => work(item, from + index)))));
  }
  return results;
}

test('200 customers race for 20 times: 20 are booked, 180 are offered the nearest, and every dialog goes on', async () => {
  await using salon = await openSalon();
  await salon.database.query('UPDATE services SET duration_minutes = 30');
  await salon.database.query(
    `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at) VALUES (1, '2026-11-24', '9:00', '19:00')`,
  );
  await salon.startProcess();
  const names = Array.from({ length: CUSTOMERS }, (_, index) => `Customer ${index}`);
  const customers = await inWaves(names, (name) => salon.customer(name, 'en'));
  await inWaves(customers, (customer) => customer.send('/start'));
  // Everybody stands before the last question already.
  const api = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } }).api;
  await inWaves(customers, ({ person }, index) => {
    const minute = (OPENING + (index % SLOTS) * HALF_HOUR) / 60_000;
    const data = encodeAction({ kind: 'confirm', services: [1], staff: 0, minute });
    return api.sendMessage(person.id, 'Is everything right?', {
      reply_markup: new InlineKeyboard().text('✅ Confirm', data),
    });
  });
  const screens = await Promise.all(customers.map((customer) => customer.press('✅ Confirm')));
  expect(screens.filter(({ text }) => text.startsWith('✅ You are booked!'))).toHaveLength(SLOTS);
  expect(await countRows(salon.database, `bookings WHERE status = 'confirmed'`)).toBe(SLOTS);
  expect(await countRows(salon.database, 'booking_history')).toBe(SLOTS);
  const late = customers.filter((_, index) => !screens[index]?.text.startsWith('✅ You are booked!'));
  expect(late).toHaveLength(CUSTOMERS - SLOTS);
  const offered = await inWaves(late, async (customer: Chatter) => {
    const screen = await customer.screen();
    expect(screen.text).toBe('Somebody was faster: this time has just been taken 😔\n\nThe nearest free times:');
    const times = screen.buttons.flat().filter(({ data }) => data?.startsWith('b1.t.'));
    return times.length;
  });
  expect(offered.every((count) => count === 6)).toBe(true);
  const next = await inWaves(late, (customer) => customer.press(/ \d\d:\d\d$/));
  expect(next.every(({ text }) => text.startsWith('How can Salon <Beauty> & Co reach you'))).toBe(true);
  expect(salon.errors).toEqual([]);
}, 60_000);
