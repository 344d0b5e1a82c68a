/**
 * A year of a salon's life against a clock that jumps: customers book, move and cancel, staff take days off, processes end
 * and others take over, and the clocks change twice. At the end every reminder that should have been is held against what
 * was sent, by a reckoning of its own.
 */
import { Bot } from 'grammy';
import type { Update } from 'grammy/types';
import { createBookingKind } from '#bot-runtime/kinds/booking/index.ts';
import { type Action, encodeAction } from '#bot-runtime/kinds/booking/keyboards/action.ts';
import type { KindServices } from '#bot-runtime/runtime/kind.ts';
import type { Database } from '#core/postgres/database.ts';
import { createSandboxClient } from '#main/sandbox/sandbox-client.ts';
import { type Random, randomBetween } from '#sandbox/random.ts';
import { createFastClock, type FastClock } from './fast-clock.ts';
import { createReckoning, type Reckoning, type YearVerdict } from './year-reckoning.ts';

/** What the year is made of. */
export interface YearOptions {
  /** A fresh tenant's storage. */
  readonly database: Database;
  /** What a runtime gives to the kind, but for clock and sleep. */
  readonly services: KindServices;
  readonly sandboxUrl: string;
  readonly telegramApiRoot: string;
  readonly bookings: number;
  readonly random: Random;
}

/** What came of it. */
export interface YearResult extends YearVerdict {
  readonly booked: number;
  readonly moved: number;
  readonly cancelled: number;
  readonly daysOff: number;
  readonly restarts: number;
}

const ZONE = 'Europe/Berlin';
const START = Date.parse('2027-01-04T08:00:00Z');
const DAY = 86_400_000;
const HALF_HOUR = 1_800_000;
const PEOPLE = 40;
const MEMBERS = 3;
const KINDS = ['1d', '24h', '2h', '1h'];
/** What nobody says is found by then; whatever is late by more than a minute was not found by a wake-up. */
const LONGEST_SLEEP_MS = DAY / 2;
const REMINDER = '🔔';

interface Year {
  readonly options: YearOptions;
  readonly clock: FastClock;
  readonly reckoning: Reckoning;
  readonly people: readonly number[];
  readonly token: string;
  readonly counts: { booked: number; moved: number; cancelled: number; daysOff: number; restarts: number };
  bot: RunningYearBot;
  updateId: number;
}

interface RunningYearBot {
  readonly bot: Bot;
  close(): Promise<void>;
}

interface Doing {
  readonly at: number;
  run(): Promise<void>;
}

/** Plays it. */
export async function playYear(options: YearOptions): Promise<YearResult> {
  const clock = createFastClock(START);
  const reckoning = createReckoning(ZONE, KINDS);
  await furnish(options.database);
  const { people, token } = await populate(options);
  const bot = await startBot(options, token, clock, reckoning);
  const counts = { booked: 0, moved: 0, cancelled: 0, daysOff: 0, restarts: 0 };
  const year: Year = { options, clock, reckoning, people, token, counts, bot, updateId: 1 };
  const agenda = planYear(year);
  while (agenda.length > 0) {
    await clock.asleep(1);
    const next = agenda[0];
    if (next === undefined || clock.nextWake() <= next.at) {
      clock.moveTo(clock.nextWake());
      continue;
    }
    agenda.shift();
    clock.moveTo(next.at);
    await next.run();
    agenda.sort((a, b) => a.at - b.at);
  }
  // Until the last visit is over.
  const end = clock.now() + 90 * DAY;
  for (await clock.asleep(1); clock.now() < end; await clock.asleep(1)) clock.moveTo(clock.nextWake());
  await year.bot.close();
  return { ...reckoning.verdict(), ...year.counts };
}

