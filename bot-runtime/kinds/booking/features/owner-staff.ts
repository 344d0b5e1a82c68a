/** Owns the editor of the team: one screen per member with what they do, when they work, and dates that follow no week. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { cleanName, MAX_NAME_LENGTH } from '../domain/amounts.ts';
import { parseDatedHours } from '../domain/day-text.ts';
import { formatHours, isHoursProblem, parseHours } from '../domain/hours-text.ts';
import type { DayInterval } from '../domain/open-hours.ts';
import { dateNumber, dateOfNumber } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { weeklyHours } from '../repository/owner.ts';
import { personMay } from '../repository/people.ts';
import { activeServices } from '../repository/services.ts';
import {
  addMember,
  datedHours,
  findMember,
  listMembers,
  type MemberDetails,
  renameMember,
  setDatedHours,
  setMemberActive,
  setMemberHours,
  setMemberServices,
} from '../repository/staff.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { backToMenu } from './owner-menu.ts';
import { todayOf } from './when.ts';

type Field = 'staff_name' | 'staff_rename' | 'staff_hours' | 'staff_date';
/** What is asked about a member. The order is part of buttons. */
const FIELDS = ['staff_rename', 'staff_hours', 'staff_date'] as const satisfies readonly Field[];

/** Lists everybody, those who work first. */
export async function listStaff(turn: Turn): Promise<void> {
  const { texts, desk, now } = turn;
  const members = await listMembers(desk.services.database, now);
  const rows = members.map(({ id, name, active }): Button[] => [
    [active ? name : `🚫 ${name}`, { kind: 'editStaff', staff: id }],
  ]);
  const add: Button = [texts.plain('button-staff-add'), { kind: 'addStaff' }];
  await show(turn, texts.html('staff-title'), keyboard([...rows, [add], [backToMenu(turn)]]));
}

/** Asks for the name of somebody new. */
export async function askStaffName(turn: Turn): Promise<void> {
  await askFor(turn, staffAnswers.staff_name, { field: 'staff_name', id: 0 });
}

/** Shows one member with everything that can be changed about them. */
export async function editStaff(turn: Turn, id: number, title?: string): Promise<void> {
  const member = await find(turn, id);
  if (member === undefined) return;
  const { texts, desk, person } = turn;
  const { database } = desk.services;
  const [week, dates, services] = await Promise.all([
    weeklyHours(database, id),
    datedHours(database, id, todayOf(turn)),
    activeServices(database),
  ]);
  const does = services.filter(({ id: service }) => member.serviceIds?.includes(service) ?? true);
  const what =
    member.serviceIds === undefined ? texts.plain('staff-everything') : does.map(({ name }) => name).join(', ');
  const lines = [
    ...(title === undefined ? [] : [title, '']),
    texts.html('staff-name', { name: member.name }),
    texts.html('staff-does', { what }),
    texts.html('staff-hours', { hours: week.size === 0 ? texts.plain('hours-none') : formatHours(week, texts.locale) }),
    ...dates.slice(0, 10).map(({ date, intervals }) => dateLine(turn, date, intervals)),
    texts.html(member.linked ? 'staff-linked' : 'staff-not-linked'),
    ...(member.active ? [] : [texts.html('staff-hidden')]),
    ...(member.ahead === 0 ? [] : [texts.html('setup-ahead', { count: member.ahead })]),
  ];
  const field = (label: string, name: (typeof FIELDS)[number]): Button => [
    label,
    { kind: 'staffField', staff: id, field: FIELDS.indexOf(name) },
  ];
  const link: Button = [texts.plain('button-staff-invite'), { kind: 'invite', role: 2, staff: id }];
  const rows: Button[][] = [
    [field(texts.plain('setup-rename'), 'staff_rename'), field(texts.plain('button-staff-hours'), 'staff_hours')],
    [
      [texts.plain('button-staff-services'), { kind: 'staffServices', staff: id }],
      [texts.plain('button-staff-dates'), { kind: 'staffDates', staff: id }],
    ],
    personMay(person, 'roles') && !member.linked && member.active ? [link] : [],
    [
      [
        texts.plain(member.active ? 'setup-hide' : 'setup-show'),
        { kind: 'staffActive', staff: id, active: member.active ? 0 : 1 },
      ],
    ],
    [[texts.plain('button-back'), { kind: 'staffList' }]],
  ];
  await show(turn, lines.join('\n'), keyboard(rows));
}

