import fc from 'fast-check';
import { expect, it } from 'vitest';
import { originOf, type RequestFacts, refusalOf } from './origin.ts';

const LOCAL = { tls: false } as const;
const request = (headers: Record<string, string>, more: Partial<RequestFacts> = {}): RequestFacts => ({
  method: 'GET',
  target: '/api/v1/pool/status',
  rawHeaders: Object.entries(headers).flat(),
  isUpgrade: false,
  isPage: false,
  ...more,
});

it('knows loopback by its three names and by no other', () => {
  const own = ['127.0.0.1:17373', 'localhost:17373', '[::1]:17373', 'LOCALHOST', '127.0.0.1'];
  expect(own.map((host) => originOf(host, LOCAL))).toEqual(own.map((host) => `http://${host.toLowerCase()}`));
  const foreign = ['evil.example', '0.0.0.0:17373', 'localhost.:17373', '127.0.0.1.:17373', '[::]:17373', '127.1'];
  const odd = ['localhost:', 'localhost:0', 'localhost:99999', 'localhost:1x', 'a@localhost', 'localhost/', '', '::1'];
  const close = ['localhost.evil.example', '127.0.0.1.evil.example', 'xlocalhost', '[::ffff:127.0.0.1]', '2130706433'];
  for (const host of [...foreign, ...odd, ...close]) expect([host, originOf(host, LOCAL)]).toEqual([host, undefined]);
});

it('lets no other text through, whatever it is', () => {
  const own = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
  fc.assert(fc.property(fc.string(), (host) => own.test(host) || originOf(host, LOCAL) === undefined));
});

it('knows the address under which others reach it, and its own where that is not loopback', () => {
  const behind = { tls: false, publicUrl: new URL('https://panel.example.org') };
  expect(originOf('panel.example.org', behind)).toBe('https://panel.example.org');
  expect(originOf('panel.example.org:444', behind)).toBeUndefined();
  const open = { tls: true, address: '192.0.2.7' };
  expect(originOf('192.0.2.7:17373', open)).toBe('https://192.0.2.7:17373');
  expect(originOf('192.0.2.70', open)).toBeUndefined();
  expect(originOf('0.0.0.0', { tls: true, address: '0.0.0.0' })).toBeUndefined();
});

it('refuses pages of other origins and sites, and lets a person follow a link to a page', () => {
  const host = 'localhost:17373';
  expect(refusalOf(request({ host }), LOCAL)).toBeUndefined();
  expect(refusalOf(request({ host, origin: `http://${host}` }), LOCAL)).toBeUndefined();
  for (const origin of ['null', 'http://localhost', 'https://localhost:17373', 'http://127.0.0.1:17373', '']) {
    expect([origin, refusalOf(request({ host, origin }), LOCAL)?.status]).toEqual([origin, 403]);
  }
  const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect(refusalOf(request(link, { isPage: true, target: '/' }), LOCAL)).toBeUndefined();
  expect(refusalOf(request(link), LOCAL)?.status).toBe(403);
  expect(refusalOf(request({ ...link, 'sec-fetch-dest': 'iframe' }, { isPage: true }), LOCAL)?.status).toBe(403);
  expect(refusalOf(request({ host, 'sec-fetch-site': 'same-site' }), LOCAL)?.status).toBe(403);
});

it('refuses what two readers could read in two ways', () => {
  const twice = request({}, { rawHeaders: ['Host', 'localhost', 'host', 'evil.example'] });
  expect(refusalOf(twice, LOCAL)?.status).toBe(400);
  expect(refusalOf(request({}), LOCAL)?.status).toBe(400);
  expect(refusalOf(request({ host: 'localhost' }, { target: 'http://localhost/' }), LOCAL)?.status).toBe(400);
});
