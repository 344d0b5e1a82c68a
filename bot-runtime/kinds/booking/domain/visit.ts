/** Owns what several services in one visit come to: one member does them one after another for one customer. Pure. */
import type { BookableService } from './slots.ts';

/** A service as it is booked and as people see it. */
export interface VisitService extends BookableService {
  readonly name: string;
  readonly priceKopecks: number;
  readonly currency: string;
}

/** All services of a visit as if they were one. */
export interface PlannedVisit extends VisitService {
  readonly serviceIds: readonly number[];
}

/**
 * Puts services together: times and prices add up, the first buffer comes before all and the last one after. Undefined
 * when that cannot be: none at all, a group's service beside others, or prices in different currencies.
 */
export function planVisit(services: readonly VisitService[]): PlannedVisit | undefined {
  const [first] = services;
  const last = services.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const fits = ({ capacity, currency }: VisitService) => capacity === 1 && currency === first.currency;
  if (services.length > 1 && !services.every(fits)) return undefined;
  const sum = (of: (service: VisitService) => number) => services.reduce((total, service) => total + of(service), 0);
  return {
    ...first,
    serviceIds: services.map(({ id }) => id),
    name: services.map(({ name }) => name).join(' + '),
    durationMinutes: sum(({ durationMinutes }) => durationMinutes),
    bufferAfterMinutes: last.bufferAfterMinutes,
    priceKopecks: sum(({ priceKopecks }) => priceKopecks),
  };
}
