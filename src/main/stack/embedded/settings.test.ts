import { describe, expect, it } from 'vitest';
import { postgresHostRules, postgresSettings } from './postgres-settings.ts';
import { redisConfig, redisUsers } from './redis.ts';

describe('settings of the embedded servers', () => {
  it('let PostgreSQL listen on loopback only, with passwords, and sync by default', () => {
    const text = postgresSettings({ port: 5_432, durable: true });
    expect(text).toContain("listen_addresses = '127.0.0.1'\n");
    expect(text).toContain('fsync = on\n');
    expect(text).toContain('max_locks_per_transaction = 512\n');
    expect(postgresHostRules()).toBe('host all all 127.0.0.1/32 scram-sha-256\n');
  });

  it('sync nothing in tests', () => {
    expect(postgresSettings({ port: 1, durable: false })).toContain('fsync = off\n');
    expect(redisConfig({ port: 1, durable: false, dataDir: '/d', aclFile: '/a' })).toContain('appendonly no\n');
  });

  it('keep strangers out of Redis, and blanks in its paths', () => {
    expect(redisUsers('secret')).toMatch(/^user default off /);
    const text = redisConfig({ port: 6_379, durable: true, dataDir: '/my data', aclFile: '/my data/users.acl' });
    expect(text).toContain('dir "/my data"\n');
    expect(text).toContain('bind 127.0.0.1\n');
    expect(text).toContain('appendonly yes\n');
  });
});
