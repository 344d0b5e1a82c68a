/** What the owner sets up by words: settings, texts of their own, and the log of who has changed what. */
import { expect, test } from 'vitest';
import { chooseNoon, labels, line, openSalon } from './booking-salon.ts';
import { countRows, HOUR } from './booking-world.ts';

test('a setting is changed, counts at once, and goes back to its default; what cannot be read is asked again', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database } = salon;
  await owner.send('/admin');
  await owner.press('🔧 Settings');
  await owner.press('Most bookings per customer: 3');
  expect((await owner.send('many')).text).toContain('I could not read that');
  expect(labels(await owner.send('1'))).toContain('Most bookings per customer: 1');
  const ann = await salon.customer('Ann', 'en');
  await chooseNoon(ann, { book: '📅 Book a visit' });
  await ann.press('✅ Confirm');
  await ann.send('/start');
  await ann.press('📅 Book a visit');
  await ann.press(/Консультация/u);
  await ann.press('24');
  await ann.press('15:00');
  expect((await ann.press('✅ Confirm')).text).toContain('You already have a booking');
  await owner.press('Most bookings per customer: 1');
  expect(labels(await owner.press('↩️ Back to the default'))).toContain('Most bookings per customer: 3');
  expect(await countRows(database, `settings WHERE key = 'max_bookings_per_user'`)).toBe(0);
});

test('other reminders count for visits that are booked already; address and place are shown to customers', async () => {
  await using salon = await openSalon();
  const { owner, database, clock } = salon;
  // A morning passes, and its summary would come between the owner's screens.
  await database.query(`INSERT INTO settings (key, value) VALUES ('digest_at', 'null')`);
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await chooseNoon(ann, { book: '📅 Book a visit' });
  await ann.press('✅ Confirm');
  const kinds = async (): Promise<string[]> => {
    const { rows } = await database.query<{ kind: string }>('SELECT kind FROM reminders ORDER BY due_at');
    return rows.map(({ kind }) => kind);
  };
  expect(await kinds()).toEqual(['2h', '1h']);
  await owner.send('/admin');
  await owner.press('🔧 Settings');
  await owner.press(/^Reminders/);
  await owner.send('3h, 30m');
  expect(await kinds()).toEqual(['3h', '30m']);
  const { revision } = await ann.chat.read();
  clock.now += 21 * HOUR;
  expect(line((await ann.chat.waitFor({ since: revision }))?.text ?? '')).toContain('We are expecting you');
  await owner.press(/^Address/);
  await owner.send('Lenina 5');
  expect(labels(await owner.screen())).toContain('Address: Lenina 5');
  await ann.send('/mybookings');
  await ann.press(/Консультация/u);
  expect(labels(await ann.screen())).toContain('📍 How to find us');
});

test('a text is written anew: previewed with real facts, saved, said to customers, and taken back', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/admin');
  await owner.press('✏️ Texts');
  expect(line((await owner.press('Greeting')).text)).toContain(
    'Hello, Olga! You can book a visit to Salon <Beauty> & Co',
  );
  expect((await owner.send('Hi {nane}')).text).toContain('does not know “nane”');
  expect((await owner.send('Hi <b>{name}')).text).toContain('Telegram would not understand the markup');
  expect(line((await owner.send('Hi <b>{name}</b>,\n[we] wait at {company}')).text)).toContain(
    'It will read like this: Hi Olga, [we] wait at Salon <Beauty> & Co',
  );
  await owner.press('✏️ Write anew');
  await owner.send('Hey {name}!');
  expect(labels(await owner.press('✅ Save'))).toContain('✏️ Greeting');
  const ann = await salon.customer('Ann', 'en');
  expect((await ann.send('/start')).text).toBe('Hey Ann!');
  const ivan = await salon.customer('Иван', 'ru');
  expect((await ivan.send('/start')).text).toContain('Здравствуйте');
  await owner.press('✏️ Greeting');
  expect((await owner.screen()).text).toContain('Hey {name}!');
  await owner.press("↩️ The bot's own text");
  expect((await ann.send('/start')).text).toContain('You can book a visit');
});

test('whoever changes something stands in the log with what it was', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/admin');
  await owner.press('🔧 Settings');
  await owner.press(/^Days ahead/);
  await owner.send('30');
  await owner.send('/admin');
  expect(line((await owner.press('🧾 Log of changes')).text)).toBe(
    'Log of changes Mon 23 November 12:00 · Olga: changed a setting: Days ahead',
  );
});
