/**
 * One booking bot under load: many customers book and cancel at once, each waiting for every answer, with updates
 * confirmed only after they were handled. The rival, in the same simulated Telegram, is a bare grammY bot that echoes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { datesOf, offersBetween } from '#bot-runtime/kinds/booking/domain/offers.ts';
import { addDays, zoneOf } from '#bot-runtime/kinds/booking/domain/zone.ts';
import { loadSchedule } from '#bot-runtime/kinds/booking/repository/schedule.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import type { ChatMessage } from '#shared/schemas/sandbox.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchWorld, makeClient, startBenchWorld } from './world.ts';

const CUSTOMERS = 40;
/** Updates in each part at size 1. */
const UPDATES = 8_000;
const ECHO_BOT = join(import.meta.dirname, 'echo-bot.ts');
const NO_LIMITS = {
  RATE_LIMIT_MESSAGE: '0',
  RATE_LIMIT_CALLBACK: '0',
  CANCELLATION_HOURS: '0',
  MAX_BOOKINGS_PER_USER: '100',
};

interface Load {
  readonly perSecond: number;
  readonly latencies: number[];
}

/** Runs the benchmark. */
export async function benchBot({ size, report }: BenchOptions): Promise<BenchResult> {
  await using world = await startBenchWorld(1, NO_LIMITS);
  await world.waiting(1);
  const updates = Math.round(UPDATES * size);
  const client = await makeClient(world.sandbox, 1);
  await activateAndGreet(world, client);
  const [bot] = await world.sandbox.listBots();
  const booking = await openChats(world, bot?.username ?? '');
  report('warming up');
  await drive(booking, Math.round(updates / 4), bookAndCancel);
  report(`${updates} updates of whole dialogs`);
  const ours = await drive(booking, updates, bookAndCancel);
  report(`${updates} updates of the echo bot`);
  const rival = await withEchoBot(world, async (echo) => {
    await drive(echo, Math.round(updates / 4), sayHello);
    return await drive(echo, updates, sayHello);
  });
  const figures = {
    updates_per_s: round(ours.perSecond),
    p50_ms: percentile(ours.latencies, 0.5),
    p99_ms: percentile(ours.latencies, 0.99),
    month_search_ms: await monthSearch(world, client.clientId),
    customers: CUSTOMERS,
  };
  const rivalFigures = { updates_per_s: round(rival.perSecond), p99_ms: percentile(rival.latencies, 0.99) };
  return {
    name: 'bot',
    figures,
    rival: { name: 'a bare grammY bot that echoes', figures: rivalFigures },
    ratios: { updates_per_s: round(ours.perSecond / rival.perSecond) },
    samples: {},
  };
}

async function openChats(world: BenchWorld, username: string): Promise<SandboxChat[]> {
  const people = Array.from({ length: CUSTOMERS }, (_unused, index) =>
    world.sandbox.createPerson({ name: `Guest ${index}`, languageCode: 'en' }),
  );
  return (await Promise.all(people)).map((person) => world.sandbox.chat(username, person.id));
}

/** What one step of a dialog does; resolves with what the bot showed then. */
type Step = () => Promise<ChatMessage>;

/** Every customer goes through dialogs until together they have caused so many updates. */
async function drive(
  chats: readonly SandboxChat[],
  updates: number,
  dialog: (chat: SandboxChat, timed: (step: Step) => Promise<ChatMessage>) => Promise<void>,
): Promise<Load> {
  const latencies: number[] = [];
  const timed = async (step: Step): Promise<ChatMessage> => {
    const begun = performance.now();
    const shown = await step();
    latencies.push(performance.now() - begun);
    return shown;
  };
  const begun = performance.now();
  await Promise.all(
    chats.map(async (chat) => {
      while (latencies.length < updates) await dialog(chat, timed);
    }),
  );
  return { latencies, perSecond: (latencies.length / (performance.now() - begun)) * 1_000 };
}

async function next(chat: SandboxChat): Promise<ChatMessage> {
  const message = await chat.waitFor({ timeoutMs: 30_000 });
  if (message === null) throw new Error('the bot does not answer');
  return message;
}

async function sayHello(chat: SandboxChat, timed: (step: Step) => Promise<ChatMessage>): Promise<void> {
  await timed(async () => {
    await chat.say('hello');
    return await next(chat);
  });
}

/** Counted in full as a slow answer: rare as it is, it must not hide a bot that does not answer. */
const POPUP_MS = 3_000;

