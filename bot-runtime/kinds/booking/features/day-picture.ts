/** Owns a day as a picture: who works when, who comes when, who is away. */
import { InputFile } from 'grammy';
import { drawPicture } from '#bot-runtime/runtime/picture.ts';
import { answerPress, type Turn } from '../dialog/turn.ts';
import type { Interval } from '../domain/interval.ts';
import { openIntervals } from '../domain/open-hours.ts';
import { type DayColumn, drawTimetable } from '../domain/timetable.ts';
import type { LocalDate } from '../domain/zone.ts';
import { dateOfNumber } from '../keyboards/action.ts';
import { keyboard } from '../keyboards/buttons.ts';
import { blocksWithin } from '../repository/blocks.ts';
import { type AgendaEntry, agenda } from '../repository/bookings.ts';
import { personMay } from '../repository/people.ts';
import { loadHours } from '../repository/schedule.ts';
import { dayButton } from './desk-day.ts';

/** Sends it. Who may see only their own calendar sees only their own column. */
export async function sendDayPicture(turn: Turn, dateAsNumber: number): Promise<void> {
  const { ctx, texts, formats, settings, desk, person, now } = turn;
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined) return await answerPress(ctx, texts.plain('button-old'), true);
  const { database } = desk.services;
  const day = settings.zone.instants(date, 0, 1_440);
  const [from, to] = [day.at(0)?.from ?? 0, day.at(-1)?.to ?? 0];
  const own = personMay(person, 'calendar_all') ? undefined : (person.staffId ?? 0);
  const [members, entries, blocks] = await Promise.all([
    loadHours(database, date),
    agenda(database, from, to, own),
    blocksWithin(database, from, to),
  ]);
  const minutes = (span: Interval): Interval => wallMinutes(turn, date, span);
  const columns = members
    .filter(
      ({ id, active }) =>
        (own === undefined || id === own) && (active || entries.some(({ staffId }) => staffId === id)),
    )
    .map(
      ({ id, name, hours }): DayColumn => ({
        name,
        open: openIntervals(hours, settings.zone, date, date).map(minutes),
        visits: together(entries.filter(({ staffId }) => staffId === id)).map(({ start, end, service, customer }) => ({
          ...minutes({ from: start, to: end }),
          title: service,
          customer,
        })),
        away: blocks.filter(({ staffId }) => staffId === undefined || staffId === id).map(minutes),
      }),
    );
  const clock = (minute: number): string => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
  const shown = settings.zone.wallClock(now);
  const line = shown.date === date ? shown.minutes : undefined;
  const png = await drawPicture(drawTimetable(formats.date(date), columns, clock, line));
  await ctx.replyWithPhoto(new InputFile(png, 'day.png'), { reply_markup: keyboard([[dayButton(turn, from)]]) });
}

/** Those who come to the same visit of a group stand in one box. */
function together(entries: readonly AgendaEntry[]): AgendaEntry[] {
  const visits = Map.groupBy(entries, ({ start, serviceIds }) => `${start} ${serviceIds}`);
  return [...visits.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.length === 0 ? first : { ...first, customer: `${others.length + 1}: ${first.customer}…` }];
  });
}

/** What the clock on the wall shows, kept within the day. */
function wallMinutes({ settings }: Turn, date: LocalDate, { from, to }: Interval): Interval {
  const [begins, ends] = [settings.zone.wallClock(from), settings.zone.wallClock(to)];
  return { from: begins.date < date ? 0 : begins.minutes, to: ends.date > date ? 1_440 : ends.minutes };
}
