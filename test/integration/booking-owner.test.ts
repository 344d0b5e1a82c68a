/** The booking bot as its owner meets it: services, hours, and questions that outlive a process. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { labels, line, openSalon, SKIP_CONTACT } from './booking-salon.ts';
import { countRows } from './booking-world.ts';

test('the owner adds a service and sets hours by text, and customers find both', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/admin');
  await owner.press('💼 Services');
  await owner.press('➕ Add a service');
  expect((await owner.send('Cut & <wash>')).text).toContain('How long does it take?');
  expect((await owner.send('soon')).text).toContain('I could not read that.');
  await owner.send('1 h 30 min');
  const added = await owner.send('1 500,50');
  expect(line(added.text)).toBe('✅ Customers can book it now: 💼 Cut & <wash>, 1 h 30 min 💳 ₽1,500.50');
  await owner.press('⚙️ Manage');
  await owner.press('🕒 Working hours');
  expect((await owner.send('Mon 18-9')).text).toContain('The end must come after the beginning');
  expect((await owner.send('Пн-Пт 9:30-13, 14-16')).text).toContain('Sat: closed');
  expect((await owner.press('✅ Save')).text).toContain('The working hours are saved.');
  await owner.press('⚙️ Manage');
  await owner.press('💼 Services');
  await owner.press(/^✅ Консультация/u);
  expect(await owner.popup('🚫 Hide from customers')).toBe('Customers do not see it any more.');
  const ivan = await salon.customer('Иван', 'ru');
  await ivan.send('/book');
  expect(labels(await ivan.screen()).map(line)).toEqual(['Cut & <wash> · 1 ч 30 мин · 1 500,50 ₽', '‹ В начало']);
  const month = await ivan.press(/Cut/);
  expect(labels(month)).not.toContain('28');
  expect(labels(await ivan.press('24'))).toEqual([
    '09:30',
    '10:00',
    '10:30',
    '11:00',
    '11:30',
    '14:00',
    '14:30',
    '‹ Другой день',
  ]);
  await ivan.press('14:30');
  await ivan.press(SKIP_CONTACT);
  await ivan.press('✅ Подтвердить');
  await owner.send('/admin');
  expect(line((await owner.press('📋 Today and tomorrow')).text)).toBe(
    'Mon 23 November no bookings Tue 24 November 14:30 · Cut & <wash> · Иван',
  );
});

test('an open question to the owner survives a new process, and is lost gracefully with Redis', async () => {
  await using salon = await openSalon();
  const { owner } = salon;
  const first = await salon.startProcess();
  await owner.send('/admin');
  await owner.press('💼 Services');
  await owner.press('➕ Add a service');
  await owner.send('Massage');
  await first.stop();
  const second = await salon.startProcess();
  expect((await owner.send('60')).text).toContain('What does it cost?');
  const died = second.dieUnconfirmed(({ message }) => message?.text === '2000');
  expect((await owner.send('2000')).text).toContain('Customers can book it now');
  await died;
  await salon.startProcess();
  await owner.send('/admin');
  expect((await owner.chat.read()).messages.filter(({ text }) => text.startsWith('I work with buttons'))).toEqual([]);
  expect(await countRows(salon.database, `services WHERE name = 'Massage'`)).toBe(1);
  await owner.press('🕒 Working hours');
  const preview = await owner.send('Mon 9-10');
  await salon.redis.redis.flushall();
  expect(preview.text).toContain('Mon: 9:00-10:00');
  expect((await owner.press('✅ Save')).text).toBe('I have lost the thread. Please begin again:');
  expect((await owner.send('Mon 9-10')).text).toBe('I work with buttons. What would you like to do?');
  expect(await countRows(salon.database, 'working_hours')).toBe(7);
});

test('a press on "save" that is delivered twice, and one that is made twice, save once', async () => {
  await using salon = await openSalon();
  const { owner } = salon;
  const first = await salon.startProcess();
  await owner.send('/admin');
  await owner.press('🕒 Working hours');
  const preview = await owner.send('Mon 9-10');
  const died = first.dieUnconfirmed(({ callback_query: query }) => query !== undefined);
  const data = preview.buttons.flat()[0]?.data ?? '';
  await owner.press('✅ Save');
  await died;
  await salon.startProcess();
  await owner.chat.press({ text: '⚙️ Manage', waitMs: 10_000 });
  const forger = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  await forger.api.sendMessage(owner.person.id, 'again', { reply_markup: new InlineKeyboard().text('save', data) });
  expect((await owner.press('save')).text).toContain('I have lost the thread.');
  expect(await countRows(salon.database, 'admin_actions')).toBe(1);
  expect(await countRows(salon.database, 'working_hours')).toBe(1);
});

test('an answer that is delivered again repeats the question that is open', async () => {
  await using salon = await openSalon();
  const { owner } = salon;
  const first = await salon.startProcess();
  await owner.send('/admin');
  await owner.press('💼 Services');
  await owner.press('➕ Add a service');
  const died = first.dieUnconfirmed(({ message }) => message?.text === 'Massage');
  await owner.send('Massage');
  await died;
  const { revision } = await owner.chat.read();
  await salon.startProcess();
  const again = await owner.chat.waitFor({ since: revision });
  expect(again?.text).toContain('How long does it take?');
});
