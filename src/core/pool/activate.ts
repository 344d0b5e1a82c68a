/** Activation: a client's request becomes a bot that answers. Idempotent by client; joins what is under way. */
import { asExpected, breaksConstraint } from '#core/errors.ts';
import { getTenant, type Tenant, wantActive } from '#core/tenants/tenants.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import type { StageTimings } from '#shared/schemas/pool.ts';
import { type ActivationInput, type ActivationRequest, parseActivationRequest } from '#shared/schemas/tenant.ts';
import {
  type Activation,
  findActivation,
  findOpen,
  openCredentials,
  type Settlement,
  settlementOf,
} from './activations.ts';
import { type Claim, type ClaimResult, claimBot } from './claim.ts';
import { failWhenClosing, isAway, type PoolContext, STEP_MS } from './context.ts';
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
  const tenant = await wanted(context, request, actor);
  return await activateTenant(context, tenant, begun, { inTurn: false });
}

/**
 * Writes down that the client is wanted active. A bot of it that is on its way out is waited for: it must not count as
 * the bot that was asked for. Fails with `client_busy` when that takes too long.
 */
async function wanted(context: PoolContext, request: ActivationRequest, actor: string): Promise<Tenant> {
  const deadline = context.clock.now() + context.drainMs + STEP_MS;
  for (;;) {
    failWhenClosing(context);
    try {
      return await context.database.transaction((tx) => wantActive(tx, context.vault, request, actor));
    } catch (error) {
      // Two clients came with the same token at the same moment.
      if (breaksConstraint(error, 'tenants_token')) {
        throw new BotpoolError('token_taken', { clientId: 'another client' }, { cause: error });
      }
      if (!isBotpoolError(error, 'client_busy') || context.clock.now() >= deadline) throw error;
    }
    const leaving = await findOpen(context.database, request.clientId);
    const signal = AbortSignal.any([AbortSignal.timeout(RECHECK_MS), context.closing]);
    if (leaving !== undefined) await context.waiters.wait(leaving.id, signal);
  }
}

/** How {@link activateTenant} goes about it. */
export interface Turn {
  /** False: whoever has waited longer goes first. */
  readonly inTurn: boolean;
  /** Called when PostgreSQL has decided about a bot, which is long before that bot serves. */
  readonly onDecided?: () => void;
}

/** Gives a bot to a tenant that is wanted active, with what is stored of it. */
export async function activateTenant(
  context: PoolContext,
  tenant: Tenant,
  begun: number,
  turn: Turn,
): Promise<ActivationResult> {
  for (let attempt = 1; ; attempt += 1) {
    failWhenClosing(context);
    const id = context.newId();
    context.inHand.add(id);
    try {
      // Who has had a bot that was lost is not sent to the end of the queue.
      const result = await claimInTurn(context, id, tenant.clientId, turn.inTurn || attempt > 1);
      if (result.outcome === 'not_active') {
        throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: 'suspended' });
      }
      if (result.outcome !== 'already') context.onDemand();
      if (result.outcome === 'none' || result.outcome === 'behind') throw new BotpoolError('pool_empty', {});
      turn.onDecided?.();
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

/** Claims a bot. Who finds others waiting has them served first, and looks once more. */
async function claimInTurn(context: PoolContext, id: string, clientId: string, inTurn: boolean): Promise<ClaimResult> {
  const claim = (): Promise<ClaimResult> =>
    claimBot(context.database, context.candidates, id, clientId, context.dropPending, inTurn);
  context.seeking.set(id, clientId);
  context.onDemand();
  try {
    const result = await claim();
    if (result.outcome !== 'behind') return result;
    await context.serveQueue();
    return await claim();
  } finally {
    context.seeking.delete(id);
  }
}

/** Prepares, delivers and waits; a claim that cannot be carried through is undone. */
async function carryThrough(context: PoolContext, tenant: Tenant, claim: Claim): Promise<Settlement> {
  const deadline = AbortSignal.any([AbortSignal.timeout(context.activationTimeoutMs), context.closing]);
  const waiting = context.waiters.wait(claim.activationId, deadline);
  await handOver(context, tenant, claim, context.clock.now()).finally(() =>
    context.candidates.giveBack([claim.container]),
  );
  const settlement =
    (await toldOrStored(context, claim, waiting)) ?? (await storedOutcome(context, claim.activationId));
  if (settlement !== undefined) return settlement;
  failWhenClosing(context);
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
 * Storage and delivery of one claim, which was made at this time (ms since the epoch). What fails because a server is
 * away is left to the keeper, which delivers until it is acknowledged; anything else undoes the claim.
 */
export async function handOver(context: PoolContext, tenant: Tenant, claim: Claim, claimedAt: number): Promise<void> {
  await orUndo(context, claim, async () => {
    const credentials = await prepareClaim(context, tenant, claim);
    const stages = { prepared: context.clock.now() - claimedAt };
    return await deliverClaim(context, tenant, claim, credentials, { claimedAt, stages });
  });
}

/** Delivers a claim once more whose storage is open. */
export async function handOverAgain(context: PoolContext, tenant: Tenant, activation: Activation): Promise<void> {
  const claim: Claim = { ...activation, activationId: activation.id };
  await orUndo(context, claim, async () => {
    const credentials = openCredentials(context.vault, activation);
    const timing = { claimedAt: activation.claimedAt.getTime(), stages: {} };
    return credentials === undefined ? 'delivered' : await deliverClaim(context, tenant, claim, credentials, timing);
  });
}

async function orUndo(context: PoolContext, claim: Claim, step: () => Promise<'delivered' | 'gone'>): Promise<void> {
  const { activationId: id, container } = claim;
  try {
    if ((await step()) === 'gone') await settleAsFailed(context, id, 'bot_lost', { data: { container } });
  } catch (error) {
    if (isAway(error)) {
      context.logger.warn({ err: error, activation_id: id }, 'a claim could not be handed over and will be repeated');
      return;
    }
    context.logger.error({ err: error, activation_id: id }, 'a claim could not be handed over');
    const cause = asExpected(error);
    if (isBotpoolError(cause)) await settleAsFailed(context, id, cause.code, { data: { ...cause.data } });
    else await settleAsFailed(context, id, 'storage_failed');
  }
}

/** Waits for an activation that somebody else carries through. */
async function join(context: PoolContext, claim: Claim): Promise<Settlement> {
  const deadline = context.clock.now() + context.activationTimeoutMs;
  while (context.clock.now() < deadline) {
    failWhenClosing(context);
    const signal = AbortSignal.any([AbortSignal.timeout(RECHECK_MS), context.closing]);
    const told = context.waiters.wait(claim.activationId, signal);
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
  // Meanwhile somebody has begun to take the bot away again.
  if (stored.state !== 'active') {
    throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: stored.state });
  }
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
