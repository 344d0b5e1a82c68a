/** Until when a client is paid, in words. Pure. */
import type { Locale } from '#shared/schemas/tenant.ts';
import type { Say } from '../../i18n/i18n.ts';

const DAY_MS = 86_400_000;

/** Whole days that are left; below zero: it ended so many days ago. */
export function daysLeft(until: Date, now: number): number {
  const left = (until.getTime() - now) / DAY_MS;
  return left >= 0 ? Math.floor(left) : -Math.ceil(-left);
}

/** "Paid until 3 December 2026, 6 days left". */
export function paidWords({ until }: { readonly until: Date }, now: number, say: Say, locale: Locale): string {
  const days = daysLeft(until, now);
  const day = dayOf(until, locale);
  return days < 0 ? say('client-paid-over', { day, days: -days }) : say('client-paid', { day, days });
}

/** A date as people of one language write it. */
export function dayOf(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
}
