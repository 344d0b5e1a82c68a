/** The ways out: a tenant is suspended or deleted, its bot drains, and everything that it could do ends. */
import { getTenant, setTenantState } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { PoolEvent } from '#shared/schemas/pool.ts';
import { type Activation, findOpen } from './activations.ts';
import { failWhenClosing, type PoolContext } from './context.ts';
import { finishDeletion, noteDeletion } from './deletion.ts';
import type { EventFollower } from './follower.ts';
import { endUnwanted, forgetUnused, sendBack } from './settle.ts';

/** What was done. `drained` is false when the bot did not answer and its rights were ended without it. */
export interface DeactivationResult {
  readonly clientId: string;
  readonly container: string | undefined;
  readonly drained: boolean;
}

/** Suspends a tenant: its data stays, its bot goes back to the pool as a fresh process. Safe to repeat. */
export async function deactivateBot(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
  change: { readonly actor: string; readonly reason: string },
): Promise<DeactivationResult> {
  const tenant = await getTenant(context.database, clientId);
  if (tenant.state === 'deleted') throw new BotpoolError('client_not_active', { clientId, state: 'deleted' });
  if (tenant.state === 'active') {
    await context.database.transaction((tx) => setTenantState(tx, clientId, 'suspended', change));
  }
  const result = await endOpenActivation(context, follower, clientId);
  await forgetUnused(context.database, clientId);
  return result;
}

async function endOpenActivation(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
): Promise<DeactivationResult> {
  const activation = await findOpen(context.database, clientId);
  if (activation === undefined) return { clientId, container: undefined, drained: true };
  const signal = AbortSignal.any([AbortSignal.timeout(context.drainMs), context.closing]);
  const left = waitUntilLeft(context, follower, activation, signal);
  await sendBack(context, activation, 'deactivate');
  const drained = await left;
  // What the operator wants is written down: another control plane carries it through.
  if (!drained) failWhenClosing(context);
  await endUnwanted(context, activation);
  return { clientId, container: activation.container, drained };
}

/** Resolves true when the bot's container proves that it has drained, or that it runs another process. */
function waitUntilLeft(
  context: PoolContext,
  follower: EventFollower,
  activation: Activation,
  signal: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = follower.listen((event: PoolEvent) => {
    if (event.container !== activation.container) return;
    const look = context.witness.look(event).then((status) => {
      if (context.witness.fateOf(activation, event, status) !== 'here') resolve(true);
    });
    // An event that cannot be checked proves nothing.
    look.catch(() => undefined);
  });
  if (signal.aborted) resolve(false);
  signal.addEventListener('abort', () => resolve(false), { once: true });
  return promise.finally(stop);
}

/** Deletes a tenant for good: bot, token, and its data unless `keepData`. Its client id is never used again. Safe to repeat. */
export async function deleteTenant(
  context: PoolContext,
  follower: EventFollower,
  clientId: string,
  change: { readonly actor: string; readonly reason: string; readonly keepData: boolean },
): Promise<void> {
  // First, so that nobody gives the tenant a bot again while its last one drains.
  await context.database.transaction(async (tx) => {
    const tenant = await getTenant(tx, clientId, true);
    if (tenant.state !== 'deleted') await setTenantState(tx, clientId, 'deleted', change);
    await noteDeletion(tx, clientId, change.keepData);
  });
  await endOpenActivation(context, follower, clientId);
  await finishDeletion(context, clientId);
}
