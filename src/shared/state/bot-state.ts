/** The states of a pool bot and the steps between them: used by scripts, services, screens and tests alike. */

/** What a registered bot can be. `starting` and `gone` have no status in Redis, so they are not here. */
export const BOT_STATES = ['waiting', 'activating', 'active', 'draining', 'failed'] as const;

/** See {@link BOT_STATES}. */
export type BotState = (typeof BOT_STATES)[number];

/** Where a bot may go from where. A bot that ends comes back as a fresh process, which registers as `waiting`. */
export const BOT_TRANSITIONS: Readonly<Record<BotState, readonly BotState[]>> = {
  waiting: ['activating', 'draining'],
  activating: ['active', 'failed', 'draining'],
  active: ['draining'],
  failed: ['draining'],
  draining: [],
};

/** True when a bot may step from one state to the other. */
export function canBotMove(from: BotState, to: BotState): boolean {
  return BOT_TRANSITIONS[from].includes(to);
}
