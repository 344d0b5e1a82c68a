/** Botpool on Docker as its operator meets it, from the first `up` to the last `down`. */
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { until } from '../support/until.ts';
import { visitorOf } from '../support/visitor.ts';
import { docker } from './docker-command.ts';
import { type ProductWorld, prepareProductWorld } from './product-world.ts';
import { STACK_FILE } from './stack-world.ts';

const LONG_MS = 180_000;

describe.skipIf(inject('noDocker') !== undefined)('Botpool on Docker (needs a Docker engine)', () => {
  let world: ProductWorld;
  let olga: SandboxChat;

  beforeAll(async () => {
    world = await prepareProductWorld();
  }, 600_000);
  afterAll(() => world?.[Symbol.asyncDispose](), LONG_MS);

  const greeting = async (chat: SandboxChat): Promise<string> => {
    await chat.start();
    return (await chat.waitFor({ timeoutMs: 60_000 }))?.text ?? 'no answer';
  };
  const servesClient = async (): Promise<string> => {
    const { text } = await world.botpool('tenants', 'show', 'client_001', '--json');
    return String(JSON.parse(text).container).replace('booking-', '');
  };
  const containers = async (): Promise<string[]> => {
    const filter = ['--filter', `label=com.docker.compose.project=${world.project}`];
    return (await docker(['ps', '--all', ...filter, '--format', '{{.Names}}'])).split('\n').filter(Boolean);
  };

  it(
    'comes up by one command, says what runs it and what it is doing',
    async () => {
      const { code, text } = await world.botpool('up');
      expect(text).toMatch(/Docker \d+\.\S+ at \S+ runs the containers/);
      expect(text).toMatch(new RegExp(`${world.project}-postgres answers`));
      expect(code).toBe(0);
      const { text: status } = await world.botpool('status');
      expect(status).toContain('total 3, waiting 3');
      expect(status).toContain('8 of 8 services run (docker)');
    },
    LONG_MS,
  );

  it('gives a client its bot, which answers', async () => {
    olga = await world.activate(1);
    expect(await greeting(olga)).toContain('Hello, Olga');
  });

  it.each([
    ['docker ps | grep bot-pool-3', /bot-pool-3/],
    ['docker exec $PREFIX-redis redis-cli GET bot_status:booking-bot-pool-3', /"status"/],
    ['docker compose -p $PREFIX logs bot-pool-1 bot-pool-2 bot-pool-3 | grep "BOT ACTIVATED"', /client_001/],
    ['docker compose -p $PREFIX logs bot-pool-3 | grep "Waiting for configuration"', /bot-pool-3/],
    ['docker compose -p $PREFIX logs pool-monitor | grep "POOL MONITOR STARTED"', /pool-monitor/],
    ['docker exec -i $PREFIX-postgres psql -U booking_user -d booking_saas -c "\\dn"', /client_001/],
    ['docker compose -p $PREFIX ps bot-pool-2', /bot-pool-2/],
  ])('answers an old habit: %s', async (line, expected) => {
    const { code, text } = await world.shell(line);
    expect([code, text]).toEqual([0, expect.stringMatching(expected)]);
  });

  it('sells a bot: the Sales Bot, the gateway and the worker find each other', async () => {
    const person = await world.sandbox.createPerson({ name: 'Buyer', languageCode: 'en' });
    const { token } = await world.sandbox.createBot({ ownerId: person.id, name: 'Bought', username: 'bought_bot' });
    const buyer = visitorOf(world.sandbox, 'botpool_sales_bot', person);
    await buyer.chat.start('plan_start');
    await buyer.sees('How is your business called?');
    await buyer.say('Bought');
    await buyer.press('I have a bot');
    await buyer.sees('Open @BotFather');
    await buyer.say(token);
    await buyer.press('Pay');
    await buyer.sees('Waiting for your payment');
    const page = new URL(await buyer.link('Pay'));
    // The link works in the browser of whoever sits at this machine.
    expect((await fetch(page)).status).toBe(200);
    await world.sandbox.shop.act(page.searchParams.get('orderId') ?? '');
    await buyer.sees('Your bot is ready: @bought_bot');
    const { code, text } = await world.botpool('orders', 'list');
    expect([code, text]).toEqual([0, expect.stringMatching(/active\s.*990\s.*client_\d+\s+Bought/)]);
    expect(
      (await world.botpool('tenants', 'delete', 'client_002', '--drop-data', '--confirm', 'client_002')).code,
    ).toBe(0);
  });

  it('lets providers in by TLS, and nothing else', async () => {
    const [folder, port] = [await makeRunFolder(), await freePort()];
    const certificate = `openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout ${folder}/tls.key -out ${folder}/tls.crt`;
    const readable = `chmod 0755 ${folder} && chmod 0444 ${folder}/tls.key ${folder}/tls.crt`;
    const files = `TLS_PORT=${port} TLS_CERTIFICATE=${folder}/tls.crt TLS_KEY=${folder}/tls.key`;
    const compose = `STACK_PREFIX=$PREFIX SECRETS_DIR=${join(world.home, 'secrets')} ${files} docker compose --file ${STACK_FILE} --profile tls`;
    const up = await world.shell(`${certificate} && ${readable} && ${compose} up --detach --wait nginx`);
    expect([up.code, up.text]).toEqual([0, expect.anything()]);
    // This machine is not the provider, whatever it says of itself.
    expect(await posted(port, '/yookassa')).toBe(403);
    expect(await posted(port, '/control/people')).toBe(404);
    expect((await world.shell(`${compose} rm --stop --force nginx`)).code).toBe(0);
  });

  it('hardens and limits each bot, and gives it no way out', async () => {
    const format =
      '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.Config.User}}';
    expect(await world.inspect('bot-pool-1', format)).toBe('true [ALL] [no-new-privileges:true] 1000:1000');
    const limits = '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}';
    expect(await world.inspect('bot-pool-1', limits)).toBe('201326592 1000000000 64');
    // A health check by Docker would cost more than the bot: its heartbeat is in Redis.
    expect(JSON.parse(await world.inspect('bot-pool-1', '{{json .Config}}'))).not.toHaveProperty('Healthcheck');
    const networks = '{{range $name, $ := .NetworkSettings.Networks}}{{$name}} {{end}}';
    expect(await world.inspect('bot-pool-1', networks)).toBe(`${world.project}-network`);
  });

  it(
    'is the same when it is brought up again, and what is missing comes back',
    async () => {
      const bot = await servesClient();
      const before = await world.inspect(bot, '{{.Id}} {{.State.StartedAt}}');
      const [free = '', other = ''] = ['bot-pool-1', 'bot-pool-2', 'bot-pool-3'].filter((name) => name !== bot);
      await docker(['rm', '--force', `${world.project}-${free}`, `${world.project}-redis`]);
      await docker(['stop', `${world.project}-${other}`]);
      const { code, text } = await world.botpool('up');
      expect([code, text]).toEqual([0, expect.stringContaining('runs already')]);
      await until(
        'all wait again',
        async () => /total 3, waiting 2/.test((await world.botpool('status')).text),
        60_000,
      );
      expect(await world.inspect(bot, '{{.Id}} {{.State.StartedAt}}')).toBe(before);
      expect(await greeting(olga)).toContain('Hello, Olga');
    },
    LONG_MS,
  );

  it(
    'leaves an active bot alone when somebody uses Compose by hand',
    async () => {
      const bot = await servesClient();
      const before = await world.inspect(bot, '{{.Id}} {{.State.StartedAt}}');
      const secrets = join(world.home, 'secrets');
      const up = await world.shell(
        `STACK_PREFIX=$PREFIX SECRETS_DIR=${secrets} docker compose --file ${STACK_FILE} up --detach redis`,
      );
      expect(up.code).toBe(0);
      expect(await world.inspect(bot, '{{.Id}} {{.State.StartedAt}}')).toBe(before);
      expect(await greeting(olga)).toContain('Hello, Olga');
    },
    LONG_MS,
  );

  it('moves a client whose bot is restarted, by our command or by Compose', async () => {
    const bot = await servesClient();
    const { code } = await world.botpool('restart', bot);
    expect(code).toBe(0);
    expect(await greeting(olga)).toContain('Hello, Olga');
    expect((await world.shell(`docker compose -p $PREFIX restart ${await servesClient()}`)).code).toBe(0);
    expect(await greeting(olga)).toContain('Hello, Olga');
  });

  it(
    'goes on without its host: the pool monitor gives a lost client another bot',
    async () => {
      const bot = await servesClient();
      const { pid } = JSON.parse(await readFile(join(world.home, 'run/host.json'), 'utf8'));
      process.kill(Number(pid), 'SIGKILL');
      await docker(['rm', '--force', `${world.project}-${bot}`]);
      expect(await greeting(olga)).toContain('Hello, Olga');
    },
    LONG_MS,
  );

  it(
    'refuses to take over the containers of another home',
    async () => {
      const home = await makeRunFolder();
      const line = `BOTPOOL_HOME=${home} ${process.execPath} src/main/cli/main.ts up`;
      const { code, text } = await world.shell(line);
      expect([code, text]).toEqual([1, expect.stringContaining('does not belong to this installation')]);
      // What could not be started does not linger.
      await until(
        'its process has ended',
        async () => (await world.shell(`pgrep --full -- "--home ${home}$"`)).code === 1,
      );
    },
    LONG_MS,
  );

  it(
    'goes down with everything but its data, and comes back with its client',
    async () => {
      expect(await world.botpool('down')).toMatchObject({ code: 0 });
      expect(await containers()).toEqual([]);
      expect(await world.botpool('up')).toMatchObject({ code: 0 });
      expect(await greeting(olga)).toContain('Hello, Olga');
    },
    LONG_MS,
  );

  it(
    'deletes data only when its name is said, and tells what is lost',
    async () => {
      const asked = await world.botpool('down', '--volumes');
      expect([asked.code, asked.text]).toEqual([2, expect.stringMatching(/lost for good: 1 clients/)]);
      expect((await containers()).length).toBeGreaterThan(3);
      expect(await world.botpool('down', '--volumes', '--confirm', world.project)).toMatchObject({ code: 0 });
      const filter = `label=com.docker.compose.project=${world.project}`;
      expect(await containers()).toEqual([]);
      expect(await docker(['volume', 'ls', '--quiet', '--filter', filter])).toBe('');
      expect(await docker(['network', 'ls', '--quiet', '--filter', filter])).toBe('');
    },
    LONG_MS,
  );
});

/** The status of a notification that comes by TLS and claims to be the provider's. */
async function posted(port: number, path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '185.71.76.9' };
  const options = { host: '127.0.0.1', port, path, method: 'POST', headers, rejectUnauthorized: false };
  const call = request(options, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  call.once('error', reject);
  call.end(JSON.stringify({ type: 'notification', event: 'payment.succeeded', object: { id: 'forged' } }));
  return await promise;
}
