/** The group `activations`: clients get their bots and give them back. */
import type { Pool } from '#core/pool/index.ts';
import type { ActivationStep } from '#shared/api/activations.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { parseClientId } from '#shared/schemas/tenant.ts';
import type { ApiRoot } from './root.ts';
import { checkToken, type TokenCheckServices } from './token-check.ts';

/** The procedures of the group. */
export function activationsApi(root: ApiRoot, services: TokenCheckServices & { readonly pool: Pool }) {
  const { pool } = services;
  return root.activations.router({
    activate: root.activations.activate.handler(({ input, context }) => pool.activateBot(input, context.actor)),
    resume: root.activations.resume.handler(({ input, context }) => pool.resumeBot(input.clientId, context.actor)),
    changeToken: root.activations.changeToken.handler(async ({ input, context, signal }) => {
      const { clientId, token } = input;
      const { takenBy } = await checkToken(services, token, signal);
      // The bot that it has goes home only for a token that will do.
      if (takenBy !== null && takenBy !== clientId) throw new BotpoolError('token_taken', { clientId: takenBy });
      return await pool.changeToken({ clientId, token }, context.actor);
    }),
    deactivate: root.activations.deactivate.handler(async ({ input, context }) => {
      const { reason } = input;
      const result = await pool.deactivateBot(input.clientId, { actor: context.actor, reason });
      return { clientId: result.clientId, container: result.container ?? null, drained: result.drained };
    }),
    checkToken: root.activations.checkToken.handler(({ input, signal }) => checkToken(services, input.token, signal)),
    follow: root.activations.follow.handler(({ input, signal }) =>
      followSteps(pool, parseClientId(input.clientId), signal),
    ),
  });
}

/** Steps are few, so what a slow reader has not fetched yet is kept, up to a bound. */
const MAX_KEPT = 100;

async function* followSteps(
  pool: Pool,
  clientId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ActivationStep, void, void> {
  const steps: ActivationStep[] = [];
  let wake = Promise.withResolvers<void>();
  const stop = pool.listen((event) => {
    if (event.client_id !== clientId || steps.length >= MAX_KEPT) return;
    steps.push({ type: event.type, container: event.container });
    wake.resolve();
  });
  const end = (): void => wake.resolve();
  signal?.addEventListener('abort', end, { once: true });
  try {
    while (signal?.aborted !== true) {
      yield* steps.splice(0);
      if (signal?.aborted) return;
      if (steps.length === 0) await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', end);
  }
}
