/** Owns how one visit is described: the same lines on every screen. */

import type { Turn } from '../dialog/turn.ts';
import type { BookingStatus } from '../domain/booking-status.ts';
import type { Button } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { durationText } from '../texts/format.ts';

/** A visit that is to be described. Instants in milliseconds since the epoch. */
export interface Visit {
  readonly service: string;
  readonly staff: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly priceKopecks: number;
  readonly currency: string;
  /** The booking's number, once there is one. */
  readonly id?: number;
}

const STATUS_TEXTS: Readonly<Record<BookingStatus, MessageKey>> = {
  pending: 'status-pending',
  confirmed: 'status-confirmed',
  done: 'status-done',
  cancelled: 'status-cancelled',
  no_show: 'status-no-show',
};

/** The lines that describe a visit, as HTML. A price of nothing is not shown. */
export function visitLines({ texts, formats }: Pick<Turn, 'texts' | 'formats'>, visit: Visit): string {
  const duration = durationText(texts, Math.round((visit.end - visit.start) / 60_000));
  const lines = [
    texts.html('line-service', { service: visit.service, duration }),
    visit.staff === undefined ? undefined : texts.html('line-staff', { staff: visit.staff }),
    texts.html('line-when', { day: formats.day(visit.start), time: formats.time(visit.start) }),
    visit.priceKopecks === 0
      ? undefined
      : texts.html('line-price', { price: formats.money(visit.priceKopecks, visit.currency) }),
    visit.id === undefined ? undefined : texts.html('line-number', { id: String(visit.id) }),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

/** The line that says how a booking stands. */
export function statusLine({ texts }: Turn, status: BookingStatus): string {
  return texts.html(STATUS_TEXTS[status]);
}

/** Day and time on a button: `Mon, 23 November 14:30`. */
export function momentLabel({ formats }: Turn, instant: number): string {
  return `${formats.day(instant)} ${formats.time(instant)}`;
}

/** What goes with a visit that lies ahead: the file for a calendar and, where the tenant has told it, the way there. */
export function visitButtons({ texts, settings }: Turn, booking: number): Button[] {
  const file: Button = [texts.plain('button-calendar'), { kind: 'calendarFile', booking }];
  const known = settings.address !== undefined || settings.place !== undefined;
  return known ? [file, [texts.plain('button-location'), { kind: 'location' }]] : [file];
}
