/** A pool bot without a process: it speaks the bot's side of the protocol, and does what a seed tells it. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { acknowledge, heartbeat, register, release } from '#core/redis/pool-scripts.ts';
import { createBoxKeyPair, openSealed } from '#core/secrets/sealed-box.ts';
import { keys } from '#shared/redis/keys.ts';
import { type BotConfig, type BotFacts, botConfigSchema } from '#shared/schemas/pool.ts';

const HEALTH = { updates: 0, errors: 0, loop_lag_ms: 0, memory_bytes: 0 };

/** One container of the pool; its process changes whenever it ends. */
export class SimulatedBot {
  readonly container: string;
  readonly #redis: Redis;
  readonly #poolId: number;
  #bootId = '';
  #box = createBoxKeyPair();
  #config: BotConfig | undefined;
  #state: 'down' | 'waiting' | 'activating' | 'active' = 'down';

  constructor(redis: Redis, poolId: number) {
    this.container = `sim-bot-${poolId}`;
    this.#redis = redis;
    this.#poolId = poolId;
  }

  get state(): 'down' | 'waiting' | 'activating' | 'active' {
    return this.#state;
  }

  get bootId(): string {
    return this.#bootId;
  }

  get config(): BotConfig | undefined {
    return this.#config;
  }

  /** A new process of this container begins to wait. */
  async start(): Promise<void> {
    this.#bootId = randomUUID();
    this.#box = createBoxKeyPair();
    this.#config = undefined;
    this.#state = 'waiting';
    await this.#announce();
  }

  /** The process ends without a word. */
  crash(): void {
    this.#state = 'down';
  }

  /** The process ends in good order. */
  async leave(reason = 'drained'): Promise<void> {
    await release(this.#redis, this.container, this.#bootId, 'draining', reason);
    this.#state = 'down';
  }

  async beat(): Promise<void> {
    if (this.#state === 'down') return;
    const answer = await heartbeat(this.#redis, this.container, this.#bootId, HEALTH);
    if (answer === 'superseded' || answer === 'draining') return await this.leave();
    if (answer === 'unknown' || (answer === 'waiting' && this.#state !== 'waiting')) await this.#announce();
  }

  /** Takes one wake-up and obeys it. True when there was one. */
  async wake(): Promise<boolean> {
    if (this.#state === 'down') return false;
    const popped = await this.#redis.lpop(keys.botWake(this.container));
    if (popped === null) return false;
    const [word, addressee] = popped.split(' ');
    if (addressee !== undefined && addressee !== this.#bootId) return true;
    if (word === 'drain' || word === 'deactivate') {
      // A bot that is being activated hears it when it serves.
      if (this.#state === 'activating') await this.finish('active');
      await this.leave();
    } else if (word === 'config' && this.#state === 'waiting') await this.#take();
    return true;
  }

  /** Ends the activation under way, well or with a code; late or lost, as the caller likes. */
  async finish(outcome: 'active' | 'telegram_unreachable' | 'bot_lost'): Promise<void> {
    const config = this.#config;
    if (this.#state !== 'activating' || config === undefined) return;
    this.#state = 'active';
    const step = () =>
      acknowledge(this.#redis, this.container, this.#bootId, config.activation_id, outcome, { username: 'sim_bot' });
    if ((await step()) !== 'ok') {
      await this.#announce();
      await step();
    }
    if (outcome !== 'active') await this.leave('activation failed');
  }

  async #take(): Promise<void> {
    const sealed = await this.#redis.getdel(keys.botConfig(this.container));
    if (sealed === null) return;
    try {
      const text = openSealed(this.#box.privateKey, sealed, `${this.container} ${this.#bootId}`);
      this.#config = botConfigSchema.parse(JSON.parse(text));
      this.#state = 'activating';
    } catch {
      // It was for an earlier process.
    }
  }

  async #announce(): Promise<void> {
    if (this.#state === 'down') return;
    const facts: BotFacts = {
      pool_id: this.#poolId,
      container_id: this.container,
      boot_id: this.#bootId,
      public_key: this.#box.publicKey,
      version: 'simulated',
      ...(this.#config === undefined
        ? {}
        : {
            client_id: this.#config.client_id,
            activation_id: this.#config.activation_id,
            fence: this.#config.fence,
          }),
    };
    await register(this.#redis, this.container, this.#state, facts);
  }
}
