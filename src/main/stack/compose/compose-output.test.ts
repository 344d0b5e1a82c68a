import { describe, expect, it } from 'vitest';
import { explainCompose, isPortTaken, maskConfiguration, parseStep } from './compose-output.ts';

describe('progress of Compose', () => {
  it('is understood line by line', () => {
    expect(parseStep(' Container booking-redis  Healthy')).toEqual({
      kind: 'Container',
      name: 'booking-redis',
      state: 'Healthy',
    });
    expect(parseStep(' Volume "botpool_postgres"  Created')).toMatchObject({
      kind: 'Volume',
      name: 'botpool_postgres',
    });
    expect(parseStep('time="…" level=warning msg="Found orphan containers"')).toBeUndefined();
  });
});

it('shows its configuration without what is secret in it', () => {
  const yaml = [
    'services:',
    '  sales-bot:',
    '    environment:',
    '      BOT_TOKEN_SALES: 1234:abc',
    '      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password',
    '      LOG_LEVEL: info',
    '    command:',
    '      - API_KEY=sk-1',
    'secrets:',
    '  master_key:',
    '    file: /srv/botpool/secrets/master.key',
  ].join('\n');
  const shown = maskConfiguration(yaml);
  expect(shown).not.toMatch(/1234:abc|sk-1/);
  expect(shown.replaceAll('[hidden]', '…')).toBe(yaml.replace('1234:abc', '…').replace('sk-1', '…'));
});

describe('a failure of Compose', () => {
  const failing = (...lines: string[]) => explainCompose('docker compose up', lines);

  it('names the container that belongs to somebody else', () => {
    const line =
      'Error response from daemon: Conflict. The container name "/booking-redis" is already in use by container';
    expect(failing(' Container booking-redis  Creating', line)).toMatchObject({
      code: 'container_foreign',
      data: { name: 'booking-redis' },
    });
  });

  it('tells a full disk, a missing image and an engine that is away apart', () => {
    expect(failing('write /x: no space left on device').code).toBe('engine_full');
    expect(failing('Error response from daemon: No such image: bot-runtime:latest')).toMatchObject({
      code: 'image_missing',
      data: { image: 'bot-runtime:latest' },
    });
    expect(failing('Cannot connect to the Docker daemon at unix:///x. Is it running?').code).toBe('engine_unreachable');
  });

  it('is known as a taken port, which another one can mend', () => {
    const line = 'Error: driver failed: Bind for 127.0.0.1:15432 failed: port is already allocated';
    expect(isPortTaken(failing(line))).toBe(true);
    expect(isPortTaken(failing('something else'))).toBe(false);
    expect(isPortTaken(new Error('port is already allocated'))).toBe(false);
  });

  it('keeps the last words when nobody knows them', () => {
    expect(failing('strange', 'words')).toMatchObject({ code: 'engine_failed', data: { detail: 'strange | words' } });
    expect(failing()).toMatchObject({ code: 'engine_failed', data: { detail: 'it did not say why' } });
  });
});
