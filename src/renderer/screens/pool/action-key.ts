/** Which words stand for an action of the audit. Pure. */
import type { MessageKey } from '../../i18n/keys.generated.ts';

/** By the beginning of the action's name, the first that fits. Calls of the API tell the same as what they caused. */
const WORDS: readonly (readonly [beginning: string, key: MessageKey])[] = [
  ['tenant.activate', 'act-tenant-activate'],
  ['activations.activate', 'act-tenant-activate'],
  ['activations.resume', 'act-tenant-activate'],
  ['activations.changeToken', 'act-tenant-token'],
  ['tenant.deactivate', 'act-tenant-deactivate'],
  ['tenant.suspend', 'act-tenant-deactivate'],
  ['activations.deactivate', 'act-tenant-deactivate'],
  ['tenant.delete', 'act-tenant-delete'],
  ['tenants.delete', 'act-tenant-delete'],
  ['activation.failed', 'act-activation-failed'],
  ['tenant.restore', 'act-tenant-restore'],
  ['tenant.clone', 'act-tenant-restore'],
  ['backups.restore', 'act-tenant-restore'],
  ['backup', 'act-backups'],
  ['schedules.', 'act-schedules'],
  ['alerts.', 'act-alert'],
  ['pool.scale', 'act-pool-scaled'],
  ['scaling.', 'act-pool-policy'],
  ['pool.policy', 'act-pool-policy'],
  ['user.', 'act-user'],
  ['session.users', 'act-user'],
  ['token.', 'act-token'],
  ['session.tokens', 'act-token'],
  ['settings.', 'act-settings'],
  ['session.refuse', 'act-session-refuse'],
  ['session.begin', 'act-session-begin'],
  ['session.end', 'act-session-end'],
  ['session.signInLink', 'act-session-link'],
  ['payments.swept', 'act-payments-swept'],
  ['stack.restart', 'act-stack-restart'],
  ['stack.', 'act-stack'],
  ['checks.', 'act-stack'],
  ['orders.', 'act-orders'],
  ['plans.', 'act-plans'],
  ['sandbox.', 'act-sandbox'],
];

/** Undefined for what has no words yet: its name is shown. */
export function actionKey(action: string): MessageKey | undefined {
  const name = action.replace(/^api\./, '');
  return WORDS.find(([beginning]) => name.startsWith(beginning))?.[1];
}
