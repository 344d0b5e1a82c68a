import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastLines, runCommand } from './run-command.ts';

const ENV = { PATH: '/usr/bin:/bin' };

it('ends a command that takes too long', async () => {
  expect(await runCommand('sleep', ['30'], { env: ENV, timeoutMs: 50 })).toMatchObject({ code: -1 });
});

it('keeps no process alive for a command that could not be started', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'run-command.ts'));
  const script = `const { runCommand } = await import(${module});
    await runCommand('/nowhere/program', [], { env: {} }).catch(({ code }) => console.log(code));`;
  const options = { encoding: 'utf8', timeout: 20_000 } as const;
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', script], options)).toBe('program_failed\n');
});

it('tells the last lines that hold anything', () => {
  expect(lastLines('a\n\nb\n c \n\n', 2)).toBe('b |  c ');
});
