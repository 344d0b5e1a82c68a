/** One typed function for each Lua script of the pool protocol: keys in, an answer out of a small vocabulary. */
import type { Redis } from 'ioredis';
import * as z from 'zod';
import {
  BEAT_KEYS,
  CONFIG_TTL_MS,
  keys,
  LEASE_TTL_MS,
  POOL_REGISTER,
  type Register,
  STATUS_TTL_MS,
} from '#shared/redis/keys.ts';
import type { Acknowledgement, BotFacts, BotHealth, Outcome } from '#shared/schemas/pool.ts';
import { BOT_STATES, type BotState } from '#shared/state/bot-state.ts';
import { runScript } from './run-script.ts';

const registerAnswer = z.enum(BOT_STATES);
const heartbeatAnswer = z.enum([...BOT_STATES, 'unknown', 'superseded']);
const deliverAnswer = z.enum(['delivered', 'taken', 'gone', 'busy']);
const acknowledgeAnswer = z.enum(['ok', 'unknown', 'superseded']);
const releaseAnswer = z.enum(['ok', 'superseded']);

/** Announces a process with the state that it believes in; returns the one that holds now, which is never an earlier one. */
export async function register(
  redis: Redis,
  container: string,
  state: 'waiting' | 'activating' | 'active',
  facts: BotFacts,
  family: Register = POOL_REGISTER,
): Promise<z.infer<typeof registerAnswer>> {
  const touched = [keys.botStatus(container), family.bots, family.waiting, family.events, ...family.beats];
  const args = [container, state, JSON.stringify(facts), STATUS_TTL_MS];
  return registerAnswer.parse(await runScript(redis, 'register', touched, args));
}

/** Says that a process lives; returns its state, `unknown` (register again) or `superseded` (end). */
export async function heartbeat(
  redis: Redis,
  container: string,
  bootId: string,
  health: BotHealth,
  family: Register = POOL_REGISTER,
): Promise<z.infer<typeof heartbeatAnswer>> {
  const touched = [keys.botStatus(container), family.bots, family.waiting, ...family.beats];
  const args = [container, bootId, JSON.stringify(health), STATUS_TTL_MS];
  return heartbeatAnswer.parse(await runScript(redis, 'heartbeat', touched, args));
}

/** One sealed configuration and whom it is for. */
export interface Delivery {
  readonly container: string;
  readonly bootId: string;
  readonly activationId: string;
  readonly clientId: string;
  readonly fence: number;
  readonly sealed: string;
}

/** Hands a configuration to its process and wakes it; safe to repeat. See the script for the answers. */
export async function deliver(
  redis: Redis,
  delivery: Delivery,
  family: Register = POOL_REGISTER,
): Promise<z.infer<typeof deliverAnswer>> {
  const { container } = delivery;
  const touched = [
    keys.botStatus(container),
    family.waiting,
    keys.botConfig(container),
    keys.botWake(container),
    family.events,
    ...family.beats,
  ];
  const { bootId, activationId, clientId, fence, sealed } = delivery;
  const args = [container, bootId, activationId, clientId, fence, sealed, CONFIG_TTL_MS, STATUS_TTL_MS];
  return deliverAnswer.parse(await runScript(redis, 'deliver', touched, args));
}

/** Tells how an activation ended. `unknown`: nothing is known of this process, it must register again. */
export async function acknowledge(
  redis: Redis,
  container: string,
  bootId: string,
  activationId: string,
  outcome: Outcome,
  details: Acknowledgement,
  family: Register = POOL_REGISTER,
): Promise<z.infer<typeof acknowledgeAnswer>> {
  const touched = [
    keys.botStatus(container),
    family.waiting,
    keys.botConfig(container),
    family.events,
    ...family.beats,
  ];
  const args = [container, bootId, activationId, outcome, JSON.stringify(details), STATUS_TTL_MS];
  return acknowledgeAnswer.parse(await runScript(redis, 'acknowledge', touched, args));
}

/** A process leaves: it drains before its exit, or it is gone for good. */
export async function release(
  redis: Redis,
  container: string,
  bootId: string,
  step: 'draining' | 'gone',
  reason: string,
  family: Register = POOL_REGISTER,
): Promise<z.infer<typeof releaseAnswer>> {
  const touched = [
    keys.botStatus(container),
    family.bots,
    family.waiting,
    family.events,
    keys.botConfig(container),
    keys.botWake(container),
    ...family.beats,
  ];
  return releaseAnswer.parse(
    await runScript(redis, 'release', touched, [container, bootId, step, reason, STATUS_TTL_MS]),
  );
}

/** How many live bots are in each state; costs the same for ten and for ten thousand. */
export async function countByState(redis: Redis): Promise<Readonly<Record<BotState, number>>> {
  const counts = z.array(z.number()).parse(await runScript(redis, 'snapshot', BEAT_KEYS, [STATUS_TTL_MS]));
  const [waiting = 0, activating = 0, active = 0, draining = 0, failed = 0] = counts;
  return { waiting, activating, active, draining, failed };
}

/** Forgets at most a hundred bots whose heartbeat has lapsed; returns their containers. */
export async function sweep(redis: Redis): Promise<readonly string[]> {
  const touched = [keys.poolBots, keys.poolWaiting, keys.poolEvents, ...BEAT_KEYS];
  return z.array(z.string()).parse(await runScript(redis, 'sweep', touched, [STATUS_TTL_MS]));
}

/** Takes back a configuration that this process did not take, and its wake-up. */
export async function withdraw(redis: Redis, container: string, bootId: string): Promise<void> {
  const touched = [keys.botStatus(container), keys.botConfig(container), keys.botWake(container)];
  await runScript(redis, 'withdraw', touched, [bootId]);
}

/** Takes or renews a lease; `true` when this holder has it. */
export async function holdLease(redis: Redis, fingerprint: string, holder: string): Promise<boolean> {
  return (await runScript(redis, 'leaseHold', [keys.botLease(fingerprint)], [holder, LEASE_TTL_MS])) === 'held';
}

/** Gives up a lease that this holder has; `false` when it was another's or nobody's. */
export async function dropLease(redis: Redis, fingerprint: string, holder: string): Promise<boolean> {
  return (await runScript(redis, 'leaseDrop', [keys.botLease(fingerprint)], [holder])) === 1;
}
