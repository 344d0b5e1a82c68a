/** Lets Compose itself check the stack file, with every profile. Where there is no Compose it says so and passes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../compose/stack.yml');

function compose(...args: readonly string[]): { readonly code: number; readonly errors: string } {
  const { status, stderr } = spawnSync('docker', ['compose', ...args], { encoding: 'utf8' });
  return { code: status ?? 127, errors: stderr ?? '' };
}

if (compose('version').code !== 0) {
  console.log('skipped: the docker command has no Compose on this machine');
} else {
  const { code, errors } = compose('--file', FILE, '--profile', '*', 'config', '--quiet');
  if (errors !== '') console.error(errors.trimEnd());
  process.exitCode = code === 0 && !errors.includes('level=warning') ? 0 : 1;
}
