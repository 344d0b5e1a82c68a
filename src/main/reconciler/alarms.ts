/** What the reconciler finds and a person should look at: alerts, raised once and ended when their cause is gone. */
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import type { Leader } from '#core/leadership/leadership.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Divergence } from '#shared/schemas/divergence.ts';

/** So many ends within this time are one misfortune, not many. */
const CROWD = 5;
const CROWD_WITHIN_MS = 5_000;
/** A crowd is over when everything has been as it is wanted for so long. */
const QUIET_MS = 60_000;
/** A change of leaders is told for so long. */
const LEADER_MS = 600_000;

const CROWD_KEY = 'bots together';
const LEADER_KEY = 'leader';

/** The alerts of one term of the leader. */
export interface Alarms {
  /** The process of a bot has ended by itself. */
  died(container: string): void;
  /** After each look. */
  looked(found: readonly Divergence[], bots: number): Promise<void>;
}

/** Begins a term. What an earlier leader has raised is ended here, too, when its cause is gone. */
export function createAlarms(database: Queryable, leader: Leader, now: () => number): Alarms {
  let deaths: { readonly container: string; readonly at: number }[] = [];
  let raised: ReadonlySet<string> | undefined;
  let troubledAt = now();
  let crowdOpen = true;
  /** The newest end that was told. */
  let crowdTold = Number.NEGATIVE_INFINITY;
  let change: 'unseen' | 'told' | 'over' = 'unseen';
  const begun = now();

  const tellLeader = async (): Promise<void> => {
    const { lapsed, holder } = leader;
    if (change === 'unseen' && lapsed !== undefined) {
      const facts = { lapsed: lapsed.holder, seconds: Math.round(lapsed.silentMs / 1_000), leader: holder ?? '?' };
      const error = new BotpoolError('leader_silent', facts);
      await raiseAlert(database, { key: LEADER_KEY, severity: 'warning', error });
      change = 'told';
    } else if (change === 'unseen' || (change === 'told' && now() - begun >= LEADER_MS)) {
      await resolveAlert(database, LEADER_KEY);
      change = 'over';
    }
  };

  const tellCrowd = async (calm: boolean, bots: number): Promise<void> => {
    // Looks may lie far apart while much is mended: what counts is how close the ends lie to each other.
    const newest = deaths.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    deaths = deaths.filter(({ at }) => newest - at <= CROWD_WITHIN_MS);
    const count = new Set(deaths.map(({ container }) => container)).size;
    const fresh = count >= CROWD && newest > crowdTold;
    if (!calm || fresh) troubledAt = now();
    if (fresh) {
      crowdTold = newest;
      const error = new BotpoolError('bots_died_together', { count, bots });
      await raiseAlert(database, { key: CROWD_KEY, severity: 'critical', error });
      crowdOpen = true;
    } else if (crowdOpen && calm && now() - troubledAt >= QUIET_MS) {
      await resolveAlert(database, CROWD_KEY);
      crowdOpen = false;
    }
  };

  const tellBots = async (found: readonly Divergence[]): Promise<void> => {
    const wanted = new Map(found.flatMap((one) => alertOf(one).map((error) => [`${one.kind} ${one.target}`, error])));
    const open = raised ?? new Set(await openKeys(database));
    for (const key of open) if (!wanted.has(key)) await resolveAlert(database, key);
    for (const [key, error] of wanted) {
      if (raised?.has(key) !== true) await raiseAlert(database, { key, severity: 'warning', error });
    }
    raised = new Set(wanted.keys());
  };

  return {
    died(container) {
      deaths.push({ container, at: now() });
    },
    async looked(found, bots) {
      const calm = !found.some(({ kind }) => kind.startsWith('container') || kind.startsWith('client'));
      await tellLeader();
      await tellCrowd(calm, bots);
      await tellBots(found);
    },
  };
}

/** Differences that one has to look at; of the others a list is enough. */
const TOLD = ['bot_flapping', 'bot_stuck'] as const;

function alertOf({ kind, target, data }: Divergence): BotpoolError[] {
  const code = TOLD.find((one) => one === kind);
  return code === undefined ? [] : [new BotpoolError(code, { container: target, restarts: data['restarts'] ?? 0 })];
}

async function openKeys(database: Queryable): Promise<readonly string[]> {
  const { rows } = await database.query<{ key: string }>(
    'SELECT key FROM control.alerts WHERE resolved_at IS NULL AND code = ANY($1)',
    [TOLD],
  );
  return rows.map(({ key }) => key);
}
