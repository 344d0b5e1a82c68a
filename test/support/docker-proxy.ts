/** A socket in front of the engine's own, which a test can cut and open again: the engine as it looks when it goes away. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { makeRunFolder } from './run-folder.ts';

/** The way to the engine. */
export interface DockerProxy {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** Breaks every connection; new ones are refused. */
  cut(): Promise<void>;
  /** Lets connections through again. */
  open(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens it. */
export async function openDockerProxy(enginePath = '/var/run/docker.sock'): Promise<DockerProxy> {
  const folder = await makeRunFolder();
  const path = join(folder, 'docker.sock');
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: enginePath, allowHalfOpen: true });
    keep(client);
    keep(engine);
    client.pipe(engine);
    engine.pipe(client);
    client.once('close', () => engine.destroy());
    engine.once('close', () => client.destroy());
  });
  const proxy: DockerProxy = {
    address: `unix://${path}`,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
    async open() {
      server.listen(path);
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await proxy.cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await proxy.open();
  return proxy;
}
