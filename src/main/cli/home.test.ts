import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findHome } from './home.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botpool-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is said by the option, by the environment, by .env, in this order', () => {
  writeFileSync(join(folder, '.env'), 'BOTPOOL_HOME=/from/file\n');
  expect(findHome('/from/option', { BOTPOOL_HOME: '/from/env' }, folder)).toBe('/from/option');
  expect(findHome(undefined, { BOTPOOL_HOME: '/from/env' }, folder)).toBe('/from/env');
  expect(findHome(undefined, {}, folder)).toBe('/from/file');
});

it('is never the current directory because something is empty', () => {
  expect(findHome('', { BOTPOOL_HOME: '' }, folder)).toBe(join(folder, '.botpool'));
  writeFileSync(join(folder, '.env'), 'BOTPOOL_HOME=\n');
  expect(findHome(undefined, { BOTPOOL_HOME: '' }, folder)).toBe(join(folder, '.botpool'));
  writeFileSync(join(folder, '.env'), 'BOTPOOL_HOME=/from/file\n');
  expect(findHome(undefined, { BOTPOOL_HOME: '' }, folder)).toBe('/from/file');
});
