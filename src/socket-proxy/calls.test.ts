import { describe, expect, it } from 'vitest';
import { decide } from './calls.ts';

const GROUND = { project: 'salon', prefix: 'salon', image: 'bot-runtime' };

/** As the engine asks for a bot. */
const BOT = {
  Image: 'bot-runtime',
  Env: ['BOT_POOL_ID=3'],
  Labels: { 'com.docker.compose.project': 'salon', 'botpool.engine': 'docker', 'botpool.role': 'pool-bot' },
  StopSignal: 'SIGTERM',
  StopTimeout: 10,
  HostConfig: {
    Init: true,
    RestartPolicy: { Name: 'unless-stopped' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    ReadonlyRootfs: true,
    Tmpfs: { '/tmp': 'size=16m,mode=1777' },
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Memory: 201326592,
    MemorySwap: 201326592,
    NanoCpus: 1e9,
    CpuShares: 256,
    PidsLimit: 64,
    NetworkMode: 'salon-network',
  },
  NetworkingConfig: { EndpointsConfig: { 'salon-network': { Aliases: [] } } },
};

function call(method: string, url: string, body?: unknown) {
  return decide({ method, url, body }, GROUND);
}

function why(method: string, url: string, body?: unknown): string {
  const verdict = call(method, url, body);
  return verdict.verdict === 'refuse' ? verdict.why : 'passes';
}

describe('calls that the pool needs', () => {
  it('pass, written anew', () => {
    const verdict = call('POST', '/v1.45/containers/create?name=salon-bot-pool-3', BOT);
    expect(verdict).toMatchObject({ verdict: 'pass', path: '/v1.45/containers/create?name=salon-bot-pool-3' });
    expect(verdict).toMatchObject({ body: JSON.stringify(BOT) });
  });

  it('pass when the container is of the project, which is still to be asked', () => {
    expect(call('POST', '/v1.45/containers/abc/stop')).toMatchObject({ container: { id: 'abc', demand: 'steerable' } });
    expect(call('DELETE', '/containers/abc?v=true&force=true')).toMatchObject({ container: { demand: 'made' } });
    expect(call('POST', '/containers/abc/exec', { Cmd: ['true'] })).toMatchObject({
      container: { demand: 'open' },
      makesExec: true,
    });
  });

  it('tell of this project only, whatever filters were asked for', () => {
    const asked = encodeURIComponent(JSON.stringify({ label: ['com.docker.compose.project=other'] }));
    const verdict = call('GET', `/v1.45/containers/json?all=true&filters=${asked}`);
    const path = verdict.verdict === 'pass' ? verdict.path : '';
    const filters = JSON.parse(new URLSearchParams(path.split('?')[1]).get('filters') ?? '');
    expect(filters.label).toEqual(['com.docker.compose.project=other', 'com.docker.compose.project=salon']);
  });
});

describe('everything else is refused', () => {
  it.each([
    ['GET', '/images/json'],
    ['POST', '/build'],
    ['POST', '/images/create?fromImage=x'],
    ['GET', '/containers/abc/archive?path=/run/secrets'],
    ['PUT', '/containers/abc/archive?path=/'],
    ['POST', '/containers/abc/update'],
    ['POST', '/containers/abc/attach'],
    ['POST', '/volumes/create'],
    ['GET', '/secrets'],
    ['POST', '/swarm/init'],
    ['GET', '/v1.45/../v1.45/info'],
    ['GET', '/containers//json'],
    ['GET', '/containers/json?filters=%7B'],
    ['GET', '/containers/json?size=1'],
    ['GET', '/images/postgres:17/json'],
  ])('%s %s', (method, url) => {
    expect(why(method, url)).not.toBe('passes');
  });

  it.each([
    ['privileges', { HostConfig: { ...BOT.HostConfig, Privileged: true } }],
    ['privileges in small letters', { HostConfig: { ...BOT.HostConfig, privileged: true } }],
    ['a second host configuration in other letters', { ...BOT, hostconfig: { Privileged: true } }],
    ['a folder of the host', { HostConfig: { ...BOT.HostConfig, Binds: ['/:/host'] } }],
    ['a mount', { HostConfig: { ...BOT.HostConfig, Mounts: [{ Type: 'bind', Source: '/', Target: '/h' }] } }],
    ['the network of the host', { HostConfig: { ...BOT.HostConfig, NetworkMode: 'host' } }],
    ['the network of the engine', { HostConfig: { ...BOT.HostConfig, NetworkMode: 'salon-engine' } }],
    ['the processes of the host', { HostConfig: { ...BOT.HostConfig, PidMode: 'host' } }],
    ['a capability', { HostConfig: { ...BOT.HostConfig, CapAdd: ['SYS_ADMIN'] } }],
    ['no dropped capabilities', { HostConfig: { ...BOT.HostConfig, CapDrop: [] } }],
    ['no limit of memory', { HostConfig: { ...BOT.HostConfig, Memory: 0 } }],
    ['another image', { Image: 'alpine' }],
    ['another entry point', { Entrypoint: ['sh'] }],
    ['a program that is no bot', { Cmd: ['socket-proxy.cjs'] }],
    ['arguments of its own', { Cmd: ['pool-bot.cjs', '--inspect'] }],
    ['root', { User: '0:0' }],
    ['the label of another project', { Labels: { ...BOT.Labels, 'com.docker.compose.project': 'other' } }],
    ['no label', { Labels: {} }],
  ])('a bot with %s', (_what, more) => {
    expect(why('POST', '/containers/create?name=salon-bot-pool-3', { ...BOT, ...more })).toContain(
      'a container may not',
    );
  });

  it('a container of another name', () => {
    expect(why('POST', '/containers/create?name=salon-postgres', BOT)).toContain('may not be called');
    expect(why('POST', '/containers/create?name=salon-bot-sales', { ...BOT, Cmd: ['sales-bot.cjs'] })).toBe('passes');
    expect(why('POST', '/containers/create', BOT)).toContain('may not be called nothing');
  });

  it('a command with more rights than its container has', () => {
    expect(why('POST', '/containers/abc/exec', { Cmd: ['sh'], Privileged: true })).toContain('a command may not');
    expect(why('POST', '/containers/abc/exec', { Cmd: ['sh'], User: 'root' })).toContain('a command may not');
  });

  it('a network that is not the pool’s, or that leads out under the name of one that does not', () => {
    const labels = { 'com.docker.compose.project': 'salon' };
    const network = (Name: string, Internal: boolean) => ({ Name, Driver: 'bridge', Internal, Labels: labels });
    expect(why('POST', '/networks/create', network('salon-network-2', true))).toBe('passes');
    expect(why('POST', '/networks/create', network('salon-network-2', false))).not.toBe('passes');
    expect(why('POST', '/networks/create', network('salon-engine', true))).not.toBe('passes');
    const joining = { Container: 'abc', EndpointConfig: { Aliases: [] } };
    expect(call('POST', '/networks/salon-egress/connect', joining)).toMatchObject({
      container: { demand: 'steerable' },
    });
    expect(why('POST', '/networks/salon-engine/connect', joining)).not.toBe('passes');
  });
});
