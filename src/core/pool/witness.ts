/**
 * What an event is worth. Every bot of the pool may write to `pool:events`, so an event only says where to look; what is
 * believed stands in the container's own status, which no other bot can write.
 */
import type { Redis } from 'ioredis';
import type { BotStatus, PoolEvent } from '#shared/schemas/pool.ts';
import { readStatuses } from './presence.ts';

/**
 * What has become of a process. `replaced`: its container runs another one, so it lives no more. `left`: it has done its
 * last work. `here`: nothing proves that it is gone.
 */
export type Fate = 'replaced' | 'left' | 'here';

/** One process of one container. */
export interface PoolProcess {
  readonly container: string;
  readonly bootId: string;
}

/** Remembers what containers have proven of themselves, as long as it matters. */
export interface Witness {
  /** The status of the container that this event names. */
  look(event: PoolEvent): Promise<BotStatus | undefined>;
  /** What this event, with the status that was read after it, proves of a process of its container. */
  fateOf(process: PoolProcess, event: PoolEvent, status: BotStatus | undefined): Fate;
}

/** Makes a witness over one Redis. */
export function createWitness(redis: Redis): Witness {
  /** By container, the process that was seen draining: a status that is missing afterwards was taken down by itself. */
  const draining = new Map<string, string>();
  return {
    async look(event) {
      const [status] = await readStatuses(redis, [event.container]);
      if (status?.status === 'draining') draining.set(event.container, status.boot_id);
      else if (status !== undefined) draining.delete(event.container);
      return status;
    },
    fateOf({ container, bootId }, event, status) {
      if (status !== undefined && status.boot_id !== bootId) return 'replaced';
      if (event.boot_id !== bootId || draining.get(container) !== bootId) return 'here';
      if (event.type === 'gone' && status === undefined) return 'left';
      return event.type === 'draining' && event.reason === 'drained' ? 'left' : 'here';
    },
  };
}
