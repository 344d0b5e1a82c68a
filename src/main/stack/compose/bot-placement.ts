/** How bots lie on a Docker host, and under which names they find what they need there. Pure. */
import type { Placement } from '../../engine/docker/placement.ts';
import type { ContainerSpec } from '../../engine/engine.ts';
import type { BotPlaces } from '../stack.ts';

const MIB = 1024 * 1024;

/**
 * What one bot may take. It needs a fifth of this memory; the limit is for the one that runs wild. A share of a core
 * below one would make every start and every activation slow, because most of their work is done in one go.
 */
const BOT_LIMITS = {
  memoryBytes: 192 * MIB,
  cpus: 1,
  // A hundred bots that come up at once may not starve what all of them stand on; see compose/stack.yml.
  cpuShares: 256,
  pids: 64,
} as const;

/** The ports and names inside the network, the same on every host. */
const INSIDE = { postgres: 5432, redis: 6379, sandbox: 8081 } as const;

/** Where the simulated shop calls the gateway. */
export const GATEWAY_URL = 'http://gateway:9000';

/** Which networks there are, and what bots are made of. */
export interface BotGround {
  /** Begins the names of containers and networks. */
  readonly prefix: string;
  /** Docker's name of the image that the product calls `bot-runtime`. */
  readonly image: string;
  /** Bots talk to the real Telegram, so they need a way out. */
  readonly egress: boolean;
}

/** The network between containers; nothing on it reaches the world. */
export function insideNetwork(prefix: string): string {
  return `${prefix}-network`;
}

/** How each container that the engine makes lies on the host. */
export function botPlacement({ prefix, image, egress }: BotGround): (spec: ContainerSpec) => Placement {
  const inside = { name: insideNetwork(prefix), internal: true };
  // The way out comes first: it has the default route.
  const networks = egress ? [{ name: `${prefix}-egress` }, inside] : [inside];
  return (spec) => ({ ...BOT_LIMITS, image: spec.image === 'bot-runtime' ? image : spec.image, networks });
}

/** Where containers find the stack's services. */
export function containerPlaces(sandbox: boolean): BotPlaces {
  return {
    postgres: { host: 'postgres', port: INSIDE.postgres },
    redis: { host: 'redis', port: INSIDE.redis },
    sandboxUrl: sandbox ? `http://sandbox:${INSIDE.sandbox}` : undefined,
  };
}
