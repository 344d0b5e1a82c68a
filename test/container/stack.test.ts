/** What the pool stands on, from `compose/stack.yml`: started by Compose from the images of `botpool images build --offline`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildImages } from '#main/images/build-images.ts';
import { createSandboxClient } from '#main/sandbox/sandbox-client.ts';
import { composeCommand } from '#main/stack/compose/compose-command.ts';
import { until } from '../support/until.ts';
import { docker, dockerAnswers, dockerEnvironment } from './docker-command.ts';
import { openPoolOnStack, type PoolOnStack } from './pool-on-stack.ts';
import { prepareStackWorld, STACK_FILE, type StackWorld } from './stack-world.ts';

const SERVICES = ['postgres', 'redis', 'sandbox'] as const;
const BOTS = 2;

const CONFIG = z.object({
  services: z.record(
    z.string(),
    z.object({
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal('ALL')]),
      security_opt: z.tuple([z.literal('no-new-privileges:true')]),
      restart: z.literal('unless-stopped'),
      healthcheck: z.object({ test: z.array(z.string()).min(2) }),
      logging: z.object({ options: z.object({ 'max-size': z.literal('10m'), 'max-file': z.literal('3') }) }),
      deploy: z.object({ resources: z.object({ limits: z.object({ memory: z.string(), pids: z.number() }) }) }),
      ports: z.array(z.object({ host_ip: z.literal('127.0.0.1') })).default([]),
      environment: z.record(z.string(), z.string()).default({}),
      networks: z.record(z.string(), z.unknown()),
      volumes: z.array(z.unknown()).default([]),
    }),
  ),
  networks: z.object({ inside: z.object({ internal: z.literal(true) }) }),
});

describe.skipIf(!(await dockerAnswers()))('the Compose stack (needs a Docker engine with Compose)', () => {
  let world: StackWorld;
  let plane: PoolOnStack;

  beforeAll(async () => {
    const report = (): void => undefined;
    const projectFolder = join(import.meta.dirname, '../..');
    await buildImages({ projectFolder, variables: dockerEnvironment(), offline: true, refresh: false, report });
    world = await prepareStackWorld();
    await world.compose('up', '--detach', '--wait', ...SERVICES);
  }, 300_000);

  afterAll(async () => {
    await plane?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  }, 60_000);

  it('is shown as it is in force, without anything that is secret', async () => {
    const projectFolder = join(import.meta.dirname, '../..');
    const command = composeCommand({
      projectFolder,
      env: dockerEnvironment(world.env),
      profiles: ['sandbox'],
      overlays: [],
    });
    const yaml = await command.configuration();
    for (const service of [...SERVICES, 'pool-monitor']) expect(yaml).toContain(`  ${service}:`);
    expect(yaml).toContain('read_only: true');
    const password = (await readFile(join(world.env['SECRETS_DIR'] ?? '', 'postgres-password'), 'utf8')).trim();
    expect(password.length).toBeGreaterThan(10);
    expect(yaml).not.toContain(password);
  });

  it('hardens every service of every profile, and publishes on loopback alone', async () => {
    const args = ['compose', '--file', STACK_FILE, '--profile', '*', 'config', '--format', 'json'];
    const config = CONFIG.parse(JSON.parse(await docker(args, { env: world.env })));
    const all = ['docker-proxy', 'gateway', 'nginx', 'pool-monitor', 'postgres', 'prometheus', 'redis', 'sandbox'];
    expect(Object.keys(config.services).sort()).toEqual(all);
    const holders = Object.entries(config.services).filter(([, service]) =>
      JSON.stringify(service).includes('docker.sock'),
    );
    expect(holders.map(([name]) => name)).toEqual(['docker-proxy']);
    expect(Object.keys(config.services['docker-proxy']?.networks ?? {})).toEqual(['engine']);
    const variables = Object.values(config.services).flatMap(({ environment }) => Object.keys(environment));
    expect(variables.filter((name) => /(PASSWORD|TOKEN|KEY)$/.test(name))).toEqual([]);
  });

  it('is the same when it is brought up again', async () => {
    const ids = (): Promise<string> => world.compose('ps', '--quiet', '--no-trunc');
    const before = await ids();
    await world.compose('up', '--detach', '--wait', ...SERVICES);
    expect(await ids()).toBe(before);
  });

  it('answers to the given secrets and to no others', async () => {
    const { postgresPassword, redisPassword } = world.secrets;
    const psql = (password: string): Promise<string> =>
      world.inside('postgres', 'env', `PGPASSWORD=${password}`, 'psql', '-h', '127.0.0.1', '-tAc', 'SELECT 6 * 7');
    expect(await psql(postgresPassword)).toBe('42\n');
    await expect(psql('wrong')).rejects.toThrow('password authentication failed');
    const redis = (...args: string[]): Promise<string> => world.inside('redis', 'redis-cli', '-e', ...args);
    expect(await redis('--no-auth-warning', '--pass', redisPassword, 'acl', 'whoami')).toBe('botpool\n');
    await expect(redis('--user', 'default', '--pass', '', 'ping')).rejects.toThrow(/NOAUTH|WRONGPASS/);
    await expect(redis('--user', 'health', '--pass', 'x', 'keys', '*')).rejects.toThrow('NOPERM');
  });

  it('lets an operator type the old commands without a password', async () => {
    await world.inside('redis', 'redis-cli', 'SET', 'bot_status:booking-bot-pool-77', '{}');
    expect(await world.inside('redis', 'redis-cli', 'GET', 'bot_status:booking-bot-pool-77')).toBe('{}\n');
    await world.inside('redis', 'redis-cli', 'DEL', 'bot_status:booking-bot-pool-77');
    const schemas = await world.inside('postgres', 'psql', '-U', 'booking_user', '-d', 'booking_saas', '-c', '\\dn');
    expect(schemas).toContain('public');
  });

  it('keeps the settings that tenants and backups rely on', async () => {
    const show = (name: string): Promise<string> => world.inside('postgres', 'psql', '-tAc', `SHOW ${name}`);
    expect(await show('max_locks_per_transaction')).toBe('512\n');
    expect(await show('data_checksums')).toBe('on\n');
    expect(await show('server_encoding')).toBe('UTF8\n');
    expect(await world.inside('redis', 'redis-cli', 'CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction');
  });

  it.each(SERVICES)(
    'runs %s without root, rights or a writable system, and publishes it on loopback',
    async (service) => {
      const container = `${world.prefix}-${service}`;
      const status = await ownStatus(service, world);
      expect(status).toMatch(/^CapBnd:\t0{16}$/m);
      expect(status).toMatch(/^CapEff:\t0{16}$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).not.toMatch(/^Uid:\t0\t/m);
      expect(await docker(['port', container])).toMatch(/^(\d+\/tcp -> 127\.0\.0\.1:\d+\n)+$/);
      await expect(writeToRoot(service, world)).rejects.toThrow(/read-only|EROFS/i);
    },
  );

  it('lets containers reach each other and nothing outside', async () => {
    const node = '/usr/local/bin/node';
    const reach = (host: string, port: number): Promise<string> =>
      docker(['exec', `${world.prefix}-sandbox`, node, '-e', connecting(host, port)]);
    expect(await reach('postgres', 5432)).toBe('connected\n');
    expect(await reach('redis', 6379)).toBe('connected\n');
    const bot = ['run', '--rm', '--network', `${world.prefix}-network`, '--entrypoint', node, 'bot-runtime'];
    expect(await docker([...bot, '-e', connecting('192.0.2.1', 53)])).toMatch(/ENETUNREACH|EHOSTUNREACH/);
    const network = await docker(['network', 'inspect', `${world.prefix}-loopback`, '--format', '{{json .Options}}']);
    expect(JSON.parse(network)).toMatchObject({ 'com.docker.network.bridge.enable_ip_masquerade': 'false' });
  });

  it('carries a pool: hardened bots wait, one becomes a client’s and answers', async () => {
    plane = await openPoolOnStack(world);
    expect(await plane.bots.ensure(BOTS)).toBe(BOTS);
    const { pool } = plane;
    await until('the bots wait', async () => (await pool.getPoolStatus()).waiting === BOTS, 30_000);
    const bot = `${world.prefix}-bot-pool-1`;
    // The engine files a line a moment after its bot has registered.
    await until('the log says so', async () =>
      (await docker(['logs', bot])).includes('BOT CONTAINER STARTED IN WAITING MODE'),
    );
    expect(await insideNode(bot, "fs.readFileSync('/proc/1/status','utf8')")).toMatch(/^CapBnd:\t0{16}$/m);
    const sandbox = createSandboxClient(`http://127.0.0.1:${world.ports.sandbox}`);
    const owner = await sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
    const { id, token } = await sandbox.createBot({ ownerId: owner.id, name: 'Salon', username: 'anna_nails_bot' });
    const client = { clientId: 'client_001', company: 'Anna Nails', token, ownerId: owner.id, locale: 'en' as const };
    await pool.activateBot(client, 'test');
    const customer = await sandbox.createPerson({ name: 'Olga', languageCode: 'en' });
    const chat = sandbox.chat(id, customer.id);
    await chat.start();
    expect((await chat.waitFor({ timeoutMs: 20_000 }))?.text).toContain('Hello, Olga');
    expect(await world.inside('postgres', 'psql', '-c', '\\dn')).toContain('client_001');
  });

  it('comes back with its data and its client after everything was killed', async () => {
    for (const service of SERVICES) await docker(['kill', `${world.prefix}-${service}`]);
    await world.compose('up', '--detach', '--wait', ...SERVICES);
    await plane.bots.healUsers();
    expect(await world.inside('postgres', 'psql', '-c', '\\dn')).toContain('client_001');
    const sandbox = createSandboxClient(`http://127.0.0.1:${world.ports.sandbox}`);
    const customer = await sandbox.createPerson({ name: 'Vera', languageCode: 'en' });
    const chat = sandbox.chat('anna_nails_bot', customer.id);
    await chat.start();
    expect((await chat.waitFor({ timeoutMs: 30_000 }))?.text).toContain('Hello, Vera');
  });
});

/** A script that writes `connected`, or the reason why not. */
function connecting(host: string, port: number): string {
  const end = (text: string): string => `(error) => { console.log(${text}); process.exit(); }`;
  const socket = `require('node:net').connect(${port}, '${host}')`;
  return `${socket}.once('connect', ${end("'connected'")}).once('error', ${end('error.code')})`;
}

function insideNode(container: string, expression: string): Promise<string> {
  const script = `const fs = require('node:fs'); console.log(${expression})`;
  return docker(['exec', container, '/usr/local/bin/node', '-e', script]);
}

function ownStatus(service: string, world: StackWorld): Promise<string> {
  if (service !== 'sandbox') return world.inside(service, 'cat', '/proc/1/status');
  return insideNode(`${world.prefix}-sandbox`, "fs.readFileSync('/proc/1/status', 'utf8')");
}

async function writeToRoot(service: string, world: StackWorld): Promise<void> {
  if (service === 'sandbox') await insideNode(`${world.prefix}-sandbox`, "fs.writeFileSync('/app/x', '')");
  else await world.inside(service, 'touch', '/usr/x');
}
