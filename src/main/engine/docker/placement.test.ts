import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../engine.ts';
import { createBody, stopSeconds } from './placement.ts';

const SPEC: ContainerSpec = { name: 'bot', image: 'bots', env: { A: '1' }, labels: { pool: 'main' }, restart: 'no' };

describe('a container on a host', () => {
  it('is hardened whatever its placement says', () => {
    const { HostConfig, Labels } = createBody(SPEC, { writable: true, cpus: 0.25, memoryBytes: 1024 }, 'shop');
    expect(HostConfig).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'], Init: true });
    expect(HostConfig).toMatchObject({ NanoCpus: 250_000_000, Memory: 1024, MemorySwap: 1024 });
    expect(Labels).toMatchObject({ pool: 'main', 'com.docker.compose.project': 'shop', 'botpool.engine': 'docker' });
  });

  it('cannot take the label of another project', () => {
    const labels = { 'com.docker.compose.project': 'other' };
    expect(createBody({ ...SPEC, labels }, {}, 'shop').Labels).toMatchObject({ 'com.docker.compose.project': 'shop' });
  });

  it('gets at least one second to stop', () => {
    expect([stopSeconds(1), stopSeconds(1_001), stopSeconds(undefined)]).toEqual([1, 2, 10]);
  });
});
