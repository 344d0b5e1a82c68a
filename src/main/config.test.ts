import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readHostConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'botpool-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('takes an empty variable for one that is not set, in the environment and in .env', () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'x\n');
  writeFileSync(join(folder, '.env'), `POOL_BOTS=3\nSPARE_SCHEMAS=\nBOTPOOL_HOME=/srv/own\nREDIS_PORT=7000\n`);
  const config = readHostConfig(folder, { POOL_BOTS: '', SPARE_SCHEMAS: '4', BOTPOOL_HOME: '', REDIS_PORT: '7001' });
  expect(config).toMatchObject({ poolBots: 3, spares: 4, home: '/srv/own', ports: { redis: 7_001 } });
  const withFile = { BOT_TOKEN_SALES_FILE: tokenFile, BOT_TOKEN_MASTER_FILE: '' };
  expect(readHostConfig(folder, withFile).telegramApiRoot).toBe('https://api.telegram.org');
});
