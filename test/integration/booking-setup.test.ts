/** The first set-up of a booking bot, and its services, as the owner meets them. */
import { expect, test } from 'vitest';
import { chooseNoon, labels, line, openSalon, SKIP_CONTACT } from './booking-salon.ts';
import { countRows } from './booking-world.ts';

test('a fresh bot leads its owner to a bookable one in a few presses, and a customer books', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  const zone = await owner.send('/start');
  expect(zone.text).toContain('1 of 3. Where are you?');
  expect((await owner.send('🙂')).text).toContain('I do not know this city.');
  expect((await owner.send('saint p')).text).toContain('2 of 3. When are you open?');
  expect((await owner.send('Mon 18-9')).text).toContain('The end must come after the beginning');
  await owner.press('‹ Back');
  expect((await owner.press('‹ Back')).text).toContain('1 of 3');
  await owner.press('Skip ›');
  expect((await owner.press('Mon-Sat 10:00-19:00')).text).toContain('3 of 3. What can be booked first?');
  await owner.press('💅 Nails');
  const end = await owner.press(/^Manicure · 1 h/u);
  expect(line(end.text)).toContain('Your bot can be booked! Give this link to your customers: https://t.me/salon_bot');
  expect((await owner.send('/start')).text).toContain('Hello, Olga!');
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/start');
  expect(labels(await ann.press('📅 Book a visit'))).toEqual(['Manicure · 1 h · ₽1,200', '‹ To the beginning']);
  await ann.press(/^Manicure/u);
  expect(labels(await ann.press('24'))[0]).toBe('10:00');
  await ann.press('10:00');
  await ann.press(SKIP_CONTACT);
  expect((await ann.press('✅ Confirm')).text).toContain('You are booked!');
  expect(await countRows(salon.database, 'admin_actions')).toBe(3);
  expect(salon.errors).toEqual([]);
});

test('the first set-up can be left with /cancel, taken up later, and written instead of pressed', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/start');
  await owner.press('Skip ›');
  expect((await owner.send('/cancel')).text).toContain('You can finish the set-up in the menu at any time.');
  expect((await owner.send('/start')).text).toContain('Hello, Olga!');
  await owner.press('⚙️ Manage');
  expect((await owner.press('🧭 Finish the set-up')).text).toContain('2 of 3');
  await owner.send('Mon-Fri 9-13, 14-18');
  expect((await owner.send('/start')).text).toContain('3 of 3');
  await owner.send('Shave');
  await owner.send('soon');
  await owner.send('30');
  expect((await owner.send('900')).text).toContain('Your bot can be booked!');
  expect(labels(await owner.press('⚙️ Manage'))).not.toContain('🧭 Finish the set-up');
  expect(await countRows(salon.database, `services WHERE active`)).toBe(1);
  expect(await countRows(salon.database, `services WHERE active AND name = 'Shave' AND price_kopecks = 90000`)).toBe(1);
});

test('everything about a service can be changed, and wrong answers are answered and never stick', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/admin');
  await owner.press('💼 Services');
  await owner.press(/Консультация/u);
  await owner.press('✏️ Name');
  expect((await owner.send('Cut <short>')).text).toContain('💼 Cut <short>, 1 h');
  await owner.press('⏱ Duration');
  expect((await owner.send('🙂'.repeat(2_000))).text).toContain('I could not read that.');
  expect((await owner.send('45')).text).toContain('45 min');
  await owner.press('💳 Price');
  expect((await owner.send('1500')).text).toContain('₽1,500');
  await owner.press('⏮ Time before');
  expect((await owner.send('500')).text).toContain('minutes from 0 to 240');
  await owner.send('10');
  await owner.press('⏭ Time after');
  expect((await owner.send('15')).text).toContain('Kept free: 10 min before, 15 min after');
  await owner.press('👥 Places');
  expect((await owner.send('0')).text).toContain('a number from 1 to 1000');
  expect((await owner.send('8')).text).toContain('A group of up to 8');
  await owner.press('🖼 Photo');
  await owner.chat.sendVoice();
  expect((await owner.chat.waitFor())?.text).toContain('Please send a photo');
  await owner.chat.sendPhoto();
  expect(labels((await owner.chat.waitFor()) ?? (await owner.screen()))).toContain('Take the photo away');
  await owner.press('✏️ Name');
  await owner.press('‹ Back');
  expect((await owner.send('This is no name')).text).toBe('I work with buttons. What would you like to do?');
  const { rows } = await salon.database.query(
    `SELECT name, duration_minutes, capacity, buffer_after_minutes, photo_file_id IS NOT NULL AS photo FROM services`,
  );
  expect(rows).toEqual([
    { name: 'Cut <short>', duration_minutes: 45, capacity: 8, buffer_after_minutes: 15, photo: true },
  ]);
  expect(await countRows(salon.database, `admin_actions WHERE action = 'service.change'`)).toBe(7);
});

test('services change places, and two that customers see never have one name', async () => {
  await using salon = await openSalon();
  await salon.database.query(`INSERT INTO services (name, duration_minutes) VALUES ('Cut', 45), ('Colour', 90)`);
  await salon.startProcess();
  const { owner } = salon;
  await owner.send('/admin');
  await owner.press('💼 Services');
  await owner.press(/Colour/u);
  await owner.press('⬆️ Up');
  await owner.press('⬆️ Up');
  await owner.press('⬆️ Up');
  const list = await owner.press('‹ Back');
  expect(
    labels(list)
      .slice(0, 3)
      .map((label) => label.split(' ')[1]),
  ).toEqual(['Colour', 'Консультация', 'Cut']);
  await owner.press(/Cut/u);
  await owner.press('✏️ Name');
  expect((await owner.send('colour')).text).toContain('There already is a service with this name.');
  expect((await owner.send('Cut 2')).text).toContain('Cut 2');
});

test('a button of a service that is hidden since is answered kindly, and the visit that was booked stays', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner } = salon;
  const [ann, bob] = [await salon.customer('Ann', 'en'), await salon.customer('Bob', 'en')];
  await chooseNoon(ann, { book: '📅 Book a visit' });
  await ann.press('✅ Confirm');
  await bob.send('/book');
  await owner.send('/admin');
  await owner.press('💼 Services');
  const screen = await owner.press(/Консультация/u);
  expect(screen.text).toContain('1 visit lies ahead; it stays as it was booked.');
  await owner.press('🚫 Hide from customers');
  expect((await bob.press(/Консультация/u)).text).toContain('This service cannot be booked any more.');
  expect(labels(await ann.send('/mybookings'))[0]).toContain('Консультация');
  expect(await countRows(salon.database, `bookings WHERE status = 'confirmed'`)).toBe(1);
});
