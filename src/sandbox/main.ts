/** Entry of the sandbox process: reads the environment, starts, and stops when told. */
import process from 'node:process';
import { parseSandboxEnvironment } from './environment.ts';
import { startSandbox } from './server.ts';

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const STOP_MS = 5_000;

/** Where an error came from, without its text, which may quote a request and with it a token. */
function placeOf(error: unknown): readonly string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}

/** What nobody foresaw: one line, then an end in order, but an end. */
function endOnUnforeseen(stop: () => Promise<void>): void {
  let ending = false;
  const onUnforeseen = (error: unknown): void => {
    if (ending) return;
    ending = true;
    say({ msg: 'SANDBOX BROKEN', error: error instanceof Error ? error.name : typeof error, place: placeOf(error) });
    setTimeout(() => process.exit(1), STOP_MS);
    stop().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  };
  process.on('uncaughtException', onUnforeseen);
  process.on('unhandledRejection', onUnforeseen);
}

async function run(): Promise<void> {
  const settings = parseSandboxEnvironment(process.env);
  const sandbox = await startSandbox({
    ...settings,
    onSaveError: (error) =>
      say({ msg: 'SANDBOX NOT SAVED', reason: error instanceof Error ? error.message : 'unknown' }),
  });
  endOnUnforeseen(() => sandbox.close());
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
