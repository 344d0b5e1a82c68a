/** Owns bars made of letters: how full something is, how far something has come. Pure. */

const CELLS = 10;

/** Ten cells, as many of them full as the share says; anything above nothing shows at least one. */
export function bar(share: number): string {
  const full = Math.min(CELLS, Math.max(share > 0 ? 1 : 0, Math.round(share * CELLS)));
  return '█'.repeat(full) + '░'.repeat(CELLS - full);
}

/** A share as whole per cent. */
export function percent(share: number): number {
  return Math.round(share * 100);
}
