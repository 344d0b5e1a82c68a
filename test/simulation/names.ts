/** What can go wrong in a simulated history, and the bugs that can be planted into it. */

/** Kinds of fault. Those of a call strike before it, or after it: then the work is done and only the answer is lost. */
export const FAULTS = [
  'postgres_call_lost',
  'postgres_answer_lost',
  'redis_call_lost',
  'redis_answer_lost',
  'engine_call_lost',
  'engine_answer_lost',
  'telegram_call_lost',
  'telegram_answer_lost',
  'shop_call_lost',
  'shop_answer_lost',
  'postgres_down',
  'redis_down',
  'telegram_down',
  'redis_flushed',
  'redis_went_back',
  'bot_killed',
  'bot_frozen',
  'bots_killed_together',
  'container_removed',
  'image_poisoned',
  'engine_full',
  'plane_killed',
  'plane_frozen',
  'plane_clock_jumped',
  'notification_doubled',
  'notification_lost',
  'notification_forged',
  'payment_canceled',
] as const;

/** See {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** Bugs that a history can carry, each with what it breaks: they prove that the simulation finds what it should. */
export const BUGS = {
  claim_takes_a_taken_bot: 'a claim does not look whether the process was claimed before',
  claim_gives_a_second_bot: 'a claim does not look whether the client has a bot',
  claim_without_a_new_fence: 'a failover keeps the fence of the bot that is lost',
  login_survives_its_fence: 'the login of an ended activation goes on working',
  poll_without_lease: 'a bot polls though another one holds the lease',
  lease_never_ends_for_its_holder: 'a bot that slept past its lease goes on as if it had it',
  lease_not_renewed: 'a lease is taken once and never renewed',
  confirmed_before_handled: 'updates are confirmed before they are handled',
  update_handled_twice: 'an update that comes again has its effects again',
  pending_dropped_at_failover: 'a failover drops what customers wrote meanwhile',
  payment_credited_twice: 'a payment is applied at each notification',
  notification_believed: 'a notification counts without the payment being fetched',
  hint_dropped_before_commit: 'a notification is answered before it is written down, and nothing sweeps',
  paid_and_not_queued: 'an order that finds no bot is not queued',
  queue_out_of_order: 'the queue serves whoever came last',
  lost_bot_is_not_replaced: 'a bot that is lost is noticed and not replaced',
  ended_and_not_queued: 'an activation that ends badly leaves its client without a place in the queue',
  delivered_only_once: 'a delivery that Redis lost is not repeated',
  configuration_for_any_process: 'a configuration is taken by whatever process bears the name',
  claimed_bot_removed: 'scaling down does not look whether a bot was claimed meanwhile',
  former_leader_writes: 'a leader that slept writes under its old epoch',
  dead_leader_keeps_its_place: 'nobody takes the place of a leader that died',
  two_leaders: 'a plane leads without asking',
  maximum_ignored: 'the pool grows past its maximum',
  missing_container_is_left: 'a container that was removed by hand is not made again',
  flushed_bot_stays_unknown: 'a bot does not register again after Redis was emptied',
  audit_forgotten: 'an applied payment leaves no row in the audit',
} as const;

/** See {@link BUGS}. */
export type Bug = keyof typeof BUGS;
