import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LEAN_ENV, LEAN_FLAGS } from '../stack/bot-runtime-program.ts';
import { BASE_IMAGES, botRuntimeName, imageName, NODE_IMAGE } from './base-images.ts';

const COMPOSE = join(import.meta.dirname, '../../../compose');

it('the image runs bots with the flags and variables that keep them small', () => {
  const text = readFileSync(join(COMPOSE, 'bot-runtime.Dockerfile'), 'utf8');
  const entry = /^ENTRYPOINT (.*)$/m.exec(text)?.[1] ?? '[]';
  expect(JSON.parse(entry)).toEqual(expect.arrayContaining([...LEAN_FLAGS]));
  for (const [name, value] of Object.entries(LEAN_ENV)) expect(text).toContain(`${name}=${value}`);
  expect(text).toContain(`ARG NODE_IMAGE=${NODE_IMAGE.official}\n`);
});

it('the stack file names the same images by the same variables', () => {
  const text = readFileSync(join(COMPOSE, 'stack.yml'), 'utf8');
  const named = [...text.matchAll(/image: \$\{(\w+):-([^}]+)\}/g)].map(([, variable, name]) => ({ variable, name }));
  const known = BASE_IMAGES.map(({ variable, official }) => ({ variable, name: official }));
  expect([...known, { variable: 'BOT_RUNTIME_IMAGE', name: botRuntimeName({}) }]).toEqual(
    expect.arrayContaining(named),
  );
});

it('a variable names another image, and an empty one does not', () => {
  expect(imageName(NODE_IMAGE, { NODE_IMAGE: 'mirror/node:24' })).toBe('mirror/node:24');
  expect(imageName(NODE_IMAGE, { NODE_IMAGE: '' })).toBe('node:24-slim');
});
