/** Owns what is to be done in a visit and by whom: services, more of them, a member. */
import { show, type Turn } from '../dialog/turn.ts';
import { type Button, homeButton, inRows, keyboard } from '../keyboards/buttons.ts';
import { type BookingView, bookingsBefore } from '../repository/bookings.ts';
import { activeServices, findVisitServices, type Service, servicesBeside, staffFor } from '../repository/services.ts';
import { durationText } from '../texts/format.ts';
import { moreRow, serviceGone } from './choice.ts';
import { chooseDay } from './when.ts';

/** Offers the services; somebody who has been here may repeat the last visit. */
export async function chooseService(turn: Turn): Promise<void> {
  const { database } = turn.desk.services;
  const [services, [last]] = await Promise.all([
    activeServices(database),
    bookingsBefore(database, turn.person.id, turn.now, 1),
  ]);
  const rows = services.map((service) => [
    [serviceLabel(turn, service), { kind: 'service', services: [service.id] }] as const,
  ]);
  const again = last !== undefined && repeatable(services, last) ? [[repeatButton(turn, last)]] : [];
  const text = turn.texts.html(services.length === 0 ? 'no-services' : 'choose-service');
  await show(turn, text, keyboard([...again, ...rows, [homeButton(turn.texts)]]));
}

/** The button that chooses what a visit consisted of, and who did it. */
export function repeatButton({ texts }: Turn, { service, staff, serviceIds, staffId }: BookingView): Button {
  const visit = staff === undefined ? service : `${service} · ${staff}`;
  return [texts.plain('button-repeat', { visit }), { kind: 'member', services: serviceIds, staff: staffId }];
}

/** Offers what the visit could take in as well. */
export async function chooseMore(turn: Turn, services: readonly number[]): Promise<void> {
  const { database } = turn.desk.services;
  const [chosen, others] = await Promise.all([
    findVisitServices(database, services),
    servicesBeside(database, services),
  ]);
  if (chosen === undefined) {
    await serviceGone(turn);
    return;
  }
  const rows = others.map((service) => [
    [serviceLabel(turn, service), { kind: 'service', services: [...services, service.id] }] as const,
  ]);
  const back: Button = [turn.texts.plain('button-back'), { kind: 'service', services }];
  const service = namesOf(chosen);
  const text = turn.texts.html(others.length === 0 ? 'no-more-services' : 'choose-more', { service });
  await show(turn, text, keyboard([...rows, [back]]));
}

/** Offers the members who do all the services; with one member there is nothing to choose. */
export async function chooseMember(turn: Turn, services: readonly number[]): Promise<void> {
  const { database } = turn.desk.services;
  const [chosen, staff] = await Promise.all([findVisitServices(database, services), staffFor(database, services)]);
  if (chosen === undefined || staff.length === 0) {
    await serviceGone(turn);
    return;
  }
  if (staff.length === 1) {
    await chooseDay(turn, { services, staff: 0 }, 0);
    return;
  }
  const member = (label: string, id: number): Button => [label, { kind: 'member', services, staff: id }];
  const rows = [
    [member(turn.texts.plain('button-anyone'), 0)],
    ...inRows(
      staff.map(({ id, name }) => member(name, id)),
      2,
    ),
  ];
  const others = await servicesBeside(database, services);
  const back: Button = [turn.texts.plain('button-back'), { kind: 'services' }];
  const text = turn.texts.html('choose-staff', { service: namesOf(chosen) });
  await show(turn, text, keyboard([...rows, moreRow(turn, services, others.length), [back]]));
}

/** Goes on with a member, or with anyone when that member does not do all of it any more. */
export async function takeMember(turn: Turn, services: readonly number[], staffId: number): Promise<void> {
  const known =
    staffId === 0 || (await staffFor(turn.desk.services.database, services)).some(({ id }) => id === staffId);
  await (known ? chooseDay(turn, { services, staff: staffId }, 0) : chooseMember(turn, services));
}

function repeatable(services: readonly Service[], { serviceIds }: BookingView): boolean {
  return serviceIds.every((id) => services.some((service) => service.id === id));
}

function namesOf(services: readonly Service[]): string {
  return services.map(({ name }) => name).join(' + ');
}

function serviceLabel({ texts, formats }: Turn, service: Service): string {
  const price = service.priceKopecks === 0 ? [] : [formats.money(service.priceKopecks, service.currency)];
  return [service.name, durationText(texts, service.durationMinutes), ...price].join(' · ');
}