/** Three members, half hours from 9 to 18, no limits, reminders a day before by either reckoning. */
async function furnish(database: Database): Promise<void> {
  await database.query(`INSERT INTO staff (name) SELECT 'Member ' || n FROM generate_series(2, ${MEMBERS}) n`);
  await database.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT s, d, '9:00', '18:00'
     FROM generate_series(2, ${MEMBERS}) s, generate_series(1, 7) d`,
  );
  await database.query(
    `INSERT INTO settings (key, value) VALUES ('reminders', $1), ('max_bookings_per_user', '1000'),
       ('cancellation_hours', '0'), ('lead_minutes', '0'), ('review_after_minutes', '0'), ('ask_contact', 'false')`,
    [JSON.stringify(KINDS)],
  );
  await database.query(`UPDATE settings SET value = to_jsonb($1::text) WHERE key = 'time_zone'`, [ZONE]);
}

async function populate({ sandboxUrl }: YearOptions): Promise<{ people: number[]; token: string }> {
  const sandbox = createSandboxClient(sandboxUrl);
  const owner = await sandbox.createPerson({ name: 'Owner' });
  const { id, token } = await sandbox.createBot({ ownerId: owner.id, name: 'Year', username: 'a_year_bot' });
  const people: number[] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const person = await sandbox.createPerson({ name: `Guest ${index}`, languageCode: 'en' });
    await sandbox.chat(id, person.id).start();
    people.push(person.id);
  }
  return { people, token };
}

async function startBot(
  { services, telegramApiRoot }: YearOptions,
  token: string,
  clock: FastClock,
  reckoning: Reckoning,
): Promise<RunningYearBot> {
  const bot = new Bot(token, { client: { apiRoot: telegramApiRoot } });
  bot.api.config.use(async (previous, method, payload, signal) => {
    const answer = await previous(method, payload, signal);
    const text = 'text' in payload ? String(payload.text) : '';
    if (method === 'sendMessage' && answer.ok && text.startsWith(REMINDER)) reckoning.sent(text, clock.now());
    return answer;
  });
  await bot.init();
  const kind = createBookingKind(LONGEST_SLEEP_MS);
  const instance = kind.install(bot, { ...services, now: clock.now, sleep: clock.sleep });
  await instance.onStarted();
  return { bot, close: () => instance.close() };
}

/** What happens when: every booking with what becomes of it, days off, and processes that end. */
function planYear(year: Year): Doing[] {
  const { random, bookings } = year.options;
  const agenda: Doing[] = [];
  const at = () => START + Math.floor(random() * 365 * DAY);
  for (let index = 0; index < bookings; index += 1) {
    agenda.push({ at: at(), run: () => bookAndFollow(year, agenda) });
  }
  for (let index = 0; index < Math.max(4, bookings / 100); index += 1) {
    agenda.push({ at: at(), run: () => dayOff(year) }, { at: at(), run: () => changeProcess(year) });
  }
  return agenda.sort((a, b) => a.at - b.at);
}

async function bookAndFollow(year: Year, agenda: Doing[]): Promise<void> {
  const { options, clock, people, counts } = year;
  const { random, database } = options;
  const person = people[randomBetween(random, 0, people.length - 1)] ?? 0;
  const updateId = await press(year, person, {
    ...{ kind: 'confirm', services: [1], staff: 0, minute: someTime(random, clock.now()) },
  });
  const { rows } = await database.query<{ id: string; begins: Date }>(
    'SELECT id, lower(during) AS begins FROM bookings WHERE source_update_id = $1',
    [updateId],
  );
  const booking = rows[0];
  if (booking === undefined) return;
  counts.booked += 1;
  year.reckoning.placed(Number(booking.id), booking.begins.getTime(), clock.now());
  const fate = random();
  const then = clock.now() + Math.floor(random() * (booking.begins.getTime() - clock.now()));
  if (fate < 0.25) agenda.push({ at: then, run: () => move(year, person, Number(booking.id)) });
  else if (fate < 0.4) agenda.push({ at: then, run: () => cancel(year, person, Number(booking.id)) });
}

async function move(year: Year, person: number, booking: number): Promise<void> {
  const before = await startOf(year, booking);
  const minute = someTime(year.options.random, year.clock.now());
  await press(year, person, { kind: 'moveConfirm', booking, staff: 0, minute });
  const after = await startOf(year, booking);
  if (after === undefined || after === before) return;
  year.counts.moved += 1;
  year.reckoning.placed(booking, after, year.clock.now());
}

async function cancel(year: Year, person: number, booking: number): Promise<void> {
  await press(year, person, { kind: 'cancel', booking });
  if ((await startOf(year, booking)) !== undefined) return;
  year.counts.cancelled += 1;
  year.reckoning.gone(booking, year.clock.now());
}

/** A member is away: everyone on that day finds another time, or cancels. */
async function dayOff(year: Year): Promise<void> {
  const { options, clock } = year;
  const { random, database } = options;
  const date = new Date(clock.now() + randomBetween(random, 1, 20) * DAY).toISOString().slice(0, 10);
  const member = randomBetween(random, 1, MEMBERS);
  await database.query('INSERT INTO working_hours (staff_id, on_date) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    member,
    date,
  ]);
  const { rows } = await database.query<{ id: string; person: string }>(
    `SELECT b.id, u.telegram_id AS person FROM bookings b JOIN users u ON u.id = b.user_id
     WHERE b.staff_id = $1 AND b.status = 'confirmed' AND (lower(b.during) AT TIME ZONE '${ZONE}')::date = $2::date`,
    [member, date],
  );
  for (const { id, person } of rows) {
    await (random() < 0.7 ? move(year, Number(person), Number(id)) : cancel(year, Number(person), Number(id)));
  }
  year.counts.daysOff += 1;
}

/** Another process takes over; for a while both are there. */
async function changeProcess(year: Year): Promise<void> {
  const { options, token, clock, reckoning } = year;
  const next = await startBot(options, token, clock, reckoning);
  await clock.asleep(2);
  await year.bot.close();
  year.bot = next;
  year.counts.restarts += 1;
}

async function startOf({ options }: Year, booking: number): Promise<number | undefined> {
  const { rows } = await options.database.query<{ begins: Date }>(
    `SELECT lower(during) AS begins FROM bookings WHERE id = $1 AND status = 'confirmed'`,
    [booking],
  );
  return rows[0]?.begins.getTime();
}

/** A half hour within the coming month, as minutes since 1970; not every one is free, nor within the hours. */
function someTime(random: Random, now: number): number {
  const day = Math.floor(now / DAY) * DAY + randomBetween(random, 0, 30) * DAY;
  return (day + randomBetween(random, 14, 34) * HALF_HOUR) / 60_000;
}

/** Presses a button, as if the screen with it still stood in the chat. */
async function press(year: Year, person: number, action: Action): Promise<number> {
  const updateId = year.updateId;
  year.updateId += 1;
  const chat = { id: person, type: 'private', first_name: 'Guest' } as const;
  const update: Update = {
    update_id: updateId,
    callback_query: {
      id: String(updateId),
      from: { id: person, is_bot: false, first_name: 'Guest', language_code: 'en' },
      chat_instance: '1',
      data: encodeAction(action),
      message: { message_id: 1, date: 0, chat },
    },
  };
  await year.bot.bot.handleUpdate(update);
  return updateId;
}