/** From `/start` to a booking, and its cancellation, so that times stay free for the others. */
async function bookAndCancel(chat: SandboxChat, timed: (step: Step) => Promise<ChatMessage>): Promise<void> {
  // A time that somebody else has just taken leads back to the times: then the dialog begins anew.
  const press = async (shown: ChatMessage, action: RegExp): Promise<ChatMessage> => {
    const fitting = shown.buttons.flat().filter((button) => action.test(button.data ?? ''));
    const data = fitting[Math.floor(Math.random() * fitting.length)]?.data;
    if (data === undefined) return shown;
    return await timed(async () => {
      await chat.press({ data });
      // A time that was taken and is free again leaves the screen as it was: then only a pop-up says so.
      return (await chat.waitFor({ timeoutMs: POPUP_MS })) ?? shown;
    });
  };
  let shown = await timed(async () => {
    await chat.start();
    return await next(chat);
  });
  for (const action of [/^b1\.s$/, /^b1\.v\./, /^b1\.d\./, /^b1\.t\./, /^b1\.k\./, /^b1\.c\./])
    shown = await press(shown, action);
  const mine = await timed(async () => {
    await chat.say('/mybookings');
    return await next(chat);
  });
  if (!mine.buttons.flat().some((button) => button.data?.startsWith('b1.b.'))) return;
  shown = mine;
  for (const action of [/^b1\.b\./, /^b1\.x\./, /^b1\.z\./]) shown = await press(shown, action);
}

async function withEchoBot<T>(world: BenchWorld, use: (chats: SandboxChat[]) => Promise<T>): Promise<T> {
  const owner = await world.sandbox.createPerson({ name: 'Echo owner' });
  const bot = await world.sandbox.createBot({ ownerId: owner.id, name: 'Echo', username: 'bench_echo_bot' });
  const child = spawn(process.execPath, [ECHO_BOT], {
    env: { BOT_TOKEN: bot.token, TELEGRAM_API_ROOT: world.plane.sandboxUrl ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    const chats = await openChats(world, bot.username);
    await Promise.all(chats.map((chat) => chat.start()));
    return await use(chats);
  } finally {
    child.kill('SIGKILL');
  }
}

const SEARCHES = 200;

const STAFF = 10;
const DAYS = 60;
const BOOKINGS = 5_000;

/** A busy salon: ten members, sixty days, five thousand visits, most days nearly full. */
async function fillSalon(tx: Queryable): Promise<void> {
  await tx.query(`INSERT INTO staff (name) SELECT 'Member ' || n FROM generate_series(2, ${STAFF}) n`);
  await tx.query(
    `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at) SELECT s, d, '9:00', '18:00'
     FROM generate_series(2, ${STAFF}) s, generate_series(1, 7) d`,
  );
  await tx.query(`DELETE FROM reminders; DELETE FROM notices; DELETE FROM booking_history; DELETE FROM bookings`);
  await tx.query(
    `INSERT INTO bookings (user_id, service_id, staff_id, during)
     SELECT (SELECT min(id) FROM users), 1, s, tstzrange(at, at + interval '1 hour')
     FROM generate_series(1, ${STAFF}) s, generate_series(1, ${DAYS}) d, generate_series(9, 17) h,
       LATERAL (SELECT ((current_date + d) + make_interval(hours => h)) AT TIME ZONE 'Europe/Moscow' AS at) times
     ORDER BY random() LIMIT ${BOOKINGS}`,
  );
  await tx.query('ANALYZE bookings');
}

/** The free days of the coming month for all members of a busy salon, database and computation together. */
async function monthSearch(world: BenchWorld, clientId: string): Promise<number> {
  const now = Date.now();
  const today = new Date(now).toISOString().slice(0, 10);
  const rules = { zone: zoneOf('Europe/Moscow'), slotStepMinutes: 30, leadMinutes: 60, horizonDays: DAYS };
  const month = [today, addDays(today, 30)] as const;
  const samples: number[] = [];
  await world.plane.database.transaction(async (tx) => {
    await tx.query(`SET LOCAL search_path = ${clientId}, public`);
    await fillSalon(tx);
    for (let index = 0; index < SEARCHES; index += 1) {
      const begun = performance.now();
      const schedule = await loadSchedule(tx, { serviceIds: [1], first: month[0], last: month[1] });
      if (schedule === undefined) throw new Error('the sample service is gone');
      const { service, members } = schedule;
      datesOf(offersBetween(service, members, rules, now, month), rules.zone);
      samples.push(performance.now() - begun);
    }
  });
  return percentile(samples, 0.5);
}
