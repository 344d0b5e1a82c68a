/**
 * Signals to a container's program that leave its restart policy in force. Docker takes every signal of its own `kill` for
 * a wish to stop, after which it does not start the container again. So the signal is sent from inside, where the
 * container's first process is a small init that ends with its program, and Docker sees a program that ended by itself.
 */
import type { EngineClock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { Found } from './containers.ts';
import { engineError, statusOf } from './errors.ts';
import { startExec } from './exec.ts';

/** The signals of {@link Engine.kill}. */
export type KillSignal = Parameters<Engine['kill']>[1];

/** From here on a shell tells of a signal: killed together with the container is as good as sent. */
const BY_SIGNAL = 128;

/** To the program alone, or to everything but the init and the sender, as with other engines. */
function command(signal: KillSignal): readonly string[] {
  const name = signal.slice('SIG'.length);
  const text =
    signal === 'SIGTERM'
      ? `read -r first rest < /proc/1/task/1/children && kill -s ${name} "$first"`
      : `kill -s ${name} -- -1`;
  return ['sh', '-c', text];
}

/** Sends it; a program that does not run is past all signals. */
export async function sendSignal({ handle, seen }: Found, signal: KillSignal, clock: EngineClock): Promise<void> {
  const name = seen.Name.replace(/^\//, '');
  if (seen.State.Status === 'paused' && signal === 'SIGCONT') return void (await handle.unpause());
  if (seen.State.Status !== 'running') return;
  if (seen.HostConfig.Init === true && (await sentFromInside({ handle, seen }, name, signal, clock))) return;
  try {
    // The image has no shell. The init would stand still alone, so everything in the container does.
    if (signal === 'SIGSTOP') return void (await handle.pause());
    await handle.kill({ signal });
    // Docker's kill stands for a crash, so what would follow a crash is done here.
    const again = (seen.HostConfig.RestartPolicy?.Name ?? 'no') !== 'no';
    if (signal !== 'SIGKILL' || !again) return;
    await handle.wait();
    await handle.start();
  } catch (error) {
    if (![304, 409].includes(statusOf(error) ?? 0)) {
      throw engineError(error, { action: `send ${signal} to ${name}`, container: name });
    }
  }
}

async function sentFromInside(
  { handle }: Found,
  name: string,
  signal: KillSignal,
  clock: EngineClock,
): Promise<boolean> {
  try {
    const session = await startExec(handle, name, command(signal), {}, clock);
    const code = await session.exitCode;
    return code === 0 || code > BY_SIGNAL;
  } catch {
    return false;
  }
}
