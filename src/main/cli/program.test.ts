import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CliHost } from './context.ts';
import { runCli } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'botpool-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line in this process, in a folder where nothing runs. */
async function botpool(args: readonly string[], more: Partial<CliHost> = {}) {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    env: { LANG: 'en_GB.UTF-8' },
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
    readStdin: async () => '',
    ask: undefined,
    isTerminal: false,
    projectFolder: folder,
    ...more,
  });
  return { code, out, err };
}

const TOKEN = `8874018010:${'A'.repeat(35)}`;
const ACTIVATE = ['activate', '--client', 'client_001', '--company', 'Anna Nails'];

describe('a command line that is not understood', () => {
  it.each([
    ['an unknown command', ['stauts'], 'Did you mean status?'],
    ['a missing option', ACTIVATE, "required option '--admin <telegram id>'"],
    ['an unknown option', ['status', '--colour'], "unknown option '--colour'"],
    ['a surplus argument', ['status', 'now'], 'too many arguments'],
    ['a language that is none', ['status', '--lang', 'fr'], '--lang: '],
    ['no token', [...ACTIVATE, '--admin', '5'], '--token: expected the token once'],
    [
      'two tokens',
      [...ACTIVATE, '--admin', '5', '--token', TOKEN, '--token-file', 'x'],
      '--token: expected the token once',
    ],
    [
      'a token file that is not there',
      [...ACTIVATE, '--admin', '5', '--token-file', '/nowhere'],
      '--token-file: ENOENT',
    ],
    ['a token that is none', [...ACTIVATE, '--admin', '5', '--token', '12:ab'], 'This is not a bot token'],
    ['nothing on stdin', [...ACTIVATE, '--admin', '5', '--token', '-'], 'This is not a bot token'],
    [
      'an owner who is no number',
      [...ACTIVATE, '--admin', 'Anna', '--token', TOKEN],
      '--admin: expected a Telegram user id',
    ],
    [
      'a zone that is none',
      [...ACTIVATE, '--admin', '5', '--token', TOKEN, '--time-zone', 'Mars'],
      'timeZone: expected an IANA zone',
    ],
    ['a client id that is none', ['tenants', 'show', 'client_1'], '“client_1” is not a client id'],
    ['a time that is none', ['logs', '--since', 'yesterday'], '--since: expected ISO 8601'],
    ['a number that is none', ['logs', '--tail', 'all'], '--tail: expected a number of lines'],
    ['no word on the data', ['tenants', 'delete', 'client_001'], 'either --keep-data or --drop-data'],
  ])('%s: exit code 2 and one clear sentence', async (_name, args, sentence) => {
    const { code, out, err } = await botpool(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\n\s+at |node:internal/);
    expect(err).not.toContain(TOKEN);
  });

  it('is told as JSON where JSON is wanted, and nowhere else', async () => {
    const unknown = await botpool(['status', '--colour', '--json']);
    expect([unknown.code, unknown.err]).toEqual([2, '']);
    expect(JSON.parse(unknown.out)).toMatchObject({ error: { code: 'usage' } });
    const language = await botpool(['status', '--lang', 'fr', '--json']);
    expect(JSON.parse(language.out)).toMatchObject({ error: { data: { field: '--lang' } } });
    const wrong = await botpool(['logs', '--since', 'yesterday', '--json']);
    expect([wrong.code, wrong.err]).toEqual([2, '']);
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: 'input_invalid', data: { field: '--since' } } });
  });
});

const COMMANDS = ['start', 'up', 'down', 'status', 'activate', 'deactivate', 'logs'].map((word) => [word]);
const SUBCOMMANDS = ['list', 'show', 'delete'].map((word) => ['tenants', word]);
const SANDBOX = ['person', 'bot', 'start', 'say', 'press', 'read', 'list'].map((word) => ['sandbox', word]);

const IMAGES = [['images', 'build']];

describe.each([...COMMANDS, ...SUBCOMMANDS, ...SANDBOX, ...IMAGES])('%s %s', (...words) => {
  const args = words.filter((word) => word !== undefined);

  it('has help with an example and --json', async () => {
    const { code, out } = await botpool([...args, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\\n {2}.*botpool ${args.join(' ')}`));
    expect(out).toContain('--json');
  });
});

it('says in the language of the environment, or in the one asked for, that nothing runs', async () => {
  expect(await botpool(['status'])).toMatchObject({ code: 3, out: '', err: expect.stringContaining('botpool up') });
  const russian = { env: { LANG: 'ru_RU.UTF-8' } };
  expect((await botpool(['tenants', 'list'], russian)).err).toContain('не запущен');
  expect((await botpool(['status', '--lang', 'ru'])).err).toContain('не запущен');
  expect((await botpool(['status', '--lang', 'en'], russian)).err).toContain('not running');
});

it('says so as JSON, and that there is nothing to stop', async () => {
  const { code, out, err } = await botpool(['status', '--json']);
  expect([code, err]).toEqual([3, '']);
  expect(JSON.parse(out)).toEqual({
    error: { code: 'control_plane_unreachable', data: {}, message: expect.any(String) },
  });
  expect(await botpool(['down', '--json'])).toMatchObject({ code: 0, out: '{"running":false,"stopped":false}\n' });
});
