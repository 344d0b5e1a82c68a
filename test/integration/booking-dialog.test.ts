/** The booking bot as its customers meet it: a real bot over the simulated Telegram, PostgreSQL and Redis. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Chatter, chooseNoon, labels, line, openSalon } from './booking-salon.ts';
import { countRows, HOUR } from './booking-world.ts';

test('a customer books, sees and cancels a visit in Russian', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ivan = await salon.customer('Иван <b>&', 'ru');
  const welcome = await ivan.send('/start');
  expect(line(welcome.text)).toBe(
    '👋 Здравствуйте, Иван <b>&! Здесь можно записаться в Salon <Beauty> & Co в любое время суток.',
  );
  expect(labels(await ivan.press('📅 Записаться'))).toEqual(['Консультация · 1 ч', '‹ В начало']);
  const month = await ivan.press(/Консультация/u);
  expect(labels(month)).toContain('Ноябрь 2026');
  expect(labels(month).filter((text) => /^\d+$/.test(text))).toEqual(['23', '24', '25', '26', '27', '28', '29', '30']);
  const times = await ivan.press('24');
  expect(times.text).toBe('Консультация\nВт, 24 ноября. Выберите время:');
  expect(labels(times)).toHaveLength(18);
  expect(labels(times).slice(0, 2)).toEqual(['09:00', '09:30']);
  expect(line((await ivan.press('12:00')).text)).toContain('Как Salon <Beauty> & Co связаться с вами');
  const question = await ivan.press('Продолжить без номера');
  expect(question.text).toBe('Всё верно?\n\n💼 Консультация, 1 ч\n🕒 Вт, 24 ноября, 12:00');
  const booked = await ivan.press('✅ Подтвердить');
  expect(line(booked.text)).toBe('✅ Вы записаны! 💼 Консультация, 1 ч 🕒 Вт, 24 ноября, 12:00 № 1 Ждём вас.');
  expect(booked.id).toBe(welcome.id);
  expect(labels(await ivan.send('/mybookings'))).toEqual(['Вт, 24 ноября 12:00 · Консультация', '‹ В начало']);
  expect((await ivan.press(/12:00/)).text).toContain('✅ Подтверждена');
  expect((await ivan.press('❌ Отменить запись')).text).toContain('Отменить эту запись?');
  expect((await ivan.press('❌ Да, отменить')).text).toContain('Запись отменена');
  expect((await ivan.send('/mybookings')).text).toBe('У вас пока нет записей.');
  expect(await countRows(salon.database, `bookings WHERE status = 'cancelled'`)).toBe(1);
});

test('a customer books with a chosen member in English and changes the language', async () => {
  await using salon = await openSalon();
  await salon.database.query(`INSERT INTO staff (name) VALUES ('Anna & Co')`);
  await salon.database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT 2, d, '10:00', '13:00' FROM generate_series(1, 5) d`,
  );
  await salon.database.query('UPDATE services SET price_kopecks = 150000');
  await salon.startProcess();
  const ann = await salon.customer('Ann 💇', 'en-GB');
  expect((await ann.send('/start')).text).toContain('Hello, Ann 💇!');
  await ann.press('📅 Book a visit');
  expect(labels(await ann.press('Консультация · 1 h · ₽1,500'))).toEqual([
    'Anyone',
    'Salon <Beauty> & Co',
    'Anna & Co',
    '‹ Back',
  ]);
  await ann.press('Anna & Co');
  await ann.press('›');
  expect(labels(await ann.screen())).toContain('December 2026');
  await ann.press('1');
  expect(labels(await ann.screen())).toEqual(['10:00', '10:30', '11:00', '11:30', '12:00', '‹ Another day']);
  await ann.press('11:30');
  await ann.press('Go on without a number');
  const booked = await ann.press('✅ Confirm');
  expect(line(booked.text)).toBe(
    '✅ You are booked! 💼 Консультация, 1 h 👤 Anna & Co 🕒 Tue 1 December, 11:30 💳 ₽1,500 № 1 We are looking forward to seeing you.',
  );
  await ann.send('/language');
  expect((await ann.press('Русский')).text).toBe('Теперь я говорю по-русски.');
  expect(line((await ann.send('/help')).text)).toContain(
    'не позднее чем за 2 часа до начала. Время указано по часовому поясу Europe/Moscow.',
  );
  expect((await ann.send('/cancel')).text).toBe('Прерывать нечего. Что вы хотите сделать?');
});

test('a visit that is too near cannot be cancelled, and nobody cancels a stranger’s', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const [ivan, eve] = [await salon.customer('Ivan', 'en'), await salon.customer('Eve', 'en')];
  await chooseNoon(ivan, { book: '📅 Book a visit' });
  await ivan.press('✅ Confirm');
  await ivan.press('🗓 My bookings');
  await ivan.press(/12:00/);
  const question = await ivan.press('❌ Cancel this booking');
  const yes = question.buttons.flat()[0]?.data ?? '';
  const forger = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  await eve.send('/start');
  await forger.api.sendMessage(eve.person.id, 'forged', { reply_markup: new InlineKeyboard().text('cancel it', yes) });
  expect(await eve.popup('cancel it')).toBe('There is no such booking.');
  salon.clock.now += 22 * HOUR + 1;
  // A reminder has come in between: the older message with the question is still there to be pressed.
  await ivan.chat.press({ data: yes, messageId: question.id, waitMs: 10_000 });
  const { messages } = await ivan.chat.read();
  expect(messages.find(({ id }) => id === question.id)?.text).toBe(
    'A booking can be cancelled until 2 hours before it begins. Please contact us directly.',
  );
  const reminded = async (): Promise<boolean> =>
    (await ivan.chat.read()).messages.some((message) => labels(message).includes('✅ I will come'));
  await until('the reminder came', reminded);
  await ivan.send('/mybookings');
  expect(labels(await ivan.press(/12:00/))).toEqual(['🗓 To my calendar', '‹ Back']);
  expect(await countRows(salon.database, `bookings WHERE status = 'confirmed'`)).toBe(1);
});

test('old, forged and foreign buttons, pictures and nonsense get a friendly answer', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const eve = await salon.customer('Eve', 'en');
  await eve.send('/start');
  const forger = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  const forged: Record<string, string> = {
    b0x: 'b0.x',
    emoji: '🙂',
    'owner menu': 'b1.a',
    'hide service': 'b1.av.1.0',
    'no language': 'b1.g.9',
    'far time': 'b1.c.1.0.zzzzzzzz',
    'no date': 'b1.d.1.0.1',
    'far date': 'b1.d.1.0.1n6nrj',
  };
  const buttons = Object.entries(forged).map(([text, data]) => [InlineKeyboard.text(text, data)]);
  await forger.api.sendMessage(eve.person.id, 'forged', { reply_markup: new InlineKeyboard(buttons) });
  const old = 'This button is out of date. Please begin again with /start.';
  expect(await eve.popup('b0x')).toBe(old);
  expect(await eve.popup('emoji')).toBe(old);
  expect(await eve.popup('owner menu')).toBe('This is not yours to do: please ask the owner.');
  expect(await eve.popup('hide service')).toBe('This is not yours to do: please ask the owner.');
  expect(await eve.popup('no language')).toBe(old);
  expect(await eve.popup('far time')).toBe(old);
  expect(await eve.popup('no date')).toBe(old);
  expect(await eve.popup('far date')).toBe(old);
  const lost = 'I work with buttons. What would you like to do?';
  await eve.chat.sendPhoto();
  expect((await eve.chat.waitFor())?.text).toBe(lost);
  for (const text of ['🙂'.repeat(2_000), '<b>&amp;', '/admin', '/nonsense', '/start@salon_bot']) {
    expect((await eve.send(text)).text.startsWith(text.startsWith('/start') ? '👋 Hello' : lost)).toBe(true);
  }
  expect(await countRows(salon.database, 'services WHERE active')).toBe(1);
});

test('the menu of commands is there in both languages, and the owner’s in their own chat', async () => {
  await using salon = await openSalon();
  const { owner } = salon;
  await owner.chat.start();
  await salon.startProcess();
  const [ivan, ann] = [await salon.customer('Иван', 'ru'), await salon.customer('Ann', 'en')];
  const menu = async ({ chat }: Chatter) => (await chat.read()).commands.map(({ description }) => description);
  await Promise.all([ivan.send('/start'), ann.send('/start')]);
  expect((await menu(ivan))[1]).toBe('Записаться');
  expect((await menu(ann))[1]).toBe('Book a visit');
  expect(await menu(owner)).toContain('Управление');
});

test('a text of the tenant’s own is spoken within a minute, and one that Telegram would refuse never', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/book');
  await salon.database.query(
    `INSERT INTO text_templates (key, locale, text) VALUES ('choose-service', 'en', 'What may we <b>do</b> for you?'),
     ('mine-empty', 'en', '<b>broken')`,
  );
  salon.clock.now += 60_000;
  expect((await ann.send('/book')).text).toBe('What may we do for you?');
  expect((await ann.send('/mybookings')).text).toBe('You have no bookings yet.');
});
