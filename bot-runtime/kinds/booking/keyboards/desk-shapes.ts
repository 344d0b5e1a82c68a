/** Owns the buttons of the day's work: their codes begin with `p`. The rules of `action.ts` hold: both lists only grow. */

/** By action: its code and its fields. */
export const DESK_SHAPES = {
  deskDay: ['pd', 'date'],
  deskBooking: ['pb', 'booking'],
  deskCame: ['pv', 'booking', 'came'],
  deskAskCancel: ['px', 'booking'],
  deskCancel: ['pz', 'booking'],
  customers: ['pl', 'page'],
  customer: ['pu', 'customer'],
  customerBlock: ['pk', 'customer', 'blocked'],
  customersCsv: ['pe'],
} as const satisfies Record<string, readonly [string, ...string[]]>;
