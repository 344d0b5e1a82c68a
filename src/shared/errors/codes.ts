/** The one table of error codes: what each code means, what it must carry, and whether trying again can help. */

/** `now`: the same call may succeed at once. `later`: after something outside has changed. `never`: not with this input. */
export type Retry = 'now' | 'later' | 'never';

/** Who meets an error and needs a text for it: operators always, buyers only for some. */
interface ErrorCodeRow {
  readonly retry: Retry;
  /** Names of the facts that the texts of this code mention. */
  readonly data: readonly string[];
  /** True when a buyer can meet it, so that the catalogues need `error-<code>-buyer`, too. */
  readonly buyer: boolean;
}

/** Codes are stable: scripts and screens rely on them. Texts: `error-<code with dashes>` in `src/shared/texts`. */
export const ERROR_CODES = {
  // Activation (the failure table of the pool protocol)
  token_malformed: { retry: 'never', data: [], buyer: true },
  token_invalid: { retry: 'never', data: [], buyer: true },
  token_taken: { retry: 'never', data: ['clientId'], buyer: true },
  token_in_use: { retry: 'later', data: [], buyer: true },
  telegram_unreachable: { retry: 'later', data: [], buyer: true },
  storage_failed: { retry: 'later', data: [], buyer: true },
  bot_lost: { retry: 'now', data: ['container'], buyer: true },
  timeout: { retry: 'later', data: ['seconds'], buyer: true },
  pool_empty: { retry: 'later', data: [], buyer: true },
  pool_too_large: { retry: 'never', data: ['wanted', 'max'], buyer: false },
  kind_unknown: { retry: 'never', data: ['kind', 'known'], buyer: false },
  // Tenants
  client_id_malformed: { retry: 'never', data: ['clientId'], buyer: false },
  client_unknown: { retry: 'never', data: ['clientId'], buyer: false },
  client_not_active: { retry: 'never', data: ['clientId', 'state'], buyer: false },
  subscription_none: { retry: 'never', data: ['clientId'], buyer: false },
  client_busy: { retry: 'now', data: ['clientId'], buyer: false },
  client_no_token: { retry: 'never', data: ['clientId'], buyer: false },
  client_other_token: { retry: 'never', data: ['clientId'], buyer: false },
  input_invalid: { retry: 'never', data: ['field', 'problem'], buyer: false },
  // Sales
  plan_unknown: { retry: 'never', data: ['planId'], buyer: true },
  order_unknown: { retry: 'never', data: ['orderId'], buyer: true },
  order_closed: { retry: 'never', data: ['orderId'], buyer: true },
  order_incomplete: { retry: 'never', data: ['orderId'], buyer: true },
  too_many_orders: { retry: 'later', data: [], buyer: true },
  not_subscribed: { retry: 'never', data: ['clientId'], buyer: true },
  no_saved_method: { retry: 'never', data: ['clientId'], buyer: true },
  request_open: { retry: 'later', data: ['clientId'], buyer: true },
  not_payable: { retry: 'never', data: [], buyer: true },
  yookassa_unreachable: { retry: 'later', data: ['detail'], buyer: true },
  yookassa_refused: { retry: 'never', data: ['detail'], buyer: true },
  refund_impossible: { retry: 'never', data: ['order', 'why'], buyer: false },
  // What the installation stands on
  postgres_unreachable: { retry: 'later', data: ['address'], buyer: false },
  redis_unreachable: { retry: 'later', data: ['address'], buyer: false },
  control_plane_unreachable: { retry: 'later', data: [], buyer: false },
  already_running: { retry: 'never', data: ['pid', 'folder'], buyer: false },
  migration_changed: { retry: 'never', data: ['migration', 'schema'], buyer: false },
  schema_newer: { retry: 'never', data: ['schema', 'version', 'known'], buyer: false },
  config_invalid: { retry: 'never', data: ['problems'], buyer: false },
  secret_unreadable: { retry: 'never', data: ['what'], buyer: false },
  // Engines
  container_unknown: { retry: 'never', data: ['name'], buyer: false },
  container_exists: { retry: 'never', data: ['name'], buyer: false },
  container_foreign: { retry: 'never', data: ['name'], buyer: false },
  engine_unreachable: { retry: 'later', data: ['tried'], buyer: false },
  engine_incompatible: { retry: 'never', data: ['speaks', 'needed'], buyer: false },
  engine_full: { retry: 'later', data: ['action', 'detail'], buyer: false },
  engine_failed: { retry: 'later', data: ['action', 'detail'], buyer: false },
  image_missing: { retry: 'later', data: ['image'], buyer: false },
  image_refused: { retry: 'later', data: ['image', 'action', 'detail'], buyer: false },
  program_missing: { retry: 'never', data: ['program', 'remedy'], buyer: false },
  program_failed: { retry: 'later', data: ['program', 'detail'], buyer: false },
  unsupported: { retry: 'never', data: ['what', 'engine'], buyer: false },
  // Schedules
  schedule_unknown: { retry: 'never', data: ['name'], buyer: false },
  schedule_exists: { retry: 'never', data: ['name'], buyer: false },
  schedule_built_in: { retry: 'never', data: ['name'], buyer: false },
  schedule_invalid: { retry: 'never', data: ['expression', 'zone', 'problem'], buyer: false },
  job_unknown: { retry: 'never', data: ['job', 'known'], buyer: false },
  run_exists: { retry: 'later', data: ['name'], buyer: false },
  run_missed: { retry: 'never', data: ['name', 'count'], buyer: false },
  run_overlapped: { retry: 'never', data: [], buyer: false },
  run_replaced: { retry: 'never', data: [], buyer: false },
  run_timeout: { retry: 'later', data: ['seconds'], buyer: false },
  run_lost: { retry: 'now', data: [], buyer: false },
  schedule_failed: { retry: 'later', data: ['name', 'code'], buyer: false },
  scheduler_silent: { retry: 'later', data: ['seconds'], buyer: false },
  clock_went_back: { retry: 'never', data: ['name'], buyer: false },
  // The pool's bad luck
  bots_died_together: { retry: 'later', data: ['count', 'bots'], buyer: false },
  bot_flapping: { retry: 'later', data: ['container', 'restarts'], buyer: false },
  bot_stuck: { retry: 'later', data: ['container'], buyer: false },
  leader_silent: { retry: 'later', data: ['lapsed', 'seconds', 'leader'], buyer: false },
  client_set_aside: { retry: 'never', data: ['clientId', 'code'], buyer: false },
  // Backups
  backup_unknown: { retry: 'never', data: ['id'], buyer: false },
  backup_busy: { retry: 'later', data: [], buyer: false },
  backup_interrupted: { retry: 'now', data: [], buyer: false },
  backup_cancelled: { retry: 'now', data: [], buyer: false },
  backup_idle: { retry: 'never', data: ['id'], buyer: false },
  backup_damaged: { retry: 'never', data: ['file', 'problem'], buyer: false },
  backup_counts: { retry: 'never', data: ['table', 'expected', 'found'], buyer: false },
  backup_implausible: { retry: 'never', data: ['bytes', 'before'], buyer: false },
  backup_key_missing: { retry: 'never', data: [], buyer: false },
  backup_locks: { retry: 'never', data: [], buyer: false },
  backup_access: { retry: 'never', data: [], buyer: false },
  backup_version: { retry: 'never', data: [], buyer: false },
  backup_incomplete: { retry: 'never', data: ['what'], buyer: false },
  backup_timeout: { retry: 'later', data: ['tool', 'seconds'], buyer: false },
  backup_tool_failed: { retry: 'later', data: ['tool', 'detail'], buyer: false },
  backup_late: { retry: 'later', data: ['hours', 'promised'], buyer: false },
  backup_unproven: { retry: 'later', data: ['id'], buyer: false },
  backup_elsewhere: { retry: 'never', data: ['id'], buyer: false },
  target_none: { retry: 'never', data: [], buyer: false },
  target_unreachable: { retry: 'later', data: ['target', 'detail'], buyer: false },
  target_refused: { retry: 'never', data: ['target', 'detail'], buyer: false },
  target_damaged: { retry: 'later', data: ['target', 'file', 'problem'], buyer: false },
  target_behind: { retry: 'later', data: ['id', 'target'], buyer: false },
  disk_full: { retry: 'later', data: ['what'], buyer: false },
  restore_taken: { retry: 'never', data: ['clientId'], buyer: false },
  table_large: { retry: 'never', data: ['table'], buyer: false },
  // Who may come in
  signed_out: { retry: 'never', data: [], buyer: false },
  forbidden: { retry: 'never', data: ['needed', 'granted'], buyer: false },
  sign_in_failed: { retry: 'never', data: [], buyer: false },
  sign_in_paused: { retry: 'later', data: ['seconds'], buyer: false },
  ticket_used: { retry: 'never', data: [], buyer: false },
  request_foreign: { retry: 'never', data: ['problem'], buyer: false },
  route_unknown: { retry: 'never', data: ['route'], buyer: false },
  panel_exposed: { retry: 'never', data: ['address', 'missing'], buyer: false },
  user_exists: { retry: 'never', data: ['name'], buyer: false },
  user_unknown: { retry: 'never', data: ['name'], buyer: false },
  last_admin: { retry: 'never', data: ['name'], buyer: false },
  password_weak: { retry: 'never', data: ['least'], buyer: false },
  settings_changed: { retry: 'never', data: [], buyer: false },
  token_unknown: { retry: 'never', data: ['id'], buyer: false },
  // Everything that nobody foresaw: the cause is in the log under this id
  internal: { retry: 'later', data: ['id'], buyer: true },
} as const satisfies Record<string, ErrorCodeRow>;

/** A stable name for a cause. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Every code, for schemas and tests. */
export const ERROR_CODE_NAMES = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** True for a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}

/** The facts that a code's texts mention, by name. */
export type ErrorData<C extends ErrorCode> = C extends ErrorCode
  ? Readonly<Record<(typeof ERROR_CODES)[C]['data'][number], string | number>>
  : never;