/** Asks for one thing about a member. */
export async function askStaffField(turn: Turn, id: number, index: number): Promise<void> {
  const field = FIELDS[index];
  if (field === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  if ((await find(turn, id)) !== undefined) await askFor(turn, staffAnswers[field], { field, id });
}

/** Shows what a member does, each with a button that turns it on or off. */
export async function showStaffServices(turn: Turn, id: number): Promise<void> {
  const member = await find(turn, id);
  if (member === undefined) return;
  const { texts, desk } = turn;
  const services = await activeServices(desk.services.database);
  const rows = services.map(({ id: service, name }): Button[] => {
    const on = member.serviceIds?.includes(service) ?? true;
    const label = texts.plain(on ? 'service-shown' : 'service-hidden', { service: name });
    return [[label, { kind: 'staffService', staff: id, service, on: on ? 0 : 1 }]];
  });
  const back: Button = [texts.plain('button-back'), { kind: 'editStaff', staff: id }];
  await show(turn, texts.html('staff-services', { name: member.name }), keyboard([...rows, [back]]));
}

/** Turns one service of a member on or off. Who does everything does what is added later, too. */
export async function switchStaffService(turn: Turn, id: number, service: number, on: boolean): Promise<void> {
  const member = await find(turn, id);
  if (member === undefined) return;
  const { texts, desk, now } = turn;
  const all = (await activeServices(desk.services.database)).map((each) => each.id);
  const before = member.serviceIds ?? all;
  const after = on ? [...new Set([...before, service])] : before.filter((each) => each !== service);
  if (after.length === 0) return await answerPress(turn.ctx, texts.plain('staff-does-nothing'), true);
  const serviceIds = all.every((each) => after.includes(each)) ? undefined : after;
  await setMemberServices(desk.services.database, requestOf(turn), { id, serviceIds }, now);
  await showStaffServices(turn, id);
}

/** Lists the dates that follow no week, each with a button that lets it follow the week again. */
export async function showStaffDates(turn: Turn, id: number): Promise<void> {
  const member = await find(turn, id);
  if (member === undefined) return;
  const { texts, desk } = turn;
  const dates = await datedHours(desk.services.database, id, todayOf(turn));
  const rows = dates
    .slice(0, 20)
    .map(({ date }): Button[] => [
      [
        texts.plain('button-date-drop', { day: turn.formats.date(date) }),
        { kind: 'dropStaffDate', staff: id, date: dateNumber(date) },
      ],
    ]);
  const add: Button = [
    texts.plain('button-date-add'),
    { kind: 'staffField', staff: id, field: FIELDS.indexOf('staff_date') },
  ];
  const back: Button = [texts.plain('button-back'), { kind: 'editStaff', staff: id }];
  const lines = [
    texts.html('staff-dates', { name: member.name }),
    ...dates.slice(0, 20).map(({ date, intervals }) => dateLine(turn, date, intervals)),
  ];
  await show(turn, lines.join('\n'), keyboard([...rows, [add], [back]]));
}

/** Lets a date follow the week again. */
export async function dropStaffDate(turn: Turn, id: number, dateAsNumber: number): Promise<void> {
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined || (await find(turn, id)) === undefined) return;
  const { desk, now } = turn;
  await setDatedHours(desk.services.database, requestOf(turn), { id, date, intervals: undefined }, now);
  desk.freed();
  await showStaffDates(turn, id);
}

