/** What the business tells and is told: messages to customers who agreed, the owner's morning, figures and the day as pictures. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY, HOUR, NOON } from './booking-world.ts';

async function bookNoon(salon: Salon, name: string): Promise<Chatter> {
  const customer = await salon.customer(name, 'en');
  await chooseNoon(customer, { book: '📅 Book a visit' });
  await customer.press('✅ Confirm');
  return customer;
}

/** The newest picture that somebody got. */
async function pictureOf(salon: Salon, who: Chatter): Promise<Buffer> {
  const sent = await until('the picture came', async () =>
    (await who.chat.read()).messages.findLast(({ raw }) => raw['photo'] !== undefined),
  );
  const [photo] = sent.raw['photo'] as readonly { readonly file_id: string }[];
  const { api } = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  const { file_path: path } = await api.getFile(photo?.file_id ?? '');
  return Buffer.from(await (await fetch(`${salon.telegramApiRoot}/file/bot${salon.token}/${path}`)).arrayBuffer());
}

test('a message goes to whoever agreed, once, with a way to end it; whoever has ended it, or is blocked, gets nothing', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database } = salon;
  const ann = await bookNoon(salon, 'Ann');
  expect(labels(await ann.screen())).toContain('🔔 Tell me about news');
  expect((await ann.press('🔔 Tell me about news')).text).toContain('You will hear about news');
  const boris = await salon.customer('Boris', 'ru');
  await boris.send('/help');
  await boris.press('🔔 Сообщать о новостях');
  await boris.press('🔕 Больше не надо новостей');
  const vera = await salon.customer('Vera', 'en');
  await vera.send('/start');
  await owner.send('/admin');
  expect(line((await owner.press('📣 Write to customers')).text)).toContain('1 customer has agreed to news.');
  await owner.press('✍️ Write a message');
  const preview = await owner.send('Sale on Friday: −20 %');
  expect(await countRows(database, `notices WHERE kind = 'broadcast'`)).toBe(0);
  await until('the preview is complete', async () => (await owner.screen()).text.includes('1 customer gets'));
  expect(preview.text).toBe('Sale on Friday: −20 %');
  const { revision } = await ann.chat.read();
  const send = (await owner.screen()).buttons.flat().find(({ text }) => text === '📣 Send (1)')?.data;
  await owner.press('📣 Send (1)');
  expect((await ann.chat.waitFor({ since: revision }))?.text).toBe('Sale on Friday: −20 %');
  expect(labels(await ann.screen())).toEqual(['📅 Book a visit', '🔕 No more news']);
  await until(
    'it is over',
    async () =>
      (await owner.screen()).text.includes('Everyone has got it') ||
      labels(await owner.press('🔄 Refresh')).length === 0,
  );
  expect(line((await owner.screen()).text)).toContain('██████████ Sent: 1 of 1');
  // The same button again, which an old screen may still have, sends nothing again.
  const bot = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  const again = new InlineKeyboard().text('again', send ?? '');
  await bot.api.sendMessage(owner.person.id, 'old', { reply_markup: again });
  expect((await owner.press('again')).text).toContain('Everyone has got it');
  expect(await countRows(database, `notices WHERE kind = 'broadcast'`)).toBe(1);
  expect((await ann.press('🔕 No more news')).text).toContain('no more news');
  await owner.press('‹ Back');
  expect(labels(await owner.screen())).not.toContain('✍️ Write a message');
});

