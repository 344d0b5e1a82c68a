/** The claim: one transaction in PostgreSQL that gives one waiting process to one tenant, or says why not. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { queueTenant } from '#core/tenants/tenants.ts';
import type { Candidate, CandidateSource } from './presence.ts';

/** When a bot forgets what customers wrote before it started. */
export const DROP_PENDING_POLICIES = ['first-start', 'always', 'never'] as const;

/** See {@link DROP_PENDING_POLICIES}. */
export type DropPendingPolicy = (typeof DROP_PENDING_POLICIES)[number];

/** One tenant's hold on one process under one fence. */
export interface Claim {
  readonly activationId: string;
  readonly fence: number;
  readonly container: string;
  readonly bootId: string;
  readonly publicKey: string;
  readonly dropPending: boolean;
}

/**
 * `already`: the tenant has this open activation. `none`: no candidate was free; the tenant is queued. `behind`: others
 * have waited longer; the tenant is queued behind them.
 */
export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly claim: Claim }
  | { readonly outcome: 'already'; readonly claim: Claim }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'behind' }
  | { readonly outcome: 'not_active' };

const rowSchema = z.object({
  outcome: z.enum(['claimed', 'already', 'none', 'behind', 'not_active']),
  activation_id: z.string().nullable(),
  fence: z.coerce.number().nullable(),
  container: z.string().nullable(),
  boot_id: z.string().nullable(),
  public_key: z.string().nullable(),
  drop_pending: z.boolean().nullable(),
});

/** How many candidates one claim looks at. */
const CANDIDATES = 3;
/** How often a claim asks for other candidates when all were taken under its hands. */
const ROUNDS = 200;

/** Claims one of the live waiting bots for a tenant. The caller gives the claimed one back when it has delivered. */
export async function claimBot(
  db: Queryable,
  source: CandidateSource,
  activationId: string,
  clientId: string,
  dropPending: DropPendingPolicy,
  /** Whether it is this tenant's turn, or is to be asked whether others have waited longer. */
  inTurn: boolean,
): Promise<ClaimResult> {
  const refused = new Set<string>();
  for (let round = 1; ; round += 1) {
    const candidates = await source.take(CANDIDATES, refused);
    const names = candidates.map((candidate) => candidate.container);
    try {
      const result = await decide(db, activationId, clientId, candidates, dropPending, inTurn);
      const claimed = result.outcome === 'claimed' ? result.claim.container : undefined;
      source.giveBack(names.filter((name) => name !== claimed));
      // Without a candidate to look at, the search is over, and the same transaction has queued the tenant.
      if (result.outcome !== 'none' || candidates.length === 0) return result;
      if (round === ROUNDS) {
        await queueTenant(db, clientId, 0);
        return result;
      }
      // Claimed by others and not delivered to yet, so that they still seem to wait.
      for (const name of names) refused.add(name);
    } catch (error) {
      source.giveBack(names);
      throw error;
    }
  }
}

async function decide(
  db: Queryable,
  activationId: string,
  clientId: string,
  candidates: readonly Candidate[],
  dropPending: DropPendingPolicy,
  inTurn: boolean,
): Promise<ClaimResult> {
  const { rows } = await db.query('SELECT * FROM control.claim_bot($1, $2, $3, $4, $5, $6, $7)', [
    activationId,
    clientId,
    candidates.map((candidate) => candidate.container),
    candidates.map((candidate) => candidate.bootId),
    candidates.map((candidate) => candidate.publicKey),
    dropPending,
    inTurn,
  ]);
  const row = rowSchema.parse(rows[0]);
  const { outcome } = row;
  if (outcome !== 'claimed' && outcome !== 'already') return { outcome };
  return {
    outcome,
    claim: {
      activationId: row.activation_id ?? '',
      fence: row.fence ?? 0,
      container: row.container ?? '',
      bootId: row.boot_id ?? '',
      publicKey: row.public_key ?? '',
      dropPending: row.drop_pending ?? false,
    },
  };
}
