import { describe, expect, it } from 'vitest';
import type { BotStatus } from '#shared/schemas/pool.ts';
import { type Actual, type Desired, diff } from './diff.ts';

const NOW = 1_000_000;
const bot = (poolId: number) => ({
  poolId,
  container: `bot-${poolId}`,
  state: 'wanted' as const,
  stay: '1',
  changedAt: new Date(NOW - 5_000),
});
const container = (name: string) => ({ name, state: 'running' as const, restarts: 0 });
const status = (more: Partial<BotStatus>): BotStatus => ({
  ...{
    pool_id: 1,
    container_id: 'bot-1',
    boot_id: 'boot',
    public_key: 'k',
    version: 'v2',
    status: 'waiting',
    since: 0,
  },
  ...more,
});
const serving = {
  ...{ id: 'a', clientId: 'client_001', container: 'bot-1', bootId: 'boot', fence: 2, state: 'active' as const },
  ...{ claimedAt: new Date(NOW - 1_000), tokenFingerprint: 'print' },
};
const client = { clientId: 'client_001', state: 'active' as const, queuedAt: null };

function found(desired: Partial<Desired>, actual: Partial<Actual> = {}, strandedSince = new Map<string, number>()) {
  return diff(
    { roster: [bot(1)], tenants: [], open: [], ...desired },
    {
      ...{
        containers: [container('bot-1')],
        statuses: [],
        leases: new Map(),
        earlier: new Map(),
        sentHome: new Map(),
        silentFor: new Map(),
        version: 'v2',
        now: NOW,
      },
      ...actual,
    },
    { activationMs: 60_000 },
    strandedSince,
  ).map(({ kind, target, remedy }) => [kind, target, remedy]);
}

describe('what differs from what is wanted', () => {
  it('is nothing when everything is in place', () => {
    const leases = new Map([['print', 'bot-1:boot:2']]);
    const statuses = [status({ status: 'active', client_id: 'client_001' })];
    expect(found({ tenants: [client], open: [serving] }, { leases, statuses })).toEqual([]);
  });

  it('is a container that is missing, stands still, or is still there', () => {
    expect(found({}, { containers: [] })).toEqual([['container_missing', 'bot-1', 'mended']]);
    const stopped = { ...container('bot-1'), state: 'exited' as const };
    expect(found({}, { containers: [stopped] })).toEqual([['container_stopped', 'bot-1', 'mended']]);
    expect(found({ roster: [{ ...bot(1), state: 'retiring' }] })).toEqual([
      ['retirement_unfinished', 'bot-1', 'mended'],
    ]);
  });

  it('is not what is being made or removed this very moment', () => {
    const changedAt = new Date(NOW - 2_999);
    expect(found({ roster: [{ ...bot(1), changedAt }] }, { containers: [] })).toEqual([]);
    expect(found({ roster: [{ ...bot(1), state: 'retiring', changedAt }] })).toEqual([]);
  });

  it('is a container that nobody wanted: adopted when it serves, removed when not', () => {
    expect(found({ roster: [] })).toEqual([['orphan_idle', 'bot-1', 'mended']]);
    expect(found({ roster: [], open: [serving] })).toEqual([['orphan_serving', 'bot-1', 'mended']]);
  });

  it('is a bot that ends again and again', () => {
    const earlier = new Map([['bot-1', { restarts: 2, at: NOW - 60_000 }]]);
    const actual = (restarts: number) => ({ containers: [{ ...container('bot-1'), restarts }], earlier });
    expect(found({}, actual(4))).toEqual([]);
    expect(found({}, actual(5))).toEqual([['bot_flapping', 'bot-1', 'told']]);
    // Who goes home after serving has done nothing wrong.
    expect(found({}, { ...actual(5), sentHome: new Map([['bot-1', 1]]) })).toEqual([]);
  });

  it('is a bot that does not come up', () => {
    expect(found({}, { silentFor: new Map([['bot-1', 61_000]]) })).toEqual([['bot_stuck', 'bot-1', 'mended']]);
    expect(found({}, { containers: [], silentFor: new Map([['bot-1', 61_000]]) })).toEqual([
      ['container_missing', 'bot-1', 'mended'],
    ]);
  });

  it('is a client without a bot and without a place in the queue, after a moment', () => {
    expect(found({ tenants: [client] }, {}, new Map([['client_001', NOW - 9_999]]))).toEqual([]);
    expect(found({ tenants: [client] }, {}, new Map([['client_001', NOW - 10_000]]))).toEqual([
      ['client_stranded', 'client_001', 'pool'],
    ]);
    expect(found({ tenants: [{ ...client, queuedAt: new Date() }] }, {}, new Map([['client_001', 0]]))).toEqual([]);
    expect(found({ tenants: [{ ...client, state: 'suspended' }] }, {}, new Map([['client_001', 0]]))).toEqual([]);
  });

  it('is an activation that does not come to an end', () => {
    const claimed = { ...serving, state: 'claimed' as const, claimedAt: new Date(NOW - 60_001) };
    expect(found({ tenants: [client], open: [claimed] })).toEqual([['activation_stuck', 'client_001', 'pool']]);
  });

  it('is a second bot of one client, and a lease in foreign hands', () => {
    const second = status({ container_id: 'bot-2', boot_id: 'other', status: 'active', client_id: 'client_001' });
    const roster = [bot(1), bot(2)];
    const containers = [container('bot-1'), container('bot-2')];
    const leases = new Map([['print', 'bot-2:other:1']]);
    expect(found({ roster, tenants: [client], open: [serving] }, { containers, statuses: [second], leases })).toEqual([
      ['service_doubled', 'bot-2', 'pool'],
      ['lease_foreign', 'client_001', 'told'],
    ]);
  });

  it('is a bot of an old version', () => {
    expect(found({}, { statuses: [status({ version: 'v1' })] })).toEqual([['version_old', 'bot-1', 'told']]);
  });
});
