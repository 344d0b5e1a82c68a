/** The team: members with their services and hours, people with their roles, and what each of them sees and may do. */
import { Bot, InlineKeyboard } from 'grammy';
import { expect, test } from 'vitest';
import { type Chatter, labels, line, openSalon, type Salon } from './booking-salon.ts';
import { countRows, DAY } from './booking-world.ts';

async function forged(salon: Salon, who: Chatter, data: string): Promise<string | undefined> {
  const bot = new Bot(salon.token, { client: { apiRoot: salon.telegramApiRoot } });
  await bot.api.sendMessage(who.person.id, 'forged', { reply_markup: new InlineKeyboard().text('forged', data) });
  return await who.popup('forged');
}

/** The owner adds somebody and answers with the secret of the link that makes the account theirs. */
async function addBoris(owner: Chatter): Promise<string> {
  await owner.send('/admin');
  await owner.press('👤 Team');
  await owner.press('➕ Add somebody');
  await owner.send('Boris');
  const made = await owner.press('🔗 Link for their own calendar');
  return /start=(join_[\w-]{22})/.exec(made.text)?.[1] ?? '';
}

async function book(customer: Chatter, member: string, time: string): Promise<void> {
  await customer.send('/start');
  await customer.press('📅 Book a visit');
  await customer.press(/Консультация/u);
  await customer.press(member);
  await customer.press('24');
  await customer.press(time);
  if (labels(await customer.screen()).includes('Go on without a number'))
    await customer.press('Go on without a number');
  await customer.press('✅ Confirm');
}

test('a member is added, does some services at hours of their own, with days that follow no week, and is hidden again', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database } = salon;
  await database.query(`INSERT INTO services (name, duration_minutes) VALUES ('Massage', 60)`);
  await addBoris(owner);
  await owner.send('/admin');
  await owner.press('👤 Team');
  expect(line((await owner.press('Boris')).text)).toContain('👤 Boris 💼 everything 🕒 Mon-Sun 9:00-18:00');
  await owner.press('💼 Services');
  await owner.press('✅ Massage');
  await owner.press('✅ Консультация');
  expect(labels(await owner.screen())).toContain('✅ Консультация');
  await owner.press('‹ Back');
  expect((await owner.screen()).text).toContain('💼 Консультация');
  await owner.press('🕒 Hours');
  expect((await owner.send('Mon-Fri 18-9')).text).toContain('The end must come after');
  expect((await owner.send('Mon-Fri 14-18')).text).toContain('🕒 Mon-Fri 14:00-18:00');
  await owner.press('📅 Single days');
  await owner.press('➕ Add a day');
  expect((await owner.send('24.11')).text).toContain('I could not read that');
  expect((await owner.send('24.11 10-12')).text).toContain('Tue 24 November: 10:00-12:00');
  const ann = await salon.customer('Ann', 'en');
  await ann.send('/start');
  await ann.press('📅 Book a visit');
  await ann.press(/Консультация/u);
  await ann.press('Boris');
  await ann.press('24');
  expect(labels(await ann.screen()).filter((label) => /^\d\d:\d\d$/.test(label))).toEqual(['10:00', '10:30', '11:00']);
  await owner.press('✖️ Tue 24 November: as usual');
  expect(await countRows(database, 'working_hours WHERE on_date IS NOT NULL')).toBe(0);
  await owner.press('‹ Back');
  expect((await owner.press('🚫 Hide from customers')).text).toContain('Cannot be booked');
  await owner.press('‹ Back');
  await owner.press(/Salon/);
  expect(await owner.popup('🚫 Hide from customers')).toContain('this is the last one');
  expect(await countRows(database, 'staff WHERE active')).toBe(1);
  expect(await countRows(database, `admin_actions WHERE action = 'staff.hide'`)).toBe(1);
});

