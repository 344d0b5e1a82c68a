import { describe, expect, it } from 'vitest';
import { type DiscoveryFacts, dockerEndpoints, parseHost } from './endpoints.ts';

const facts = (more: Partial<DiscoveryFacts>): DiscoveryFacts => ({
  env: {},
  home: '/home/ann',
  platform: 'linux',
  contexts: [{ name: 'work', host: 'ssh://ann@work' }],
  ...more,
});
const texts = (more: Partial<DiscoveryFacts>): string[] => dockerEndpoints(facts(more)).map(({ text }) => text);

describe('where an engine is looked for', () => {
  it('is the one that DOCKER_HOST names, and no other', () => {
    const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_CONTEXT: 'work', DOCKER_TLS_VERIFY: '1' };
    const [only, ...more] = dockerEndpoints(facts({ env, currentContext: 'work' }));
    expect(more).toEqual([]);
    expect(only?.address).toEqual({ kind: 'tcp', host: 'far', port: 2376, tlsFolder: '/home/ann/.docker' });
  });

  it('is the context that DOCKER_CONTEXT names, before the current one', () => {
    expect(texts({ env: { DOCKER_CONTEXT: 'work' }, currentContext: 'other' })).toEqual(['ssh://ann@work']);
    expect(texts({ currentContext: 'work' })).toEqual(['ssh://ann@work']);
    expect(dockerEndpoints(facts({ currentContext: 'gone' }))[0]?.address).toBeUndefined();
  });

  it('is each usual socket in turn when nobody names one', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1000', DOCKER_CONTEXT: 'default' };
    expect(texts({ env, currentContext: 'work' })).toEqual([
      '/var/run/docker.sock',
      '/run/user/1000/docker.sock',
      '/home/ann/.docker/desktop/docker.sock',
      '/home/ann/.docker/run/docker.sock',
    ]);
    expect(texts({ platform: 'win32' })[0]).toBe('//./pipe/docker_engine');
  });
});

describe('an address', () => {
  it.each([
    ['unix:///run/d.sock', { kind: 'socket', path: '/run/d.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.1', { kind: 'tcp', host: '10.0.0.1', port: 2375 }],
    ['ssh://ann@far:2222', { kind: 'ssh', target: 'ann@far', port: 2222 }],
    ['ssh://-oProxyCommand=evil', undefined],
    ['fd://', undefined],
    ['nonsense', undefined],
  ])('%s is read', (text, address) => {
    expect(parseHost(text)).toEqual(address);
  });
});
