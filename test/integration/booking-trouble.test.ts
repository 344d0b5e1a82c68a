/** The booking bot in trouble: races, dying processes, haste, a lost Redis, a broken database, people who press anything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { chooseNoon, labels, openSalon } from './booking-salon.ts';
import { countRows } from './booking-world.ts';

test('20 customers press "confirm" for one time: one is booked, 19 get a friendly answer with other times', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const customers = await Promise.all(Array.from({ length: 20 }, (_, n) => salon.customer(`Customer ${n}`, 'en')));
  await Promise.all(customers.map((customer) => chooseNoon(customer, { book: '📅 Book a visit' })));
  const screens = await Promise.all(customers.map((customer) => customer.press('✅ Confirm')));
  expect(screens.filter(({ text }) => text.startsWith('✅ You are booked!'))).toHaveLength(1);
  const late = screens.filter(({ text }) => text.startsWith('Somebody was faster'));
  expect(late).toHaveLength(19);
  expect(labels(late[0] ?? screens[0] ?? (await Promise.reject(new Error('no screen'))))).toContain(
    'Tue 24 November 13:00',
  );
  expect(await countRows(salon.database, 'bookings')).toBe(1);
});

test('a process that dies after booking and before telling Telegram so books nothing twice', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const ivan = await salon.customer('Ivan', 'en');
  await chooseNoon(ivan, { book: '📅 Book a visit' });
  const died = first.dieUnconfirmed(({ callback_query: query }) => query !== undefined);
  await ivan.press('✅ Confirm');
  await died;
  await salon.startProcess();
  expect((await ivan.send('/mybookings')).text).toBe('Your bookings');
  const summary = await salon.sandbox.recordSummary(salon.botId);
  expect(summary.bots[0]?.updates.redelivered).toBe(1);
  expect(await countRows(salon.database, 'bookings')).toBe(1);
  expect(await countRows(salon.database, 'booking_history')).toBe(1);
  const screens = (await ivan.chat.read()).messages.filter(({ text }) => text.includes('You are booked'));
  expect(screens).toHaveLength(1);
});

test('a second press, another process and an emptied Redis find the same booking', async () => {
  await using salon = await openSalon();
  const first = await salon.startProcess();
  const ivan = await salon.customer('Ivan', 'en');
  const question = await chooseNoon(ivan, { book: '📅 Book a visit' });
  const data = question.buttons.flat().find(({ text }) => text === '✅ Confirm')?.data ?? '';
  await first.stop();
  await salon.redis.redis.flushall();
  await salon.startProcess();
  const presses = [1, 2].map(() => ivan.chat.press({ data, messageId: question.id, waitMs: 10_000 }));
  await Promise.all(presses);
  expect((await ivan.screen()).text).toContain('You are booked!');
  expect(await countRows(salon.database, 'bookings')).toBe(1);
});

test('who hurries is told once and then dropped, each person for themselves', async () => {
  await using salon = await openSalon({ rateLimitMessageSeconds: 30, rateLimitCallbackSeconds: 30 });
  await salon.startProcess();
  const [ivan, ann] = [await salon.customer('Ivan', 'ru'), await salon.customer('Ann', 'en')];
  await ivan.send('/start');
  expect((await ivan.send('/help')).text).toBe('Секунду, пожалуйста: чуть медленнее 🙂');
  await ivan.chat.say('/help');
  await ivan.chat.say('/help');
  expect((await ann.send('/start')).text).toContain('Hello, Ann!');
  await ann.press('❓ Help');
  expect(await ann.popup(/To the beginning/)).toBe('One moment, please: a little slower 🙂');
  expect(await ann.popup(/To the beginning/)).toBeUndefined();
  expect((await ivan.chat.read()).messages.filter(({ from }) => from === 'bot')).toHaveLength(2);
  const keys = await salon.redis.redis.keys('*');
  expect(keys.every((key) => key.startsWith('client_001:ratelimit:'))).toBe(true);
});

test('who wrote several times while nobody served is answered each time: that was no haste', async () => {
  await using salon = await openSalon({ rateLimitMessageSeconds: 30, rateLimitCallbackSeconds: 30 });
  const ivan = await salon.customer('Ivan', 'en');
  await ivan.chat.say('/start');
  await ivan.chat.say('/help');
  // Telegram tells the time of a message in whole seconds: this is after both, whatever the second.
  salon.clock.now = Date.now() + 1;
  await salon.startProcess();
  await until('both are answered', async () => (await ivan.chat.read()).messages.length === 4);
  const answers = (await ivan.chat.read()).messages.filter(({ from }) => from === 'bot');
  expect(answers.map(({ text }) => text).join()).not.toContain('a little slower');
});

test('when the database is away the customer gets an apology, and is served again once it is back', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const ivan = await salon.customer('Иван', 'ru');
  await ivan.send('/start');
  await salon.database.query('ALTER TABLE services RENAME TO gone');
  const apology = 'Простите, у нас что-то пошло не так. Попробуйте ещё раз через минуту.';
  expect(await ivan.popup('📅 Записаться')).toBe(apology);
  expect((await ivan.send('/book')).text).toBe(apology);
  await salon.database.query('ALTER TABLE gone RENAME TO services');
  expect((await ivan.send('/book')).text).toBe('На что вас записать?');
});

test('somebody the owner has blocked hears nothing, and somebody who blocked the bot is no failure', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const [eve, ann] = [await salon.customer('Eve', 'en'), await salon.customer('Ann', 'en')];
  await eve.send('/start');
  await salon.database.query('UPDATE users SET blocked = true');
  expect(await eve.popup('❓ Help')).toBeUndefined();
  await eve.chat.say('/help');
  await salon.sandbox.failNextCalls({
    method: 'sendMessage',
    code: 403,
    description: 'Forbidden: bot was blocked by the user',
  });
  await ann.chat.say('/start');
  expect((await ann.send('/help')).text).toContain('/mybookings');
  const sent = await salon.sandbox.recordedCalls({ method: 'sendMessage' });
  expect(sent.map(({ chatId, code }) => [chatId === ann.person.id ? 'Ann' : 'Eve', code])).toEqual([
    ['Eve', 200],
    ['Ann', 403],
    ['Ann', 200],
  ]);
});

test('without Redis customers are served as before', async () => {
  await using salon = await openSalon({ rateLimitMessageSeconds: 30, rateLimitCallbackSeconds: 30 });
  await salon.startProcess();
  salon.redis.redis.disconnect();
  const ivan = await salon.customer('Ivan', 'en');
  await chooseNoon(ivan, { book: '📅 Book a visit' });
  expect((await ivan.press('✅ Confirm')).text).toContain('You are booked!');
});

test('whoever presses and writes at random is always answered, nothing fails, and no two visits overlap', async () => {
  await using salon = await openSalon({ maxBookingsPerUser: 50 });
  await salon.startProcess();
  const ann = await salon.customer('Ann', 'en');
  const people = [salon.owner, ann, await salon.customer('Иван', 'ru')];
  await Promise.all(people.map((person) => person.send('/start')));
  await chooseNoon(ann, { book: '📅 Book a visit' });
  await ann.press('✅ Confirm');
  const words = ['/start', '/admin', '/book', '/cancel', 'Name', '45', '1 500', 'Mon-Sun 9-20', '🙂', '/mybookings'];
  const anyStep = fc.record({ who: fc.nat(2), writes: fc.nat(9), choice: fc.nat(200) });
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 60, maxLength: 60 }), async (steps) => {
      for (const { who, writes, choice } of steps) {
        const person = people[who] ?? salon.owner;
        const buttons = (await person.screen()).buttons.flat().filter(({ text }) => !/^[ ·]$/.test(text));
        const button = buttons[choice % Math.max(1, buttons.length)];
        if (writes < 2 || button === undefined) {
          await person.send(words[choice % words.length] ?? '/start');
        } else {
          await person.press(button.text);
        }
        // Whom the owner has blocked hears nothing, and rightly so: the next step is somebody's who is heard.
        await salon.database.query('UPDATE users SET blocked = false WHERE blocked');
      }
      expect(salon.errors).toEqual([]);
    }),
    { numRuns: 6 },
  );
  const overlapping = await countRows(
    salon.database,
    `bookings a JOIN bookings b ON a.id < b.id AND a.held && b.held AND a.status = 'confirmed' AND b.status = 'confirmed'`,
  );
  expect(overlapping).toBe(0);
  expect(await countRows(salon.database, 'bookings')).toBeGreaterThan(0);
});
