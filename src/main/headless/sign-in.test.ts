import { expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { refuseExposure } from './exposure.ts';
import { createSignInBrake, createTickets, pauseAfter, TICKET_MS } from './sign-in.ts';

function clock() {
  let now = 1_000;
  const pass = (ms: number): void => {
    now += ms;
  };
  return { now: () => now, pass };
}

function failureOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return isBotpoolError(error) ? { code: error.code, ...error.data } : error;
  }
}

it('a ticket signs in once, and not after its time', () => {
  const time = clock();
  let number = 0;
  const tickets = createTickets(time.now, () => `ticket-${++number}`);
  const { ticket } = tickets.issue();
  expect([tickets.redeem('other'), tickets.redeem(ticket), tickets.redeem(ticket)]).toEqual([false, true, false]);
  const late = tickets.issue();
  time.pass(TICKET_MS);
  expect(tickets.redeem(late.ticket)).toBe(false);
});

it('keeps only so many tickets, newest last', () => {
  let number = 0;
  const tickets = createTickets(clock().now, () => `ticket-${++number}`);
  const all = Array.from({ length: 60 }, () => tickets.issue().ticket);
  expect(all.map((ticket) => tickets.redeem(ticket)).filter(Boolean)).toHaveLength(50);
});

it('guessing becomes slow, for the name and for the address, and coming in ends that', () => {
  const time = clock();
  const brake = createSignInBrake(time.now);
  const keys = ['address 127.0.0.1', 'name anna'];
  for (let times = 0; times < 5; times += 1) {
    expect(failureOf(() => brake.check(keys))).toBeUndefined();
    brake.failed(keys);
  }
  expect(failureOf(() => brake.check(['name anna']))).toEqual({ code: 'sign_in_paused', seconds: 2 });
  expect(failureOf(() => brake.check(['name olga']))).toBeUndefined();
  time.pass(2_000);
  expect(failureOf(() => brake.check(keys))).toBeUndefined();
  brake.failed(keys);
  expect(failureOf(() => brake.check(keys))).toEqual({ code: 'sign_in_paused', seconds: 4 });
  brake.succeeded(keys);
  expect(failureOf(() => brake.check(keys))).toBeUndefined();
});

it('pauses double and end at a quarter of an hour', () => {
  expect([0, 4, 5, 6, 7, 50].map(pauseAfter)).toEqual([0, 0, 2_000, 4_000, 8_000, 900_000]);
});

it('answers beyond loopback only with TLS and with somebody who can sign in', () => {
  const bare = { hasTls: false, hasAdmin: false };
  for (const address of ['127.0.0.1', '::1', 'localhost']) {
    expect(failureOf(() => refuseExposure({ address, ...bare }))).toBeUndefined();
  }
  for (const address of ['0.0.0.0', '::', '192.0.2.7', '127.0.0.2']) {
    expect(failureOf(() => refuseExposure({ address, ...bare }))).toMatchObject({ code: 'panel_exposed', address });
    expect(failureOf(() => refuseExposure({ address, hasTls: true, hasAdmin: false }))).toMatchObject({
      missing: expect.not.stringContaining('TLS'),
    });
    expect(failureOf(() => refuseExposure({ address, hasTls: true, hasAdmin: true }))).toBeUndefined();
  }
});
