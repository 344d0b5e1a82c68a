/** Entry of the sandbox process: reads the environment, starts, and stops when told. */
import process from 'node:process';
import { parseSandboxEnvironment } from './environment.ts';
import { startSandbox } from './server.ts';

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function run(): Promise<void> {
  const settings = parseSandboxEnvironment(process.env);
  const sandbox = await startSandbox({
    ...settings,
    onSaveError: (error) =>
      say({ msg: 'SANDBOX NOT SAVED', reason: error instanceof Error ? error.message : 'unknown' }),
  });
  const stop = (reason: string): void => {
    say({ msg: 'SANDBOX STOPPING', reason });
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  if (process.connected) process.once('disconnect', () => stop('parent is gone'));
  say({ msg: 'SANDBOX STARTED', url: sandbox.url });
}

function fail(error: unknown): void {
  say({ msg: 'SANDBOX FAILED', reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

run().catch(fail);
