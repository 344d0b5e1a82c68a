import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerPanelRequest } from './panel-files.ts';

let folder: string;
const ask = (path: string, method = 'GET'): Promise<Response> =>
  answerPanelRequest({ url: `app://botpool${path}`, method }, join(folder, 'panel'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botpool-panel-'));
  await mkdir(join(folder, 'panel/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'panel/desktop.html'), '<p>panel</p>');
  await writeFile(join(folder, 'panel/assets/a.js'), 'export {}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the panel from the files of the program', () => {
  it('has its page and its files, each with the policy', async () => {
    const page = await ask('/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toBe('<p>panel</p>');
    const script = await ask('/assets/a.js');
    expect(script.headers.get('content-type')).toContain('javascript');
    for (const answer of [page, script, await ask('/none.js')]) {
      expect(answer.headers.get('content-security-policy')).toContain("connect-src 'none'");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('has nothing that is not there, nothing outside, and no folders', async () => {
    const paths = ['/none.js', '/assets', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt'];
    const answers = await Promise.all(paths.map((path) => ask(path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });

  it('answers questions only', async () => {
    expect((await ask('/', 'POST')).status).toBe(404);
  });
});