test('a message to many goes on in another process, and is stopped on its way', async () => {
  await using salon = await openSalon();
  const { owner, database } = salon;
  const first = await salon.startProcess();
  const people = [];
  for (let index = 0; index < 6; index += 1) {
    const customer = await salon.customer(`Guest ${index}`, 'en');
    await customer.send('/start');
    people.push(customer);
  }
  await database.query('UPDATE users SET consent_at = now() WHERE telegram_id <> $1', [owner.person.id]);
  await owner.send('/admin');
  await owner.press('📣 Write to customers');
  await owner.press('✍️ Write a message');
  await owner.send('News');
  await until('the preview is complete', async () => (await owner.screen()).text.includes('6 customers get'));
  await owner.press('📣 Send (6)');
  await first.stop();
  await salon.startProcess();
  await until(
    'everybody has it',
    async () => (await countRows(database, `notices WHERE kind = 'broadcast' AND outcome = 'sent'`)) === 6,
  );
  for (const { chat } of people) {
    const got = (await chat.read()).messages.filter(({ text }) => text === 'News');
    expect(got).toHaveLength(1);
  }
  // What has not gone out yet stays where it is.
  await owner.press('🔄 Refresh').catch(() => undefined);
  await database.query(
    `UPDATE notices SET outcome = NULL, sent_at = NULL, due_at = '2027-01-01' WHERE kind = 'broadcast' AND user_id > 4`,
  );
  await owner.send('/admin');
  await owner.press('📣 Write to customers');
  await owner.press(/ · \d\/6$/);
  expect((await owner.press('⏹ Stop')).text).toContain('Stopped');
  expect(await countRows(database, "notices WHERE outcome IS NULL AND kind = 'broadcast'")).toBe(0);
});

test('every morning the owner hears what the day brings, at the hour that they set, and never twice', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const { owner, clock, database } = salon;
  await owner.send('/start');
  await bookNoon(salon, 'Ann');
  await until('it is planned', async () => {
    // The bot looks again after a minute of its own time.
    clock.now += 61_000;
    return (await countRows(database, `notices WHERE kind = 'digest'`)) === 1;
  });
  const { revision } = await owner.chat.read();
  // Tuesday, 8:00 in Moscow.
  clock.now = NOON + 20 * HOUR;
  const told = await owner.chat.waitFor({ since: revision });
  expect(line(told?.text ?? '')).toContain(
    '☀️ Salon <Beauty> & Co, Tue 24 November 📅 Today: 1, the first one at 12:00',
  );
  await first.stop();
  await salon.startProcess();
  await owner.send('/admin');
  await owner.press('🔧 Settings');
  await owner.press('Morning summary: 8:00');
  await owner.send('7:30');
  const planned = `notices WHERE kind = 'digest' AND due_at = '2026-11-25 07:30+03'`;
  await until('it is planned anew', async () => (await countRows(database, planned)) === 1);
  clock.now += DAY - HOUR / 2;
  await until(
    'the next morning is told',
    async () => (await countRows(database, `notices WHERE kind = 'digest' AND outcome = 'sent'`)) === 2,
  );
  expect(line((await owner.screen()).text)).toContain('Wed 25 November Nobody is booked for today yet. Yesterday: 1');
  await owner.send('/admin');
  await owner.press('🔧 Settings');
  await owner.press('Morning summary: 7:30');
  await owner.send('-');
  await until(
    'nothing is planned',
    async () => (await countRows(database, `notices WHERE kind = 'digest' AND outcome IS NULL`)) === 0,
  );
});

test('figures and the day come as pictures, with their numbers, and other times are one press away', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database, clock } = salon;
  await database.query(`UPDATE services SET price_kopecks = 150000`);
  await bookNoon(salon, 'Ann');
  clock.now += DAY + 3 * HOUR;
  await owner.send('/admin');
  await owner.press('📊 Figures');
  const caption = (await owner.screen()).raw['caption'];
  expect(line(String(caption))).toContain(
    '📅 Visits: 1 (before: 0) 💳 Worth: ₽1,500 (before: ₽0) 🚫 Missed: 0 · cancelled: 0 👥 Customers: 1, for the first time: 1',
  );
  const chart = await pictureOf(salon, owner);
  expect(chart.subarray(1, 4).toString()).toBe('PNG');
  await owner.press('12 months');
  expect(Buffer.compare(chart, await pictureOf(salon, owner))).not.toBe(0);
  // A picture has no text to be edited: the menu comes as a new message.
  expect((await owner.press('⚙️ Manage')).text).toContain('What would you like to manage');
  await owner.press('📋 Today and tomorrow');
  await owner.press('🖼 As a picture');
  const day = await pictureOf(salon, owner);
  expect(day.subarray(1, 4).toString()).toBe('PNG');
  expect(day.length).toBeGreaterThan(5_000);
});
