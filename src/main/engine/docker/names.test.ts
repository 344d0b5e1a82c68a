import { expect, it } from 'vitest';
import { containerNames } from './names.ts';

it('gives a second installation names of its own, and takes them back', () => {
  const names = containerNames({ ours: 'booking', theirs: 'salon' });
  expect(names.real('booking-bot-pool-3')).toBe('salon-bot-pool-3');
  expect(names.own('salon-bot-pool-3')).toBe('booking-bot-pool-3');
  expect([names.real('bookings'), names.own('bookings-1')]).toEqual(['bookings', 'bookings-1']);
});

it('leaves names alone without a prefix of one’s own', () => {
  expect(containerNames(undefined).real('booking-redis')).toBe('booking-redis');
  expect(containerNames({ ours: 'booking', theirs: 'booking' }).own('booking-redis')).toBe('booking-redis');
});
