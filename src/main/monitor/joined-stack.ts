/** The stack as the pool monitor finds it from inside: services by their names, the engine behind its filtering proxy. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDockerEngine } from '../engine/docker/docker-engine.ts';
import { botPlacement, containerPlaces, GATEWAY_URL } from '../stack/compose/bot-placement.ts';
import { POSTGRES_USER } from '../stack/embedded/postgres.ts';
import { REDIS_ADMIN } from '../stack/embedded/redis.ts';
import type { OpenStack } from '../stack/stack.ts';

/** Whose stack it is a part of. */
export interface JoinedStack {
  readonly project: string;
  readonly prefix: string;
  readonly botImage: string;
  readonly egress: boolean;
  /** Such as `tcp://docker-proxy:2375`. */
  readonly engineAddress: string;
  /** A folder with one secret in each file. */
  readonly secrets: string;
}

/** See {@link OpenStack}. Compose has started it; to bring its services back is not in this container's power. */
export function joinedStack(options: JoinedStack): OpenStack {
  const { project, prefix, botImage, egress } = options;
  return async () => {
    const secret = async (name: string): Promise<string> =>
      (await readFile(join(options.secrets, name), 'utf8')).trim();
    const [postgresPassword, redisPassword] = await Promise.all([
      secret('postgres_password'),
      secret('redis_password'),
    ]);
    const engine = await createDockerEngine({
      project,
      prefix: { ours: 'booking', theirs: prefix },
      placement: botPlacement({ prefix, image: botImage, egress }),
      surroundings: { env: { DOCKER_HOST: options.engineAddress } },
    });
    const places = containerPlaces(!egress);
    return {
      engine,
      postgres: { ...places.postgres, user: POSTGRES_USER, password: postgresPassword },
      redis: { ...places.redis, user: REDIS_ADMIN, password: redisPassword },
      sandboxUrl: places.sandboxUrl,
      gatewayUrl: GATEWAY_URL,
      forBots: places,
      cleanImages: undefined,
      configuration: undefined,
      repair: async () => undefined,
      close: () => engine.close(),
    };
  };
}
