/** The day's work as those who work here do it: look at days, note who came, cancel with a word to the customer. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY, HOUR } from './booking-world.ts';

async function bookNoon(salon: Salon, name: string): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

/** Presses a button that was never shown to them; answers what popped up. */
async function forged(salon: Salon, who: Chatter, data: string): Promise<string | undefined> {
  const bot = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  await bot.api.sendMessage(who.person.id, 'forged', { reply_markup: new InlineKeyboard().text('forged', data) });
  return await who.popup('forged');
}

async function openFirst(owner: Chatter): Promise<void> {
  await owner.send('/admin');
  await owner.press('📋 Today and tomorrow');
  await owner.press(/^12:00 · Ann/);
}

test('the owner finds a visit on its day, and cancels it: the customer is told at once and can choose another time', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon, 'Ann <b>');
  const { owner } = salon;
  await openFirst(owner);
  expect(line((await owner.screen()).text)).toContain('👤 Ann <b> 💼 Консультация, 1 h 🕒 Tue 24 November, 12:00');
  expect(labels(await owner.screen())).toEqual([
    '🔁 Move to another time',
    '❌ Cancel this booking',
    '👤 Ann <b>',
    '📋 Tue 24 November',
  ]);
  expect((await owner.press('❌ Cancel this booking')).text).toContain('Ann <b> gets a message at once.');
  const { revision } = await ann.chat.read();
  expect((await owner.press('❌ Yes, cancel it')).text).toContain(
    'The visit is cancelled. Ann <b> gets a message now.',
  );
  const told = await ann.chat.waitFor({ since: revision });
  expect(line(told?.text ?? '')).toMatch(/has to cancel your visit\. We are sorry.*Tue 24 November, 12:00/);
  expect(labels(await ann.screen())[0]).toBe('📅 Book a visit');
  expect(await countRows(salon.database, `booking_history WHERE to_status = 'cancelled' AND actor = 'admin'`)).toBe(1);
  expect(await countRows(salon.database, 'reminders')).toBe(0);
  expect((await owner.press('📋 Tue 24 November')).text).toContain('no bookings');
  expect(labels(await owner.screen()).slice(0, 2)).toEqual(['‹ Mon 23 November', 'Wed 25 November ›']);
  expect((await owner.press('Wed 25 November ›')).text).toContain('Wed 25 November');
});

test('who came and who did not is noted after the visit has begun, and can be corrected; a cancelled visit stays cancelled', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  await bookNoon(salon, 'Ann');
  const { owner, clock } = salon;
  await openFirst(owner);
  expect(await forged(salon, owner, 'b1.pv.1.1')).toBe('This visit has not begun yet.');
  clock.now += DAY + 2 * HOUR;
  await openFirst(owner);
  expect((await owner.press('🚫 They did not come')).text).toContain('Did not take place');
  expect(labels(await owner.screen())[0]).toBe('☑️ They came');
  expect((await owner.press('☑️ They came')).text).toContain('Done');
  expect(await countRows(salon.database, `admin_actions WHERE action LIKE 'booking.%'`)).toBe(2);
  expect(await countRows(salon.database, `bookings WHERE status = 'done'`)).toBe(1);
});

test('buttons of the desk do nothing for customers, and a freed time goes to whoever waits for one', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon, 'Ann');
  const { owner } = salon;
  await openFirst(owner);
  for (const data of ['b1.pd.kda1', 'b1.pb.1', 'b1.pv.1.1', 'b1.px.1', 'b1.pz.1', 'b1.pl.0', 'b1.pu.1', 'b1.pe'])
    expect(await forged(salon, ann, data)).toContain('not yours to do');
  const boris = await salon.customer('Boris', 'en');
  await boris.send('/start');
  await salon.database.query(
    `INSERT INTO waiting_list (user_id, service_ids, on_date, created_at)
     SELECT id, '{1}', '2026-11-24', now() FROM users WHERE telegram_id = $1`,
    [boris.person.id],
  );
  const { revision } = await boris.chat.read();
  await owner.press('❌ Cancel this booking');
  await owner.press('❌ Yes, cancel it');
  expect((await boris.chat.waitFor({ since: revision }))?.text).toContain('Tue 24 November');
});

test('the owner looks at a customer and what came of their visits, blocks them, and takes all as a table', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await bookNoon(salon, '=Ann');
  const { owner, clock } = salon;
  await salon.database.query(
    `INSERT INTO users (telegram_id, name, locale) SELECT 1000000 + n, 'Guest ' || n, 'en' FROM generate_series(1, 9) n`,
  );
  clock.now += DAY + 4 * HOUR;
  await owner.send('/admin');
  expect(line((await owner.press('👥 Customers')).text)).toMatch(/^Customers: 1[01]$/);
  expect(labels(await owner.screen())[0]).toContain('=Ann');
  expect(labels(await owner.press('›'))).toContain('‹');
  await owner.press('‹');
  expect(line((await owner.press(/^=Ann/)).text)).toContain('=Ann Visits: 1 · missed: 0 · cancelled: 0');
  await owner.press(/Консультация/);
  await owner.press('🚫 They did not come');
  expect(line((await owner.press('👤 =Ann')).text)).toContain('Visits: 0 · missed: 1');
  expect((await owner.press('⛔️ Block')).text).toContain('the bot does not answer them');
  await ann.chat.say('/start');
  await owner.press('👥 Customers');
  expect((await ann.chat.read()).messages.at(-1)?.from).not.toBe('bot');
  await owner.press(/^⛔️ =Ann/);
  await owner.press('✅ Unblock');
  expect((await ann.send('/start')).text).toContain('Ann');
  await owner.press('👥 Customers');
  await owner.press('⬇️ All as a table');
  const sent = await until('the table came', async () =>
    (await owner.chat.read()).messages.find(({ raw }) => raw['document'] !== undefined),
  );
  expect(sent.raw['document']).toMatchObject({ file_name: 'customers.csv' });
  const { file_id: fileId } = sent.raw['document'] as { readonly file_id: string };
  const { api } = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  const { file_path: path } = await api.getFile(fileId);
  const table = await (await fetch(`${salon.telegramApiRoot}/file/bot${salon.token}/${path}`)).text();
  expect(table.split('\n')[0]).toContain('Name,Phone,Telegram id,Since,Visits,Missed,Cancelled');
  // What begins like a formula is told to be text.
  expect(table).toContain(`\n'=Ann,,${ann.person.id},`);
});