/** Lets a member work, or not any more. */
export async function switchStaff(turn: Turn, id: number, active: boolean): Promise<void> {
  if ((await find(turn, id)) === undefined) return;
  const { desk, texts, now } = turn;
  const outcome = await setMemberActive(desk.services.database, requestOf(turn), { id, active }, now);
  if (outcome === 'last') return await answerPress(turn.ctx, texts.plain('staff-last'), true);
  await editStaff(turn, id, texts.html('setup-saved'));
}

/** The answers about members. */
export const staffAnswers: Answers<Field> = {
  staff_name: {
    prompt: ({ texts }) => texts.html('staff-ask-name', { max: MAX_NAME_LENGTH }),
    back: () => ({ kind: 'staffList' }),
    async take(turn, _question, text): Promise<Taken> {
      const name = cleanName(text);
      if (name === undefined) return { problem: turn.texts.html('bad-service-name') };
      if (await isTaken(turn, name, 0)) return { problem: turn.texts.html('staff-name-taken') };
      const id = await addMember(turn.desk.services.database, requestOf(turn), name, turn.now);
      await editStaff(turn, id, turn.texts.html('staff-added'));
      return 'done';
    },
  },
  staff_rename: {
    prompt: ({ texts }) => texts.html('staff-ask-name', { max: MAX_NAME_LENGTH }),
    back: ({ id }) => ({ kind: 'editStaff', staff: id }),
    async take(turn, { id }, text): Promise<Taken> {
      const name = cleanName(text);
      if (name === undefined) return { problem: turn.texts.html('bad-service-name') };
      if (await isTaken(turn, name, id)) return { problem: turn.texts.html('staff-name-taken') };
      await renameMember(turn.desk.services.database, requestOf(turn), { id, name }, turn.now);
      await editStaff(turn, id, turn.texts.html('setup-saved'));
      return 'done';
    },
  },
  staff_hours: {
    async prompt({ texts, desk }, { id }) {
      const week = await weeklyHours(desk.services.database, id);
      return texts.html('ask-hours', {
        hours: week.size === 0 ? texts.plain('hours-none') : formatHours(week, texts.locale),
      });
    },
    back: ({ id }) => ({ kind: 'editStaff', staff: id }),
    async take(turn, { id }, text): Promise<Taken> {
      const week = parseHours(text.slice(0, 500));
      if (isHoursProblem(week)) {
        return { problem: turn.texts.html(`bad-hours-${week.problem}`, { at: week.at.slice(0, 100) }) };
      }
      await setMemberHours(turn.desk.services.database, requestOf(turn), { id, week }, turn.now);
      turn.desk.freed();
      await editStaff(turn, id, turn.texts.html('hours-saved'));
      return 'done';
    },
  },
  staff_date: {
    prompt: ({ texts }) => texts.html('staff-ask-date'),
    back: ({ id }) => ({ kind: 'staffDates', staff: id }),
    async take(turn, { id }, text): Promise<Taken> {
      const dated = parseDatedHours(text, todayOf(turn));
      if (dated === undefined) return { problem: turn.texts.html('staff-bad-date') };
      await setDatedHours(turn.desk.services.database, requestOf(turn), { id, ...dated }, turn.now);
      turn.desk.freed();
      await showStaffDates(turn, id);
      return 'done';
    },
  },
};

function dateLine({ texts, formats }: Turn, date: string, intervals: readonly DayInterval[]): string {
  const written = formatHours(new Map([[1, intervals]]), texts.locale);
  const hours = intervals.length === 0 ? texts.plain('hours-none') : written.slice(written.indexOf(' ') + 1);
  return texts.html('hours-day', { day: formats.date(date), hours });
}

async function isTaken({ desk, now }: Turn, name: string, except: number): Promise<boolean> {
  const members = await listMembers(desk.services.database, now);
  return members.some(
    ({ id, active, name: other }) => active && id !== except && other.toLowerCase() === name.toLowerCase(),
  );
}

async function find(turn: Turn, id: number): Promise<MemberDetails | undefined> {
  const member = await findMember(turn.desk.services.database, id, turn.now);
  if (member === undefined) await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  return member;
}
