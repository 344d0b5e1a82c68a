/** Finds a TCP port for a server on loopback. */
import { createServer } from 'node:net';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** A port on 127.0.0.1 that nobody listens on at this moment: the preferred one if it is free. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred === undefined) return await tryPort(0);
  return await tryPort(preferred).catch(() => tryPort(0));
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new BotpoolError('program_failed', { program: 'tcp', detail: 'no free port on 127.0.0.1' }));
      });
    });
  });
}
