import { GrammyError, HttpError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { scrubText } from './scrub.ts';

const TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
const SECRET = TOKEN.split(':')[1] ?? '';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('test', 'debug', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

function httpError(): HttpError {
  const cause = new TypeError(`request to https://api.telegram.org/bot${TOKEN}/getMe failed`);
  return new HttpError(`Network request for 'getMe' failed! (https://api.telegram.org/bot${TOKEN}/getMe)`, cause);
}

describe('the logger keeps a bot token out of every line', () => {
  const forms: Record<string, (logger: ReturnType<typeof createLogger>) => void> = {
    'as err': (logger) => logger.error({ err: httpError() }, 'polling failed'),
    'as the first argument': (logger) => logger.error(httpError()),
    'as a nested field': (logger) => logger.error({ step: { problem: httpError() } }, 'polling failed'),
    'as cause': (logger) => logger.error({ err: new Error('activation failed', { cause: httpError() }) }, 'failed'),
    'in the message': (logger) => logger.error(`failed: ${httpError().message}`),
    'as a stack': (logger) => logger.error({ stack: httpError().stack }, 'failed'),
    'as JSON in a string': (logger) => logger.error({ body: JSON.stringify({ token: TOKEN }) }, 'failed'),
    'as a token field': (logger) => logger.info({ token: SECRET }, 'config'),
    'two levels down': (logger) => logger.info({ config: { tenant: { token: SECRET } } }, 'config'),
    'percent-encoded': (logger) => logger.info({ url: encodeURIComponent(`https://x/bot${TOKEN}/getMe`) }, 'request'),
    'as a GrammyError': (logger) =>
      logger.error({
        err: new GrammyError(`x ${TOKEN}`, { ok: false, error_code: 401, description: 'Unauthorized' }, 'getMe', {
          token: TOKEN,
        }),
      }),
  };
  for (const [form, write] of Object.entries(forms)) {
    it(form, () => {
      const line = logged(write);
      expect(line).not.toContain(SECRET);
      expect(line).toContain('"level"');
    });
  }

  it('keeps the bot id, which is no secret, so that an operator can tell bots apart', () => {
    expect(scrubText(`bot${TOKEN}`)).toContain('123456789:[hidden]');
  });
});

describe('scrubText', () => {
  it('hides passwords in addresses, headers, fields and verifiers', () => {
    const text = scrubText(
      'postgres://booking_user:hunter2@db/x Bearer abcdefghijkl password=hunter2 {"redis_password":"hunter2"} ' +
        'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy live_abcdefghijklmnopqrstuvwx',
    );
    expect(text).not.toMatch(/hunter2|abcdefghijkl|c3RvcmVk/);
    expect(text).toContain('booking_user');
  });

  it('leaves ordinary text as it is', () => {
    const text = 'client_001 took booking-bot-pool-3 at 10:15:00, 12:30 and 2026-11-21T10:15:00.000Z';
    expect(scrubText(text)).toBe(text);
  });
});
