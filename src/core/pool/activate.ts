/** Activation: a client's request becomes a bot that answers. Idempotent by client; joins what is under way. */
import { breaksConstraint, isRedisAway } from '#core/errors.ts';
import { getTenant, type Tenant, wantActive } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import type { StageTimings } from '#shared/schemas/pool.ts';
import { type ActivationInput, parseActivationRequest } from '#shared/schemas/tenant.ts';
import type { Settlement } from './activations.ts';
import { findActivation, settlementOf } from './activations.ts';
import { type Claim, claimBot } from './claim.ts';
import type { PoolContext } from './context.ts';
import { deliverClaim, prepareClaim } from './deliver.ts';
import { settleAsFailed } from './settle.ts';

/** What a caller learns of a successful activation. Times in milliseconds. */
export interface ActivationResult {
  readonly clientId: string;
  readonly activationId: string;
  readonly container: string;
  readonly botUsername: string | undefined;
  /** True when the client had a running bot already, and nothing was changed. */
  readonly alreadyActive: boolean;
  /** When each stage was over, counted from the claim. */
  readonly stages: StageTimings;
  readonly durationMs: number;
}

/** How many bots one call tries when they are lost under its hands. */
const MAX_BOTS = 3;
/** The stream of events may have been cut: then the row tells. */
const RECHECK_MS = 1_000;

/**
 * Gives a client its bot. Fails with a code of the failure table; with `pool_empty` the client stays queued and is
 * served by itself when a bot is free.
 */
export async function activateBot(
  context: PoolContext,
  input: ActivationInput,
  actor: string,
): Promise<ActivationResult> {
  const request = parseActivationRequest(input);
  if (!context.kinds.has(request.kind)) {
    throw new BotpoolError('kind_unknown', { kind: request.kind, known: [...context.kinds.keys()].join(', ') });
  }
  const begun = context.clock.now();
  const tenant = await context.database
    .transaction((tx) => wantActive(tx, context.vault, request, actor))
    .catch((error: unknown) => {
      // Two clients came with the same token at the same moment.
      if (breaksConstraint(error, 'tenants_token'))
        throw new BotpoolError('token_taken', { clientId: 'another client' });
      throw error;
    });
  return await activateTenant(context, tenant, begun);
}

/** Gives a bot to a tenant that is wanted active, with what is stored of it. */
export async function activateTenant(
  context: PoolContext,
  tenant: Tenant,
  begun: number,
  /** Called when PostgreSQL has decided about a bot, which is long before that bot serves. */
  onDecided: () => void = () => undefined,
): Promise<ActivationResult> {
  for (let attempt = 1; ; attempt += 1) {
    const id = context.newId();
    context.inHand.add(id);
    try {
      const result = await claimBot(context.database, context.candidates, id, tenant.clientId, context.dropPending);
      if (result.outcome === 'none') throw new BotpoolError('pool_empty', {});
      if (result.outcome === 'not_active') {
        throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: 'suspended' });
      }
      onDecided();
      const { claim, outcome } = result;
      const joined = outcome === 'already';
      const settlement = joined ? await join(context, claim) : await carryThrough(context, tenant, claim);
      if (settlement.outcome === 'active') return await describe(context, tenant, claim, joined, begun);
      if (attempt === MAX_BOTS || ERROR_CODES[settlement.outcome].retry !== 'now') throw failure(settlement);
    } finally {
      context.inHand.delete(id);
    }
  }
}

/** Prepares, delivers and waits; a claim that cannot be carried through is undone. */
async function carryThrough(context: PoolContext, tenant: Tenant, claim: Claim): Promise<Settlement> {
  const deadline = AbortSignal.timeout(context.activationTimeoutMs);
  const waiting = context.waiters.wait(claim.activationId, deadline);
  await handOver(context, tenant, claim).finally(() => context.candidates.giveBack([claim.container]));
  const settlement =
    (await toldOrStored(context, claim, waiting)) ?? (await storedOutcome(context, claim.activationId));
  if (settlement !== undefined) return settlement;
  const seconds = Math.round(context.activationTimeoutMs / 1000);
  await settleAsFailed(context, claim.activationId, 'timeout', { data: { seconds } });
  return { outcome: 'timeout', details: { data: { seconds } } };
}

