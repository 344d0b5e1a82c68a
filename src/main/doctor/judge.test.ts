import { expect, it } from 'vitest';
import { CHECK_IDS, type CheckId } from '#shared/api/checks.ts';
import { translate } from '#shared/texts/translate.ts';
import { type Findings, RULES } from './judge.ts';

const GIB = 1024 ** 3;
const GOOD: Findings = {
  openFiles: [],
  homeMode: 0o700,
  environmentMode: 0o600,
  panel: { loopback: true, tls: false, address: '127.0.0.1' },
  endlessAdminTokens: 0,
  redisOpen: false,
  redisBind: '127.0.0.1 -::1',
  redisPolicy: 'noeviction',
  postgres: {
    encryption: 'scram-sha-256',
    trusting: 0,
    listens: 'localhost',
    connections: 10,
    most: 100,
    version: 15,
    clockOffMs: 3,
  },
  redisVersion: '7.0.15',
  engine: 'docker',
  sandbox: false,
  pool: { total: 10, waiting: 4, failed: 0, problems: 0 },
  backupHours: 3,
  backupVerified: true,
  disk: { free: 20 * GIB, total: 100 * GIB },
  memory: { free: 4 * GIB, total: 8 * GIB },
};

const BAD: readonly (readonly [CheckId, Partial<Findings>, string])[] = [
  ['secret-files', { openFiles: ['secrets/master.key'] }, 'fail'],
  ['home-folder', { homeMode: 0o755 }, 'fail'],
  ['environment-file', { environmentMode: 0o644 }, 'fail'],
  ['panel-address', { panel: { loopback: false, tls: false, address: '0.0.0.0' } }, 'fail'],
  ['api-tokens', { endlessAdminTokens: 2 }, 'warn'],
  ['redis-password', { redisOpen: true }, 'fail'],
  ['redis-password', { redisOpen: undefined }, 'unknown'],
  ['redis-address', { redisBind: '0.0.0.0', engine: 'process' }, 'fail'],
  ['redis-eviction', { redisPolicy: 'allkeys-lru' }, 'fail'],
  ['postgres-passwords', { postgres: { ...GOOD.postgres, trusting: 1 } }, 'fail'],
  ['postgres-passwords', { postgres: { ...GOOD.postgres, encryption: 'md5' } }, 'fail'],
  ['postgres-address', { postgres: { ...GOOD.postgres, listens: '*' }, engine: 'process' }, 'fail'],
  ['postgres-connections', { postgres: { ...GOOD.postgres, connections: 85 } }, 'warn'],
  ['postgres-connections', { postgres: { ...GOOD.postgres, connections: 99 } }, 'fail'],
  ['isolation', { engine: 'process' }, 'warn'],
  ['telegram', { sandbox: true }, 'warn'],
  ['pool-free', { pool: { ...GOOD.pool, waiting: 0 } }, 'fail'],
  ['bot-problems', { pool: { ...GOOD.pool, problems: 1 } }, 'warn'],
  ['backups', { backupHours: 'none' }, 'fail'],
  ['backups', { backupHours: 90 }, 'fail'],
  ['backups', { backupVerified: false }, 'warn'],
  ['backups', { backupHours: undefined }, 'unknown'],
  ['disk', { disk: { free: GIB, total: 100 * GIB } }, 'warn'],
  ['disk', { disk: { free: GIB / 4, total: 100 * GIB } }, 'fail'],
  ['memory', { memory: { free: GIB / 10, total: 8 * GIB } }, 'fail'],
  ['clock', { postgres: { ...GOOD.postgres, clockOffMs: -9_000 } }, 'fail'],
  ['versions', { redisVersion: '6.2.0' }, 'fail'],
];

it('finds nothing wrong with a good installation', () => {
  expect(CHECK_IDS.filter((id) => RULES[id](GOOD).state !== 'ok')).toEqual([]);
});

it.each(BAD)('%s: %o is %s', (id, found, state) => {
  expect(RULES[id]({ ...GOOD, ...found }).state).toBe(state);
});

it('can be wrong in every check, and says what was found in both languages', () => {
  expect(CHECK_IDS.filter((id) => !BAD.some(([bad]) => bad === id))).toEqual([]);
  for (const [id, found] of [...CHECK_IDS.map((one) => [one, {}] as const), ...BAD]) {
    const { found: key, facts } = RULES[id]({ ...GOOD, ...found });
    for (const locale of ['en', 'ru'] as const) expect(translate(key, facts ?? {}, locale)).not.toMatch(/[{}]|^found-/);
  }
});
