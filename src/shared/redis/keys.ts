/** The one place where Redis keys are built. Every key of the pool protocol has its builder and its row here. */
import { BOT_STATES, type BotState } from '../state/bot-state.ts';

/** The facts about one key, for documentation, access rules and tests. */
interface KeyRow {
  readonly pattern: string;
  readonly type: 'string' | 'list' | 'set' | 'zset' | 'stream';
  readonly ttlMs: number | undefined;
  readonly writtenBy: string;
}

/** A bot's status lapses after three missed heartbeats. */
export const STATUS_TTL_MS = 15_000;
/** How often a bot says that it lives. */
export const HEARTBEAT_MS = 5_000;
/** A sealed configuration bounds a leak to five minutes; delivery is repeated until acknowledged. */
export const CONFIG_TTL_MS = 300_000;
/** A lease outlives two missed renewals. */
export const LEASE_TTL_MS = 15_000;
/** How long it is shown who leads. */
export const LEADER_TTL_MS = 15_000;
/** How often a lease is renewed. */
export const LEASE_RENEW_MS = 5_000;

/** Every key of the pool protocol. `client_NNN:*` belongs to the tenant's bot alone. */
export const KEY_TABLE = {
  botStatus: { pattern: 'bot_status:<container>', type: 'string', ttlMs: STATUS_TTL_MS, writtenBy: 'the bot' },
  botConfig: { pattern: 'bot_config:<container>', type: 'string', ttlMs: CONFIG_TTL_MS, writtenBy: 'deliver' },
  botWake: { pattern: 'bot_wake:<container>', type: 'list', ttlMs: CONFIG_TTL_MS, writtenBy: 'deliver and commands' },
  botLease: { pattern: 'bot_lease:<token fingerprint>', type: 'string', ttlMs: LEASE_TTL_MS, writtenBy: 'the bot' },
  poolWaiting: { pattern: 'pool:waiting', type: 'zset', ttlMs: undefined, writtenBy: 'the scripts' },
  poolBots: { pattern: 'pool:bots', type: 'set', ttlMs: undefined, writtenBy: 'the scripts' },
  poolBeats: { pattern: 'pool:beats:<state>', type: 'zset', ttlMs: undefined, writtenBy: 'the scripts' },
  poolEvents: { pattern: 'pool:events', type: 'stream', ttlMs: undefined, writtenBy: 'the scripts' },
  poolLeader: { pattern: 'pool:leader', type: 'string', ttlMs: LEADER_TTL_MS, writtenBy: 'the leading control plane' },
  serviceBots: { pattern: 'service:bots', type: 'set', ttlMs: undefined, writtenBy: 'the scripts' },
  serviceWaiting: { pattern: 'service:waiting', type: 'zset', ttlMs: undefined, writtenBy: 'the scripts' },
  serviceBeats: { pattern: 'service:beats:<state>', type: 'zset', ttlMs: undefined, writtenBy: 'the scripts' },
  serviceEvents: { pattern: 'service:events', type: 'stream', ttlMs: undefined, writtenBy: 'the scripts' },
} as const satisfies Record<string, KeyRow>;

/** Builders of the keys of {@link KEY_TABLE}. */
export const keys = {
  botStatus: (container: string): string => `bot_status:${container}`,
  botConfig: (container: string): string => `bot_config:${container}`,
  botWake: (container: string): string => `bot_wake:${container}`,
  botLease: (fingerprint: string): string => `bot_lease:${fingerprint}`,
  poolWaiting: 'pool:waiting',
  poolBots: 'pool:bots',
  poolEvents: 'pool:events',
  poolLeader: 'pool:leader',
  poolBeats: (state: BotState): string => `pool:beats:${state}`,
  /** Prefix of everything that one tenant's bot owns. */
  tenantPrefix: (clientId: string): string => `${clientId}:`,
} as const;

/** The sets of last heartbeats, in the order of {@link BOT_STATES}: what the scripts expect as their last keys. */
export const BEAT_KEYS: readonly string[] = BOT_STATES.map((state) => keys.poolBeats(state));

/** The common sets of one family of processes: who is there, who waits, what happened, when each last beat. */
export interface Register {
  readonly bots: string;
  readonly waiting: string;
  readonly events: string;
  readonly beats: readonly string[];
}

/** The register of bots that wait for clients. */
export const POOL_REGISTER: Register = {
  bots: keys.poolBots,
  waiting: keys.poolWaiting,
  events: keys.poolEvents,
  beats: BEAT_KEYS,
};

/** The register of the installation's own bots: the same discipline, but nobody takes them for a client's. */
export const SERVICE_REGISTER: Register = {
  bots: 'service:bots',
  waiting: 'service:waiting',
  events: 'service:events',
  beats: BOT_STATES.map((state) => `service:beats:${state}`),
};
