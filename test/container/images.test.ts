/** The stand-ins do what compose files expect of the official images whose names they bear. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImages, type StackImage } from '#main/images/build-images.ts';
import { until } from '../support/until.ts';
import { docker, dockerAnswers, dockerEnvironment } from './docker-command.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** On everything that is started here, so that it can be found again. */
const LABEL = `botpool.images-test=${process.pid}`;

async function build(more: Readonly<Record<string, string>> = {}, offline = true): Promise<readonly StackImage[]> {
  const report = (): void => undefined;
  const variables = dockerEnvironment(more);
  return await buildImages({ projectFolder: PROJECT, variables, offline, refresh: false, report });
}

/** Starts a container in the background; returns its id. */
async function start(...args: readonly string[]): Promise<string> {
  return (await docker(['run', '--detach', '--label', LABEL, ...args])).trim();
}

function run(...args: readonly string[]): Promise<string> {
  return docker(['run', '--rm', '--label', LABEL, ...args]);
}

describe.skipIf(!(await dockerAnswers()))('images made without a registry (needs a Docker engine)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'botpool-images-'));
  let images: readonly StackImage[];

  beforeAll(async () => {
    // Users inside of containers read what lies here.
    chmodSync(folder, 0o755);
    images = await build();
  }, 300_000);

  afterAll(async () => {
    const ids = (await docker(['ps', '--all', '--quiet', '--filter', `label=${LABEL}`])).split('\n').filter(Boolean);
    if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('are all there, and are not made again', async () => {
    const again = await build();
    expect(again.map(({ image }) => image)).toEqual(images.map(({ image }) => image));
    expect(again.filter(({ outcome }) => outcome === 'made' || outcome === 'pulled')).toEqual([]);
  });

  it('are the same to the last bit when the same code is bundled again', async () => {
    const [before, after] = [images, await build()].map((list) => list.find(({ outcome }) => outcome === 'built')?.id);
    expect(after).toBe(before);
  });

  it('never take the place of an image that is not theirs', async () => {
    const names = await build({ REDIS_IMAGE: 'bot-runtime', BOT_RUNTIME_IMAGE: 'bot-runtime:again' });
    expect(names.find(({ image }) => image === 'bot-runtime')?.outcome).toBe('kept');
    await docker(['image', 'rm', 'bot-runtime:again']);
  });

  it('are offered when a registry refuses, and a missing engine is said plainly', async () => {
    const refused = build({ POSTGRES_IMAGE: '127.0.0.1:1/postgres:17' }, false);
    await expect(refused).rejects.toMatchObject({
      code: 'program_failed',
      data: { detail: expect.stringMatching(/POSTGRES_IMAGE.*images build --offline/) },
    });
    await expect(build({ DOCKER_HOST: 'unix:///nowhere.sock' })).rejects.toMatchObject({
      code: 'program_failed',
      data: { program: 'docker version' },
    });
  });

  it('leave nothing in the bot runtime but Node, its libraries and our code', async () => {
    const script =
      "const fs=require('fs'); console.log(JSON.stringify([fs.readdirSync('/usr/local/bin'), process.getuid()]))";
    const [programs, user] = JSON.parse(await run('--entrypoint', '/usr/local/bin/node', 'bot-runtime', '-e', script));
    expect([programs, user]).toEqual([['node'], 1_000]);
    await expect(run('--entrypoint', 'sh', 'bot-runtime')).rejects.toThrow('executable file not found');
  });

  it('PostgreSQL takes its names and its password file, and runs what lies in initdb.d', async () => {
    writeFileSync(join(folder, 'password'), 'secret\n', { mode: 0o444 });
    writeFileSync(join(folder, '1.sql'), 'CREATE TABLE made AS SELECT 1 AS step;');
    writeFileSync(join(folder, '2.sh'), 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO made VALUES (2)"');
    const id = await start(
      ...['--env', 'POSTGRES_USER=owner', '--env', 'POSTGRES_DB=shop', '--env', 'POSTGRES_PASSWORD_FILE=/password'],
      ...['--volume', `${folder}/password:/password:ro`, '--volume', `${folder}:/docker-entrypoint-initdb.d:ro`],
      ...['postgres:17', '-c', 'work_mem=7MB'],
    );
    const ask = (...words: string[]): Promise<string> =>
      docker([
        'exec',
        '--env',
        'PGPASSWORD=secret',
        id,
        'psql',
        '-h',
        '127.0.0.1',
        '-U',
        'owner',
        '-tA',
        ...words,
        'shop',
      ]);
    const rows = await until('PostgreSQL answers', () => ask('-c', 'SELECT step FROM made ORDER BY 1'));
    expect(rows).toBe('1\n2\n');
    expect(await ask('-c', 'SHOW work_mem')).toBe('7MB\n');
    expect(await docker(['exec', id, 'stat', '--format', '%U', '/proc/1'])).toBe('postgres\n');
    await docker(['restart', id]);
    expect(await until('it answers again', () => ask('-c', 'SELECT count(*) FROM made'))).toBe('2\n');
  });

  it('PostgreSQL refuses to begin without a password', async () => {
    await expect(run('postgres:17')).rejects.toThrow('superuser password is not specified');
  });

  it('Redis takes bare options, and steps down from root', async () => {
    const id = await start('redis:8', '--appendonly', 'yes', '--requirepass', 'secret');
    const ping = (): Promise<string> => docker(['exec', id, 'redis-cli', '-e', '--pass', 'secret', 'ping']);
    expect(await until('Redis answers', ping)).toContain('PONG');
    expect(await docker(['exec', id, 'stat', '--format', '%U', '/data/appendonlydir'])).toBe('redis\n');
  });

  it('Node takes options, files and commands', async () => {
    expect(await run('node:24-slim', '--print', 'process.release.lts')).toBe('Krypton\n');
    expect(await run('--user', 'node', 'node:24-slim', 'id', '--user')).toBe('1000\n');
  });

  it('nginx fills in its templates', async () => {
    writeFileSync(join(folder, 'hello.conf.template'), `server { listen 8080; return 200 "$host $\{GREETING}"; }`);
    const template = `${folder}/hello.conf.template:/etc/nginx/templates/hello.conf.template:ro`;
    const id = await start('--env', 'GREETING=hello', '--volume', template, 'nginx:1.26');
    const ask = (): Promise<string> => docker(['exec', id, 'curl', '--silent', '--fail', 'http://127.0.0.1:8080']);
    expect(await until('nginx answers', ask)).toBe('127.0.0.1 hello');
  });

  it('Prometheus becomes ready with the official arguments', async () => {
    const id = await start('prom/prometheus:v2.53.3', '--config.file=/etc/prometheus/prometheus.yml');
    const ready = ['exec', id, 'wget', '-q', '-O', '-', 'http://127.0.0.1:9090/-/ready'];
    expect(await until('it is ready', () => docker(ready))).toContain('Ready');
  });
});
