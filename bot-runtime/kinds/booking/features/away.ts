/**
 * Owns days off and blocked hours: who is away when, what becomes of the visits that stand there, and lifting it again.
 */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { parseAway } from '../domain/day-text.ts';
import { addDays, type LocalDate } from '../domain/zone.ts';
import { dateNumber, dateOfNumber } from '../keyboards/action.ts';
import { type Button, inRows, keyboard } from '../keyboards/buttons.ts';
import {
  addBlock,
  askToMove,
  type Block,
  blocksWithin,
  cancelVisitsIn,
  findBlock,
  liftBlock,
  type NewBlock,
  visitsIn,
} from '../repository/blocks.ts';
import type { DeskBooking } from '../repository/desk.ts';
import { moveVisit } from '../repository/move.ts';
import { mayTouch } from '../repository/people.ts';
import { staffFor } from '../repository/services.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { dayButton } from './desk-day.ts';
import { momentLabel } from './details.ts';

/** What becomes of the visits that stand in a block. The order is part of buttons. */
const WAYS = ['show', 'others', 'ask', 'ask-cancel', 'cancel'] as const;
const LONGEST_DAYS = 366;

/** Shows who is away on a day, and whom else to note. With one member there is nobody to choose. */
export async function showAway(turn: Turn, dateAsNumber: number, title?: string): Promise<void> {
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined) return await isOld(turn);
  const { desk, texts, formats } = turn;
  const [from, to] = dayOf(turn, date);
  const { database } = desk.services;
  const [blocks, staff] = await Promise.all([blocksWithin(database, from, to), staffFor(database, [])]);
  const lines = [
    ...(title === undefined ? [] : [title, '']),
    texts.html('away-title', { day: formats.date(date) }),
    ...blocks.map((block) =>
      texts.html('away-line', { who: whoOf(turn, block), when: whenOf(turn, block), why: block.reason ?? '' }),
    ),
  ];
  const own = blocks.filter(({ staffId }) => mayTouch(turn.person, staffId));
  const lifts = own.map((block): Button[] => [
    [
      texts.plain('button-away-lift', { who: whoOf(turn, block), when: whenOf(turn, block) }),
      { kind: 'awayLift', block: block.id },
    ],
  ]);
  const who = (label: string, id: number): Button => [label, { kind: 'awayWho', date: dateAsNumber, staff: id }];
  const all: Button[] = mayTouch(turn.person, undefined)
    ? [who(texts.plain(staff.length > 1 ? 'away-everybody' : 'button-away-add'), 0)]
    : [];
  const members = staff.filter(({ id }) => mayTouch(turn.person, id)).map(({ id, name }) => who(name, id));
  const rows = [
    ...lifts,
    all,
    ...inRows(staff.length > 1 || all.length === 0 ? members : [], 2),
    [dayButton(turn, from)],
  ];
  await show(turn, lines.join('\n'), keyboard(rows));
}

/** Asks when they are away: the whole day by a button, anything else in words. */
export async function askAway(turn: Turn, date: number, staff: number): Promise<void> {
  if (dateOfNumber(date) === undefined) return await isOld(turn);
  if (!mayTouch(turn.person, memberOf(staff))) return await isNotTheirs(turn);
  await askFor(turn, awayAnswers.away_hours, { field: 'away_hours', id: staff, more: String(date) });
}

/** Takes the whole day off. */
export async function takeDayOff(turn: Turn, dateAsNumber: number, staff: number): Promise<void> {
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined) return await isOld(turn);
  if (!mayTouch(turn.person, memberOf(staff))) return await isNotTheirs(turn);
  const [from, to] = dayOf(turn, date);
  await makeBlock(turn, { staffId: memberOf(staff), from, to, reason: undefined });
}

