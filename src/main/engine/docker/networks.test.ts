import { describe, expect, it } from 'vitest';
import { shardWithRoom } from './networks.ts';

describe('a container in a network', () => {
  it('goes into the first part of a network that has room', () => {
    const used = new Map([
      ['net', 900],
      ['net-2', 899],
    ]);
    expect(shardWithRoom('net', used)).toBe('net-2');
    expect(shardWithRoom('net', used, 899)).toBe('net-3');
    expect(shardWithRoom('other', used)).toBe('other');
  });
});
