/** Owns the owner's morning summary: planned one day at a time, said once, and not at all when it is too late to be of use. */
import type { Desk } from '../dialog/turn.ts';
import { nextDigest } from '../domain/digest.ts';
import { addDays } from '../domain/zone.ts';
import { keyboard } from '../keyboards/buttons.ts';
import { agenda } from '../repository/bookings.ts';
import { planDigest } from '../repository/notices.ts';
import { figuresOf } from '../repository/statistics.ts';
import type { NoticeContext, NoticeText } from './notice-text.ts';

/** Said later than this it would only be in the way, in milliseconds. */
const OF_USE_MS = 6 * 3_600_000;

/** Plans the next summary. It is asked often, and writes only when there is another one to plan. */
export function createDigestPlan({ settings, services }: Desk): () => Promise<void> {
  let planned = '';
  return async () => {
    const { digestAt, zone } = await settings();
    const next = digestAt === undefined ? undefined : nextDigest(zone, digestAt, services.now());
    const key = `${next?.due}`;
    if (key === planned) return;
    const known = await planDigest(services.database, services.tenant.ownerId, next);
    // An owner who has never written cannot be written to yet.
    planned = known ? key : '';
  };
}

/** What the day brings, and how yesterday went. */
export async function digestNotice({ desk, notice, texts, formats, now }: NoticeContext): Promise<NoticeText> {
  const { digestAt, zone, currency, company } = await desk.settings();
  const date = String(notice.details['date']);
  const due = Number(notice.details['due']);
  if (digestAt === undefined) return 'superseded';
  if (now > due + OF_USE_MS) return 'too_late';
  const { database } = desk.services;
  const at = (day: string): number => zone.instants(day, 0, 1_440).at(0)?.from ?? 0;
  const [yesterday, today, tomorrow] = [at(addDays(date, -1)), at(date), at(addDays(date, 1))];
  const [entries, day, before] = await Promise.all([
    agenda(database, today, tomorrow),
    figuresOf(database, today, tomorrow, currency),
    figuresOf(database, yesterday, today, currency),
  ]);
  const [first] = entries;
  const lines = [
    texts.html('digest-title', { company, day: formats.date(date) }),
    day.visits === 0 || first === undefined
      ? texts.html('digest-nothing')
      : texts.html('digest-today', {
          visits: day.visits,
          time: formats.time(first.start),
          income: formats.money(day.income, currency),
        }),
    texts.html('digest-yesterday', {
      visits: before.visits,
      income: formats.money(before.income, currency),
      missed: before.missed,
      cancelled: before.cancelled,
    }),
    ...(before.stars === undefined ? [] : [texts.html('statistics-stars', { stars: before.stars.toFixed(1) })]),
  ];
  return { html: lines.join('\n'), buttons: keyboard([[[texts.plain('admin-agenda'), { kind: 'agenda' }]]]) };
}
