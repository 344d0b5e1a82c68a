import { describe, expect, it } from 'vitest';
import { isWithin, senderOf, YOOKASSA_RANGES } from './source-address.ts';

const TRUSTED = ['127.0.0.0/8', '172.16.0.0/12'];
const THEIRS = '185.71.76.9';

describe('the sender of a request', () => {
  it.each([
    ['nobody stands between', '203.0.113.9', undefined, '203.0.113.9'],
    ['one of our proxies has heard them', '172.18.0.4', THEIRS, THEIRS],
    ['two of our proxies stand between', '127.0.0.1', `${THEIRS}, 172.18.0.4`, THEIRS],
    ['the forger writes the list that a proxy adds to', '172.18.0.4', `${THEIRS}, 203.0.113.9`, '203.0.113.9'],
    ['a stranger claims to be forwarded', '203.0.113.9', THEIRS, '203.0.113.9'],
    ['a proxy says nothing', '172.18.0.4', undefined, '172.18.0.4'],
    ['an IPv4 address comes in IPv6', '::ffff:172.18.0.4', `::ffff:${THEIRS}`, THEIRS],
    ['the list is nonsense', '172.18.0.4', 'unknown', undefined],
    ['the list holds a bare number', '172.18.0.4', '3109506057', undefined],
  ])('when %s', (_case, peer, forwarded, sender) => {
    expect(senderOf(peer, forwarded, TRUSTED)).toBe(sender);
  });
});

describe('the ranges of the provider', () => {
  it.each([
    ['185.71.76.0', true],
    ['185.71.76.31', true],
    ['185.71.76.32', false],
    ['185.71.76.200', false],
    ['77.75.153.127', true],
    ['77.75.153.128', false],
    ['77.75.154.127', false],
    ['77.75.154.128', true],
    ['77.75.156.11', true],
    ['77.75.156.12', false],
    ['2a02:5180::1', true],
    ['2a02:5181::1', false],
    ['127.0.0.1', false],
    ['10.0.0.1', false],
    ['', false],
  ])('%s: %s', (address, theirs) => {
    expect(isWithin(address, YOOKASSA_RANGES)).toBe(theirs);
  });
});
