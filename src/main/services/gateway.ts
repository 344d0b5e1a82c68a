/** The gateway where no Compose runs it: a child process of the engine, and the simulated shop that calls it. */
import type { Engine } from '../engine/engine.ts';
import { roleArgs } from '../stack/bot-runtime-program.ts';
import { freePort } from '../stack/embedded/free-port.ts';

/** What the gateway is told. */
export interface GatewayOptions {
  readonly engine: Pick<Engine, 'create' | 'start'>;
  readonly project: string;
  readonly ports: { readonly webhooks: number; readonly health: number };
  readonly postgres: { readonly host: string; readonly port: number; readonly database: string };
  readonly login: { readonly user: string; readonly password: string };
  readonly logLevel: string;
}

/** Starts it. Returns where it is called. */
export async function startEmbeddedGateway(options: GatewayOptions): Promise<string> {
  const { engine, project, postgres, login } = options;
  const [port, health] = [await freePort(options.ports.webhooks), await freePort(options.ports.health)];
  const name = 'booking-gateway';
  await engine.create({
    name,
    image: 'bot-runtime',
    args: roleArgs('gateway'),
    labels: {
      'com.docker.compose.project': project,
      'com.docker.compose.service': 'gateway',
      'botpool.role': 'gateway',
    },
    env: {
      CONTAINER_NAME: name,
      GATEWAY_PORT: String(port),
      GATEWAY_HEALTH_PORT: String(health),
      // Everything shares one loopback, the proxy in front of it too.
      TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
      POSTGRES_HOST: postgres.host,
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_DB: postgres.database,
      POSTGRES_USER: login.user,
      POSTGRES_PASSWORD: login.password,
      LOG_LEVEL: options.logLevel,
    },
    restart: 'unless-stopped',
  });
  await engine.start(name);
  return `http://127.0.0.1:${port}`;
}