/** What is written about an absence. */
export const awayAnswers: Answers<'away_hours'> = {
  away_hours: {
    prompt: async (turn, { id, more }) => {
      const date = dateOfNumber(Number(more)) ?? '';
      const who = await nameOf(turn, id);
      return turn.texts.html('away-ask', { day: turn.formats.date(date), who });
    },
    back: ({ more }) => ({ kind: 'away', date: Number(more) }),
    more: ({ id, more }, { texts }) => [
      [[texts.plain('button-away-day'), { kind: 'awayDay', date: Number(more), staff: id }]],
    ],
    async take(turn, { id, more }, text): Promise<Taken> {
      const date = dateOfNumber(Number(more));
      const away = date === undefined ? undefined : parseAway(text, date);
      if (date === undefined || away === undefined) return { problem: turn.texts.html('away-unclear') };
      const times = timesOf(turn, date, away);
      if (times === undefined) return { problem: turn.texts.html('away-unclear') };
      await makeBlock(turn, { staffId: memberOf(id), ...times, reason: away.reason });
      return 'done';
    },
  },
};

/** Does with the visits in a block what was chosen. */
export async function settleVisits(turn: Turn, blockId: number, index: number): Promise<void> {
  const way = WAYS[index];
  const { desk, now } = turn;
  const { database } = desk.services;
  const block = await findBlock(database, blockId);
  if (way === undefined || block === undefined) return await isOld(turn);
  if (!mayTouch(turn.person, block.staffId)) return await isNotTheirs(turn);
  const visits = await visitsIn(database, block, now);
  if (way === 'show') return await showVisits(turn, block, visits);
  if (way === 'ask-cancel') return await askCancelAll(turn, block, visits);
  const done = { moved: 0, asked: 0, cancelled: 0 };
  if (way === 'cancel') done.cancelled = await cancelVisitsIn(database, requestOf(turn), block, now);
  else
    for (const visit of visits) {
      if (way === 'others' && (await giveToOthers(turn, visit))) done.moved += 1;
      else {
        await askToMove(database, visit, blockId, now);
        done.asked += 1;
      }
    }
  desk.wake();
  desk.freed();
  await showAway(turn, dateNumberOf(turn, block.from), turn.texts.html('away-settled', done));
}

/** Lifts a block, and offers the time to whoever waits for one. */
export async function liftAway(turn: Turn, blockId: number): Promise<void> {
  const { desk, now } = turn;
  const block = await findBlock(desk.services.database, blockId);
  if (block === undefined) return await isOld(turn);
  if (!mayTouch(turn.person, block.staffId)) return await isNotTheirs(turn);
  await liftBlock(desk.services.database, requestOf(turn), blockId, now);
  desk.freed();
  await showAway(turn, dateNumberOf(turn, Math.max(block.from, now)), turn.texts.html('away-lifted'));
}

async function makeBlock(turn: Turn, wish: NewBlock): Promise<void> {
  const { desk, now } = turn;
  const { database } = desk.services;
  const block = await addBlock(database, requestOf(turn), wish, now);
  desk.freed();
  const visits = await visitsIn(database, block, now);
  if (visits.length > 0) return await showVisits(turn, block, visits);
  await showAway(turn, dateNumberOf(turn, block.from), turn.texts.html('away-noted'));
}

/** The visits that stand in the way, and what can become of them. */
async function showVisits(turn: Turn, block: Block, visits: readonly DeskBooking[]): Promise<void> {
  const { texts } = turn;
  const { id } = block;
  const lines = [
    texts.html('away-noted'),
    texts.html('away-visits', { count: visits.length }),
    ...visits.slice(0, 20).map((visit) => visitLine(turn, visit)),
  ];
  const way = (label: string, how: (typeof WAYS)[number]): Button[] => [
    [label, { kind: 'awayVisits', block: id, how: WAYS.indexOf(how) }],
  ];
  const rows = [
    way(texts.plain('button-away-others'), 'others'),
    way(texts.plain('button-away-ask'), 'ask'),
    way(texts.plain('button-away-cancel'), 'ask-cancel'),
    [[texts.plain('button-away-leave'), { kind: 'away', date: dateNumberOf(turn, block.from) }] as const],
  ];
  await show(turn, lines.join('\n'), keyboard(rows));
}

