/** Reminders as customers get them: once, in their language, over restarts, refusals and cancelled visits. */
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, HOUR, NOON } from './booking-world.ts';

/** Tuesday, 24 November 2026, 12:00 in Moscow: the visit that the tests book. */
const VISIT = NOON + 24 * HOUR;

async function bookNoon(salon: Salon, name: string): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

const ended = (salon: Salon, outcome: string, count: number) =>
  until(`${count} reminders ${outcome}`, async () => {
    return (await countRows(salon.database, `reminders WHERE outcome = '${outcome}'`)) === count;
  });

async function reminders(customer: Chatter): Promise<number> {
  const { messages } = await customer.chat.read();
  return messages.filter(({ text }) => text.startsWith('🔔')).length;
}

test('each reminder comes once at its time, and its buttons promise to come and cancel', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ivan = await bookNoon(salon, 'Ivan');
  salon.clock.now = VISIT - 2 * HOUR;
  await ended(salon, 'sent', 1);
  const first = await ivan.screen();
  expect(line(first.text)).toBe('🔔 We are expecting you 💼 Консультация, 1 h 🕒 Tue 24 November, 12:00');
  expect(labels(first)).toEqual(['✅ I will come', '❌ Cancel this booking']);
  expect((await ivan.press('✅ I will come')).text).toContain('Thank you, we are expecting you.');
  expect(await countRows(salon.database, `booking_history WHERE details @> '{"will_come": true}'`)).toBe(1);
  salon.clock.now = VISIT - HOUR;
  await ended(salon, 'sent', 2);
  // Too late to cancel, and the promise is given: nothing is left to press.
  expect(labels(await ivan.screen())).toEqual([]);
  expect(await reminders(ivan)).toBe(2);
});

test('what fell due while none ran is told by the last one alone', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const ivan = await bookNoon(salon, 'Ivan');
  await first.stop();
  salon.clock.now = VISIT - HOUR / 2;
  await salon.startProcess();
  await ended(salon, 'sent', 1);
  await ended(salon, 'superseded', 1);
  expect(await reminders(ivan)).toBe(1);
});

test('a visit that was cancelled is not reminded of, and one that has begun is not either', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const ivan = await bookNoon(salon, 'Ivan');
  await ivan.press('🗓 My bookings');
  await ivan.press(/12:00/);
  await ivan.press('❌ Cancel this booking');
  await ivan.press('❌ Yes, cancel it');
  expect(await countRows(salon.database, 'reminders')).toBe(0);
  const ann = await bookNoon(salon, 'Ann');
  await first.stop();
  salon.clock.now = VISIT;
  await salon.startProcess();
  await ended(salon, 'too_late', 2);
  expect([await reminders(ivan), await reminders(ann)]).toEqual([0, 0]);
});

test('who has blocked the bot is left alone, and what Telegram puts off comes when it may', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ivan = await bookNoon(salon, 'Ivan');
  await ivan.chat.setBlocked(true);
  salon.clock.now = VISIT - 2 * HOUR;
  await ended(salon, 'unwelcome', 1);
  await ivan.chat.setBlocked(false);
  await salon.sandbox.failNextCalls({ method: 'sendMessage', code: 429, retryAfter: 30 });
  salon.clock.now = VISIT - HOUR;
  await until('the refusal is noted', async () => {
    const { rows } = await salon.database.query(`SELECT claimed_until FROM reminders WHERE outcome IS NULL`);
    return rows[0]?.['claimed_until']?.getTime() === VISIT - HOUR + 30_000;
  });
  expect(await reminders(ivan)).toBe(0);
  salon.clock.now += 30_000;
  await ended(salon, 'sent', 1);
  expect(await reminders(ivan)).toBe(1);
});