test('a link lets in whoever opens it first, who sees their own calendar and nothing of the others', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database } = salon;
  const secret = await addBoris(owner);
  expect(JSON.stringify((await database.query('SELECT * FROM invitations')).rows)).not.toContain(secret.slice(5));
  const boris = await salon.customer('Boris', 'en');
  expect(line((await boris.send(`/start ${secret}`)).text)).toContain(
    'Welcome to the team of Salon <Beauty> & Co! You are: team member.',
  );
  expect((await boris.send(`/start ${secret}`)).text).toContain('Welcome to the team');
  const thief = await salon.customer('Thief', 'en');
  expect((await thief.send(`/start ${secret}`)).text).toContain('This link leads nowhere any more');
  expect((await thief.send('/admin')).text).not.toContain('What would you like to manage');
  const ann = await salon.customer('Ann', 'en');
  await book(ann, 'Boris', '12:00');
  await book(ann, 'Salon <Beauty> & Co', '15:00');
  await boris.send('/admin');
  expect(labels(await boris.screen())).toEqual(['📋 Today and tomorrow', '👤 As a customer']);
  await boris.press('📋 Today and tomorrow');
  const entries = labels(await boris.screen()).filter((label) => label.includes('Ann'));
  expect(entries).toEqual(['12:00 · Ann · Консультация']);
  expect(labels(await boris.screen())).not.toContain('➕ New visit');
  // Somebody else's visit, and whatever their role does not cover, is not theirs, whichever button they send.
  for (const data of [
    'b1.pb.2',
    'b1.pz.2',
    'b1.pm.2',
    'b1.pl.0',
    'b1.er',
    'b1.et',
    'b1.ph.0',
    'b1.poa.c29l0.0',
    'b1.poa.c29l0.1',
  ])
    expect(await forged(salon, boris, data), data).toContain('not yours to do');
  expect(await countRows(database, 'blocked_slots')).toBe(0);
  expect(await countRows(database, `bookings WHERE status = 'confirmed'`)).toBe(2);
  // Their own absence is.
  await boris.send('/admin');
  await boris.press('📋 Today and tomorrow');
  await boris.press('🚫 Away');
  expect(labels(await boris.screen())).toEqual(['Boris', '📋 Mon 23 November']);
  await boris.press('Boris');
  expect((await boris.send('16-18')).text).toContain('cannot be booked any more');
  expect(await countRows(database, 'blocked_slots WHERE staff_id = 2')).toBe(1);
});

test('a right is added and taken away, a role changes, a link is taken back, and whoever is sent away is a customer again', async () => {
  await using salon = await openSalon();
  await salon.startProcess();
  const { owner, database, clock } = salon;
  const secret = await addBoris(owner);
  const boris = await salon.customer('Boris', 'en');
  await boris.send(`/start ${secret}`);
  const openBoris = async (): Promise<void> => {
    await owner.send('/admin');
    await owner.press('🔑 Roles');
    await owner.press(/^Boris/);
  };
  await openBoris();
  await owner.press('🚫 customers');
  expect(labels(await boris.send('/admin'))).toContain('👥 Customers');
  await owner.press('✅ customers');
  expect(labels(await boris.send('/admin'))).not.toContain('👥 Customers');
  await owner.press('🔑 Make: manager');
  expect(labels(await boris.send('/admin'))).toContain('💼 Services');
  expect(labels(await boris.screen())).not.toContain('🔑 Roles');
  await owner.press('❌ Take the access away');
  expect((await owner.press('❌ Yes, take it away')).text).toContain('Boris has no access any more');
  expect((await boris.send('/admin')).text).not.toContain('manage');
  expect(await countRows(database, 'staff WHERE telegram_id IS NOT NULL')).toBe(0);
  // The buyer stays the owner, and nobody changes what they may do themselves.
  await owner.press(/^Olga/);
  expect((await owner.screen()).text).toContain('Nobody changes this here');
  expect(labels(await owner.screen())).toEqual(['‹ Back']);
  await owner.press('‹ Back');
  const made = await owner.press('🔗 Invite: manager');
  const link = /start=(join_[\w-]{22})/.exec(made.text)?.[1] ?? '';
  await owner.press('‹ Back');
  await owner.press(/^✖️ Open link: manager/);
  expect((await boris.send(`/start ${link}`)).text).toContain('leads nowhere');
  const late = /start=(join_[\w-]{22})/.exec((await owner.press('🔗 Invite: manager')).text)?.[1] ?? '';
  clock.now += 8 * DAY;
  expect((await boris.send(`/start ${late}`)).text).toContain('leads nowhere');
  expect(await countRows(database, `admin_actions WHERE action LIKE 'team.%'`)).toBe(9);
});