/** What the waiters are told, or what another control plane has written down without telling anybody here. */
async function toldOrStored(
  context: PoolContext,
  claim: Claim,
  waiting: Promise<Settlement | undefined>,
): Promise<Settlement | undefined> {
  const over = new AbortController();
  const told = waiting.finally(() => over.abort());
  const look = async (): Promise<Settlement | undefined> => {
    await context.clock.sleep(RECHECK_MS, over.signal);
    if (over.signal.aborted) return undefined;
    return await storedOutcome(context, claim.activationId).catch(() => undefined);
  };
  while (!over.signal.aborted) {
    const settlement = await Promise.race([told, look()]);
    if (settlement !== undefined) {
      over.abort();
      return settlement;
    }
  }
  return await told;
}

/**
 * Storage and delivery of one claim. What fails because Redis is away is left to the keeper, which delivers until it
 * is acknowledged; what fails in PostgreSQL undoes the claim.
 */
export async function handOver(context: PoolContext, tenant: Tenant, claim: Claim): Promise<void> {
  const begun = context.clock.now();
  const credentials = await prepareClaim(context, tenant, claim).catch(async (error: unknown) => {
    context.logger.error({ err: error, client_id: tenant.clientId }, 'the storage of a tenant could not be opened');
    // Redis is not part of the claim: the keeper carries on with it when Redis is back.
    if (!isRedisAway(error)) await settleAsFailed(context, claim.activationId, 'storage_failed');
  });
  if (credentials === undefined) return;
  const prepared = context.clock.now() - begun;
  try {
    const answer = await deliverClaim(context, tenant, claim, credentials, { prepared });
    if (answer === 'gone') {
      await settleAsFailed(context, claim.activationId, 'bot_lost', { data: { container: claim.container } });
    }
  } catch (error) {
    context.logger.warn({ err: error, client_id: tenant.clientId }, 'a delivery failed and will be repeated');
  }
}

/** Waits for an activation that somebody else carries through. */
async function join(context: PoolContext, claim: Claim): Promise<Settlement> {
  const deadline = context.clock.now() + context.activationTimeoutMs;
  while (context.clock.now() < deadline) {
    const told = context.waiters.wait(claim.activationId, AbortSignal.timeout(RECHECK_MS));
    const stored = await storedOutcome(context, claim.activationId);
    if (stored !== undefined) return stored;
    const settlement = await told;
    if (settlement !== undefined) return settlement;
  }
  return { outcome: 'timeout', details: { data: { seconds: Math.round(context.activationTimeoutMs / 1000) } } };
}

async function storedOutcome(context: PoolContext, id: string): Promise<Settlement | undefined> {
  const activation = await findActivation(context.database, id);
  return activation === undefined ? undefined : settlementOf(activation);
}

async function describe(
  context: PoolContext,
  tenant: Tenant,
  claim: Claim,
  joined: boolean,
  begun: number,
): Promise<ActivationResult> {
  const [stored, activation] = await Promise.all([
    getTenant(context.database, tenant.clientId),
    findActivation(context.database, claim.activationId),
  ]);
  return {
    clientId: tenant.clientId,
    activationId: claim.activationId,
    container: claim.container,
    botUsername: stored.botUsername ?? undefined,
    alreadyActive: joined,
    stages: activation?.stages ?? {},
    durationMs: context.clock.now() - begun,
  };
}

/** The failure that a bot acknowledged, with the facts that its texts mention. */
function failure(settlement: Settlement): BotpoolError {
  const code = settlement.outcome as ErrorCode;
  const known = settlement.details.data ?? {};
  const data = Object.fromEntries(ERROR_CODES[code].data.map((name) => [name, known[name] ?? '?']));
  return new BotpoolError(code, data);
}
