/** Entry of the way to the engine: reads its environment, listens, ends in order. */
import * as z from 'zod';
import { createSocketProxy } from './proxy.ts';

const env = z
  .object({
    SOCKET_PROXY_PROJECT: z.string().min(1),
    SOCKET_PROXY_PREFIX: z.string().min(1),
    SOCKET_PROXY_IMAGE: z.string().min(1),
    SOCKET_PROXY_SOCKET: z.string().default('/var/run/docker.sock'),
    SOCKET_PROXY_PORT: z.coerce.number().int().default(2375),
  })
  .parse(process.env);

function log(fields: object, msg: string): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), name: 'docker-proxy', ...fields, msg }));
}

const server = createSocketProxy({
  socketPath: env.SOCKET_PROXY_SOCKET,
  ground: { project: env.SOCKET_PROXY_PROJECT, prefix: env.SOCKET_PROXY_PREFIX, image: env.SOCKET_PROXY_IMAGE },
  onRefused: (call) => log({ level: 'warn', ...call }, 'a call was refused'),
});
server.listen(env.SOCKET_PROXY_PORT, '0.0.0.0', () => log({ level: 'info' }, 'the way to the engine is open'));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit());
  });
}
