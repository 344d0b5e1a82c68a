/** Reaches the control plane of an installation for the time of one piece of work. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type ControlPlaneConnection, connectControlPlane } from '../headless/client.ts';
import { readHostFile } from '../headless/host-file.ts';
import type { CliContext } from './context.ts';

/** Connects, works, disconnects. Fails with `control_plane_unreachable` when no host runs in this folder. */
export async function withControlPlane<T>(
  context: CliContext,
  work: (connection: ControlPlaneConnection) => Promise<T>,
): Promise<T> {
  const host = await readHostFile(context.home);
  if (host === undefined) throw new BotpoolError('control_plane_unreachable', {});
  const connection = await connectControlPlane(host);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
