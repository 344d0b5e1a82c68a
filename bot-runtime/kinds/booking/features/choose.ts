/** Owns what is to be done in a visit and by whom: services, more of them, a member. */
import { show, type Turn } from '../dialog/turn.ts';
import { type Button, inRows, keyboard } from '../keyboards/buttons.ts';
import { type BookingView, bookingsBefore } from '../repository/bookings.ts';
import { activeServices, findVisitServices, type Service, servicesBeside, staffFor } from '../repository/services.ts';
import { durationText } from '../texts/format.ts';
import {
  leaveButton,
  memberAction,
  moreRow,
  type Selection,
  serviceAction,
  serviceGone,
  servicesAction,
} from './choice.ts';
import { chooseDay } from './when.ts';

/** Offers the services; for somebody who has been here the last visit may be repeated. */
export async function chooseService(turn: Turn, customer?: number): Promise<void> {
  const { database } = turn.desk.services;
  const [services, [last]] = await Promise.all([
    activeServices(database),
    bookingsBefore(database, customer ?? turn.person.id, turn.now, 1),
  ]);
  const rows = services.map((service) => [
    [serviceLabel(turn, service), serviceAction({ services: [service.id], customer })] as const,
  ]);
  const again = last !== undefined && repeatable(services, last) ? [[repeatButton(turn, last, customer)]] : [];
  const text = turn.texts.html(services.length === 0 ? 'no-services' : 'choose-service');
  await show(turn, text, keyboard([...again, ...rows, [leaveButton(turn, { customer })]]));
}

/** The button that chooses what a visit consisted of, and who did it. */
export function repeatButton(
  { texts }: Turn,
  { service, staff, serviceIds, staffId }: BookingView,
  customer?: number,
): Button {
  const visit = staff === undefined ? service : `${service} · ${staff}`;
  return [texts.plain('button-repeat', { visit }), memberAction({ services: serviceIds, customer }, staffId)];
}

/** Offers what the visit could take in as well. */
export async function chooseMore(turn: Turn, { services, customer }: Selection): Promise<void> {
  const { database } = turn.desk.services;
  const [chosen, others] = await Promise.all([
    findVisitServices(database, services),
    servicesBeside(database, services),
  ]);
  if (chosen === undefined) {
    await serviceGone(turn, { customer });
    return;
  }
  const rows = others.map((service) => [
    [serviceLabel(turn, service), serviceAction({ services: [...services, service.id], customer })] as const,
  ]);
  const back: Button = [turn.texts.plain('button-back'), serviceAction({ services, customer })];
  const service = namesOf(chosen);
  const text = turn.texts.html(others.length === 0 ? 'no-more-services' : 'choose-more', { service });
  await show(turn, text, keyboard([...rows, [back]]));
}

/** Offers the members who do all the services; with one member there is nothing to choose. */
export async function chooseMember(turn: Turn, selection: Selection): Promise<void> {
  const { services, customer } = selection;
  const { database } = turn.desk.services;
  const [chosen, staff] = await Promise.all([findVisitServices(database, services), staffFor(database, services)]);
  if (chosen === undefined || staff.length === 0) {
    await serviceGone(turn, { customer });
    return;
  }
  if (staff.length === 1) {
    await chooseDay(turn, { ...selection, staff: 0 }, 0);
    return;
  }
  const member = (label: string, id: number): Button => [label, memberAction(selection, id)];
  const rows = [
    [member(turn.texts.plain('button-anyone'), 0)],
    ...inRows(
      staff.map(({ id, name }) => member(name, id)),
      2,
    ),
  ];
  const others = await servicesBeside(database, services);
  const back: Button = [turn.texts.plain('button-back'), servicesAction({ customer })];
  const text = turn.texts.html('choose-staff', { service: namesOf(chosen) });
  await show(turn, text, keyboard([...rows, moreRow(turn, selection, others.length), [back]]));
}

/** Goes on with a member, or with anyone when that member does not do all of it any more. */
export async function takeMember(turn: Turn, selection: Selection, staffId: number): Promise<void> {
  const { database } = turn.desk.services;
  const known = staffId === 0 || (await staffFor(database, selection.services)).some(({ id }) => id === staffId);
  await (known ? chooseDay(turn, { ...selection, staff: staffId }, 0) : chooseMember(turn, selection));
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
