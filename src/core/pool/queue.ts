/** Gives free bots to the tenants that wait for one, the longest waiting first. */
import { dueTenants, getTenant } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { activateTenant } from './activate.ts';
import type { PoolContext } from './context.ts';

/** How many queued tenants one round serves. */
const QUEUE_BATCH = 20;

/** Serves the queue of tenants that wait for a bot. */
export interface Queue {
  /** Resolves when the queue or the pool is empty; the activations that it began go on by themselves. */
  serve(): Promise<void>;
}

/** Free bots go to the longest waiting first, so there is one server, and calls while it works make it look again. */
export function createQueue(context: PoolContext): Queue {
  let again = false;
  let running: Promise<void> | undefined;
  const serve = async (): Promise<void> => {
    do {
      again = false;
      for (const clientId of await dueTenants(context.database, QUEUE_BATCH)) {
        if (!(await begin(context, clientId))) break;
      }
    } while (again);
  };
  return {
    serve() {
      again = true;
      running ??= serve().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Begins the activation of a queued tenant. Resolves when a bot is claimed for it: false when there was none. */
async function begin(context: PoolContext, clientId: string): Promise<boolean> {
  const decided = Promise.withResolvers<boolean>();
  const serve = async (): Promise<void> => {
    const tenant = await getTenant(context.database, clientId);
    await activateTenant(context, tenant, context.clock.now(), {
      inTurn: true,
      onDecided: () => decided.resolve(true),
    });
  };
  const served = serve().catch((error: unknown) => {
    const over = isBotpoolError(error, 'pool_empty') || context.closing.aborted;
    decided.resolve(!over);
    if (!over) context.logger.warn({ err: error, client_id: clientId }, 'a queued client could not be activated');
  });
  void context.track(served);
  return await decided.promise;
}
