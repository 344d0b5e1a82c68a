/** Judges what was found: pure, one rule for each check. What was found is told in words by the catalogue. */
import type { CheckId, CheckState } from '#shared/api/checks.ts';
import type { MessageKey } from '#shared/texts/catalogue.generated.ts';

/** What a rule comes to: the state, and the sentence for what was found. */
export interface Verdict {
  readonly state: CheckState;
  readonly found: MessageKey;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** What there is to judge. Sizes in bytes. */
export interface Findings {
  /** Files that others may read, of those that hold secrets. */
  readonly openFiles: readonly string[];
  readonly homeMode: number;
  /** `undefined`: there is no `.env`. */
  readonly environmentMode: number | undefined;
  readonly panel: { readonly loopback: boolean; readonly tls: boolean; readonly address: string };
  /** Tokens of scope `admin` that never end. */
  readonly endlessAdminTokens: number;
  /** Redis answers somebody who has shown no password. */
  readonly redisOpen: boolean | undefined;
  readonly redisBind: string;
  readonly redisPolicy: string;
  readonly postgres: {
    readonly encryption: string;
    readonly trusting: number;
    readonly listens: string;
    readonly connections: number;
    readonly most: number;
    readonly version: number;
    /** This machine's clock against the server's, in ms. */
    readonly clockOffMs: number;
  };
  readonly redisVersion: string;
  readonly engine: string;
  readonly sandbox: boolean;
  readonly pool: {
    readonly total: number;
    readonly waiting: number;
    readonly failed: number;
    readonly problems: number;
  };
  /** Age of the newest good backup in hours; `none`: there is none; `undefined`: nobody knows. */
  readonly backupHours: number | 'none' | undefined;
  readonly backupVerified: boolean;
  readonly disk: { readonly free: number; readonly total: number };
  readonly memory: { readonly free: number; readonly total: number };
}

const GIB = 1024 ** 3;
const DAY_HOURS = 24;
const CLOCK_MS = 2_000;
const LOOPBACK_LIST = /^(\s*(127\.0\.0\.1|::1|localhost|-::1)\s*[, ]?)+$/;

type Rule = (findings: Findings) => Verdict;

/** One rule for each check. */
export const RULES: Readonly<Record<CheckId, Rule>> = {
  'secret-files': ({ openFiles }) =>
    openFiles.length === 0
      ? { state: 'ok', found: 'found-secret-files-ok' }
      : { state: 'fail', found: 'found-files-open', facts: { files: openFiles.join(', ') } },
  'home-folder': ({ homeMode }) => ownOnly(homeMode),
  'environment-file': ({ environmentMode }) =>
    environmentMode === undefined ? { state: 'ok', found: 'found-no-environment' } : ownOnly(environmentMode),
  'panel-address': ({ panel }) => ({
    state: panel.loopback || panel.tls ? 'ok' : 'fail',
    found: panel.loopback ? 'found-panel-loopback' : 'found-panel-open',
    facts: { address: panel.address },
  }),
  'api-tokens': ({ endlessAdminTokens: count }) => ({
    state: count === 0 ? 'ok' : 'warn',
    found: 'found-api-tokens',
    facts: { count },
  }),
  'redis-password': ({ redisOpen }) =>
    redisOpen === undefined
      ? { state: 'unknown', found: 'found-unknown' }
      : { state: redisOpen ? 'fail' : 'ok', found: redisOpen ? 'found-redis-open' : 'found-redis-closed' },
  'redis-address': ({ redisBind, engine }) => listening(redisBind, engine),
  'redis-eviction': ({ redisPolicy: policy }) => ({
    state: policy === 'noeviction' ? 'ok' : 'fail',
    found: 'found-redis-policy',
    facts: { policy },
  }),
  'postgres-passwords': ({ postgres: { encryption, trusting } }) => ({
    state: encryption === 'scram-sha-256' && trusting === 0 ? 'ok' : 'fail',
    found: 'found-postgres-passwords',
    facts: { encryption, trusting },
  }),
  'postgres-address': ({ postgres, engine }) => listening(postgres.listens, engine),
  'postgres-connections': ({ postgres: { connections, most } }) => ({
    state: connections < most * 0.8 ? 'ok' : connections < most * 0.95 ? 'warn' : 'fail',
    found: 'found-connections',
    facts: { connections, most },
  }),
  isolation: ({ engine }) => ({
    state: engine === 'process' ? 'warn' : 'ok',
    found: engine === 'process' ? 'found-no-isolation' : 'found-isolation',
    facts: { engine },
  }),
  telegram: ({ sandbox }) => ({
    state: sandbox ? 'warn' : 'ok',
    found: sandbox ? 'found-telegram-sandbox' : 'found-telegram-real',
  }),
  'pool-free': ({ pool: { waiting, total } }) => ({
    state: waiting > 0 ? 'ok' : 'fail',
    found: 'found-pool-free',
    facts: { waiting, total },
  }),
  'bot-problems': ({ pool: { failed, problems } }) => ({
    state: failed + problems === 0 ? 'ok' : 'warn',
    found: 'found-bot-problems',
    facts: { count: failed + problems },
  }),
  backups: ({ backupHours, backupVerified }) => {
    if (backupHours === undefined) return { state: 'unknown', found: 'found-unknown' };
    if (backupHours === 'none') return { state: 'fail', found: 'found-no-backup' };
    const recent = backupHours <= DAY_HOURS + 2;
    return {
      state: recent && backupVerified ? 'ok' : recent ? 'warn' : 'fail',
      found: backupVerified ? 'found-backup-verified' : 'found-backup',
      facts: { hours: Math.round(backupHours) },
    };
  },
  disk: ({ disk }) => space(disk, 2 * GIB, 'found-disk'),
  memory: ({ memory }) => space(memory, GIB / 2, 'found-memory'),
  clock: ({ postgres: { clockOffMs } }) => ({
    state: Math.abs(clockOffMs) < CLOCK_MS ? 'ok' : 'fail',
    found: 'found-clock',
    facts: { ms: Math.round(Math.abs(clockOffMs)) },
  }),
  versions: ({ postgres, redisVersion }) => ({
    state: postgres.version >= 15 && Number.parseInt(redisVersion, 10) >= 7 ? 'ok' : 'fail',
    found: 'found-versions',
    facts: { postgres: String(postgres.version), redis: redisVersion },
  }),
};

function ownOnly(mode: number): Verdict {
  const facts = { mode: (mode & 0o777).toString(8) };
  return { state: (mode & 0o077) === 0 ? 'ok' : 'fail', found: 'found-mode', facts };
}

/** Containers listen within their own network; processes share this machine's. */
function listening(address: string, engine: string): Verdict {
  const loopback = LOOPBACK_LIST.test(address);
  return { state: loopback || engine !== 'process' ? 'ok' : 'fail', found: 'found-listens', facts: { address } };
}

function space({ free, total }: Findings['disk'], least: number, found: MessageKey): Verdict {
  const share = total === 0 ? 0 : free / total;
  const state = free < least / 4 ? 'fail' : free < least || share < 0.05 ? 'warn' : 'ok';
  return { state, found, facts: { gib: (free / GIB).toFixed(1), percent: Math.round(share * 100) } };
}
