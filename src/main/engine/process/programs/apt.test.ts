import { describe, expect, it } from 'vitest';
import { aptOptions, parsePrintUris } from './apt.ts';
import { parseVersion } from './probe.ts';

describe('what apt prints', () => {
  const text = [
    "'http://mirror/redis-tools_7.0.15-1%7edeb12u10_amd64.deb' redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb 991988 SHA256:aa",
    "'http://mirror/libllvm14_14.0.6_amd64.deb' libllvm14_1%3a14.0.6_amd64.deb 22000000 SHA256:bb",
    "'http://mirror/libpq5_15.20_amd64.deb' libpq5_15.20-0+deb12u1_amd64.deb 205248 ",
    'something else',
  ].join('\n');

  it('becomes packages without what never runs here', () => {
    expect(parsePrintUris(text)).toEqual([
      {
        name: 'redis-tools',
        version: '5:7.0.15-1~deb12u10',
        arch: 'amd64',
        file: 'redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb',
        bytes: 991_988,
      },
      {
        name: 'libpq5',
        version: '15.20-0+deb12u1',
        arch: 'amd64',
        file: 'libpq5_15.20-0+deb12u1_amd64.deb',
        bytes: 205_248,
      },
    ]);
  });

  it('stays inside the cache folder', () => {
    expect(aptOptions('/cache')).toContain('Dir::State::lists=/cache/apt/lists');
  });
});

describe('a version', () => {
  it.each([
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
    ['initdb (PostgreSQL) 17.2', '17.2'],
    ['nothing', undefined],
  ])('is found in %s', (text, version) => {
    expect(parseVersion(text)).toBe(version);
  });
});
