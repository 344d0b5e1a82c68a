/** Owns the buttons of the set-up: their codes begin with `e`. The rules of `action.ts` hold: both lists only grow. */

/** By action: its code and its fields. */
export const SETUP_SHAPES = {
  wizard: ['ew', 'step'],
  wizardZone: ['ewz', 'zone'],
  wizardHours: ['ewh', 'preset'],
  wizardTrade: ['ewt', 'trade'],
  wizardService: ['ews', 'trade', 'item'],
  wizardLeave: ['ewl'],
  editService: ['es', 'service'],
  askServiceField: ['esf', 'service', 'field'],
  moveService: ['esm', 'service', 'up'],
  dropServicePhoto: ['esp', 'service'],
} as const satisfies Record<string, readonly [string, ...string[]]>;
