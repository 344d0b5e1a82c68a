/** Owns what a customer takes along: the visit as a file for their calendar, and the way to the salon. */

import { InputFile } from 'grammy';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { answerPress, type Turn } from '../dialog/turn.ts';
import { type BookingView, findBooking } from '../repository/bookings.ts';
import { escapeHtml } from '../texts/html.ts';

/** Sends the visit as a file. The same visit always is the same event, so that a moved one moves in the calendar, too. */
export async function sendCalendarFile(turn: Turn, bookingId: number): Promise<void> {
  const { desk, texts, person, ctx } = turn;
  const booking = await findBooking(desk.services.database, person.id, bookingId);
  if (booking === undefined || booking.status !== 'confirmed') {
    await answerPress(ctx, texts.plain(booking === undefined ? 'booking-unknown' : 'booking-over'), true);
    return;
  }
  const file = new InputFile(Buffer.from(calendarOf(turn, booking), 'utf8'), 'visit.ics');
  await ctx.replyWithDocument(file, { caption: texts.html('calendar-caption'), parse_mode: 'HTML' });
}

/** Shows where the salon is: a pin on the map where there is one, the address where there is one. */
export async function sendLocation({ ctx, texts, settings }: Turn): Promise<void> {
  const { place, address } = settings;
  if (place !== undefined) {
    await ctx.replyWithLocation(place.latitude, place.longitude);
  }
  if (address !== undefined) {
    await ctx.reply(`📍 ${escapeHtml(address)}`, { parse_mode: 'HTML' });
  }
  if (place === undefined && address === undefined) {
    await answerPress(ctx, texts.plain('location-unknown'), true);
  }
}

function calendarOf({ desk, settings, texts, now }: Turn, booking: BookingView): string {
  const { company, address, place, zone } = settings;
  const calendar = ical({ prodId: { company: 'Botpool', product: 'booking' }, method: ICalCalendarMethod.PUBLISH });
  const event = calendar.createEvent({
    id: `booking-${booking.id}@${desk.services.tenant.clientId}`,
    // Each later word about the same visit counts more than the one before.
    sequence: Math.floor(now / 1_000) % 2_000_000_000,
    stamp: new Date(now),
    start: new Date(booking.start),
    end: new Date(booking.end),
    summary: `${booking.service} · ${company}`,
    description: [booking.staff, texts.plain('calendar-zone', { zone: zone.name })].filter(Boolean).join('\n'),
    status: ICalEventStatus.CONFIRMED,
  });
  if (address !== undefined || place !== undefined) {
    event.location({
      title: address ?? company,
      ...(place === undefined ? {} : { geo: { lat: place.latitude, lon: place.longitude } }),
    });
  }
  return calendar.toString();
}
