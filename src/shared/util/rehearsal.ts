/** The names under which waiting bots rehearse; the control plane grants what they need, the bots use it. */

/** The PostgreSQL schema of rehearsals and its login, which sees nothing else. */
export const REHEARSAL_LOGIN = 'rehearsal';

/** One bot's name in its rehearsal: the prefix of its Redis keys, and its lease. */
export function rehearsalName(poolId: number): string {
  return `${REHEARSAL_LOGIN}_${poolId}`;
}