async function askCancelAll(turn: Turn, { id }: Block, visits: readonly DeskBooking[]): Promise<void> {
  const { texts } = turn;
  const lines = [
    texts.html('away-ask-cancel', { count: visits.length }),
    ...visits.slice(0, 20).map((visit) => visitLine(turn, visit)),
  ];
  const yes: Button = [
    texts.plain('button-away-cancel-yes'),
    { kind: 'awayVisits', block: id, how: WAYS.indexOf('cancel') },
  ];
  const no: Button = [texts.plain('button-back'), { kind: 'awayVisits', block: id, how: WAYS.indexOf('show') }];
  await show(turn, lines.join('\n'), keyboard([[yes], [no]]));
}

/** The same time with another member; false when nobody else is free then. */
async function giveToOthers(turn: Turn, visit: DeskBooking): Promise<boolean> {
  const { services } = turn.desk;
  const request = {
    bookingId: visit.id,
    userId: visit.customerId,
    actor: { kind: 'admin', telegramId: turn.person.telegramId } as const,
    staffId: undefined,
    elsewhere: true,
    start: visit.start,
  };
  return (await moveVisit(services.database, services, request, turn.now)).kind === 'moved';
}

function timesOf(
  turn: Turn,
  date: LocalDate,
  away: NonNullable<ReturnType<typeof parseAway>>,
): { readonly from: number; readonly to: number } | undefined {
  const { zone } = turn.settings;
  if (away.kind === 'hours') {
    const spans = zone.instants(date, away.opens, away.closes);
    const [first, last] = [spans.at(0), spans.at(-1)];
    return first === undefined || last === undefined ? undefined : { from: first.from, to: last.to };
  }
  if (away.date > addDays(date, LONGEST_DAYS)) return undefined;
  return { from: dayOf(turn, date)[0], to: dayOf(turn, away.date)[1] };
}

function dayOf({ settings }: Turn, date: LocalDate): readonly [number, number] {
  const spans = settings.zone.instants(date, 0, 1_440);
  return [spans.at(0)?.from ?? 0, spans.at(-1)?.to ?? 0];
}

function dateNumberOf({ settings }: Turn, instant: number): number {
  return dateNumber(settings.zone.wallClock(instant).date);
}

function whoOf({ texts }: Turn, { staff }: Block): string {
  return staff ?? texts.plain('away-all');
}

/** `13:00 – 15:00` within a day, `Mon, 23 November – Fri, 27 November` for whole days. */
function whenOf({ settings, formats, texts }: Turn, { from, to }: Block): string {
  const [first, last] = [settings.zone.wallClock(from), settings.zone.wallClock(to - 1)];
  if (first.minutes > 0 || settings.zone.wallClock(to).minutes > 0)
    return `${formats.time(from)} – ${formats.time(to)}`;
  return first.date === last.date
    ? texts.plain('away-whole-day')
    : `${formats.date(first.date)} – ${formats.date(last.date)}`;
}

function visitLine(turn: Turn, { start, customer, service }: DeskBooking): string {
  return turn.texts.html('away-visit', { moment: momentLabel(turn, start), customer, service });
}

async function nameOf({ desk, texts }: Turn, staffId: number): Promise<string> {
  const staff = staffId === 0 ? [] : await staffFor(desk.services.database, []);
  return staff.find(({ id }) => id === staffId)?.name ?? texts.plain('away-all');
}

function memberOf(staff: number): number | undefined {
  return staff === 0 ? undefined : staff;
}

async function isNotTheirs(turn: Turn): Promise<void> {
  await answerPress(turn.ctx, turn.texts.plain('not-allowed'), true);
}

async function isOld(turn: Turn): Promise<void> {
  await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
}
