import { describe, expect, it } from 'vitest';
import { YOOKASSA_SENDERS } from './providers.ts';
import { isWithin, parseRanges, senderOf } from './sender.ts';

const PROXIES = parseRanges('10.0.0.0/24, 127.0.0.1, fd00::/64');
const SENDERS = parseRanges(YOOKASSA_SENDERS);

/** Whether a notification that comes this way is taken for one of the provider's. */
function isTaken(peer: string, forwardedFor?: string): boolean {
  const sender = senderOf(peer, forwardedFor, PROXIES);
  return sender !== undefined && isWithin(sender, SENDERS);
}

describe('a sender', () => {
  it('is the peer when no proxy stands between', () => {
    expect(isTaken('185.71.76.1')).toBe(true);
    expect(isTaken('::ffff:185.71.76.1')).toBe(true);
    expect(isTaken('2a02:5180::1')).toBe(true);
    expect(isTaken('8.8.8.8')).toBe(false);
  });

  it('is what our own proxy saw, through as many of them as there are', () => {
    expect(isTaken('10.0.0.7', '185.71.77.30')).toBe(true);
    expect(isTaken('127.0.0.1', '77.75.156.11, 10.0.0.7')).toBe(true);
    expect(isTaken('fd00::7', '2a02:5180::1')).toBe(true);
  });

  it('is not whom a stranger says it is, be it the leftmost or any other entry', () => {
    expect(isTaken('10.0.0.7', '185.71.76.1, 6.6.6.6')).toBe(false);
    expect(isTaken('6.6.6.6', '185.71.76.1')).toBe(false);
    expect(isTaken('10.0.0.7', '185.71.76.1, nonsense')).toBe(false);
    expect(isTaken('10.0.0.7', '185.71.76.1,')).toBe(false);
  });

  it('is nobody when the chain holds only our own proxies: loopback is no provider', () => {
    expect(isTaken('127.0.0.1')).toBe(false);
    expect(isTaken('127.0.0.1', '127.0.0.1')).toBe(false);
    expect(isTaken('127.0.0.1', '')).toBe(false);
  });

  it.each([
    ['185.71.76.31', true],
    ['185.71.76.32', false],
    ['185.71.77.31', true],
    ['185.71.77.200', false],
    ['77.75.153.127', true],
    ['77.75.153.128', false],
    ['77.75.154.127', false],
    ['77.75.154.128', true],
    ['77.75.156.11', true],
    ['77.75.156.12', false],
    ['77.75.156.35', true],
    ['2a02:5181::1', false],
    ['0185.71.76.1', false],
    ['0xb9.71.76.1', false],
    ['3108457473', false],
  ])('ranges are exactly those that are published: %s → %s', (address, taken) => {
    expect(isTaken(address)).toBe(taken);
    expect(isTaken('10.0.0.7', address)).toBe(taken);
  });
});

describe('ranges', () => {
  it.each(['10.0.0.0/33', '10.0.0/8', 'proxy', '10.0.0.1/', '::/129', '10.0.0.1/8a'])('refuse %s by name', (text) => {
    expect(() => parseRanges(text)).toThrow(text);
  });

  it('may be none', () => {
    expect(parseRanges(' , ')).toEqual([]);
  });
});
