/** A bot's process in the simulation: it waits, takes its configuration, holds its lease, handles updates, ends. */
import { leaseHolder } from '#core/leases/lease.ts';
import { CallLost, type Config, LEASE_MS, type Process, promise, type Steps, type World } from './world.ts';

/** A poll must be over before the lease could end. */
const MARGIN_MS = 2_000;
const BEAT_MS = 5_000;
const RENEW_MS = 5_000;

/** The life of one process. It returns when it ends. */
export function* botLife(world: World, self: () => Process): Steps {
  yield 50;
  const process = self();
  if (world.poisonedUntil > world.now) return;
  let beatAt = 0;
  let registered = false;
  for (;;) {
    try {
      if (world.now >= beatAt) {
        if (!(yield* beat(world, process, registered))) return;
        registered = true;
        beatAt = world.now + BEAT_MS;
      }
      if (process.config === undefined) yield* takeConfig(world, process);
      else if (!(yield* serve(world, process, process.config))) return;
    } catch (error) {
      if (!(error instanceof CallLost)) throw error;
    }
    yield 300 + Math.floor(world.random() * 500);
  }
}

/** Says how it is; false when the name is another process's by now. */
function* beat(world: World, self: Process, registered: boolean): Steps<boolean> {
  return yield* world.call('redis', () => {
    const known = world.status(self.container);
    if (known === undefined && registered && world.has('flushed_bot_stays_unknown')) return true;
    if (known !== undefined && known.bootId !== self.bootId && registered) return false;
    world.announce(self, self.config === undefined ? 'waiting' : self.served ? 'active' : 'activating');
    return true;
  });
}

/** Looks for a configuration. One that is sealed to another process cannot be opened. */
function* takeConfig(world: World, self: Process): Steps {
  const taken = yield* world.call('redis', () => {
    const stored = world.configs.get(self.container);
    if (stored === undefined || stored.until <= world.now) return undefined;
    world.configs.delete(self.container);
    return stored.config;
  });
  if (taken === undefined || (taken.bootId !== self.bootId && !world.has('configuration_for_any_process'))) return;
  promise(taken.bootId === self.bootId, 'a configuration is opened by the process that it was meant for');
  self.config = taken;
}

/** One turn of serving. False: its rights are over, and it has to end. */
function* serve(world: World, self: Process, config: Config): Steps<boolean> {
  const holds = yield* hold(world, self, config);
  if (holds === 'lost') return false;
  if (holds === 'waiting') return yield* world.call('postgres', () => world.loginWorks(config));
  if (!self.served) yield* begin(world, self, config);
  return yield* poll(world, self, config);
}

function* begin(world: World, self: Process, config: Config): Steps {
  yield* world.call('redis', () => {
    self.served = true;
    world.announce(self, 'active');
  });
  if (config.fence > 1 && world.has('pending_dropped_at_failover')) {
    for (const update of pending(world, config)) update.confirmed = true;
  }
}

/** Takes or renews the lease. */
function* hold(world: World, self: Process, config: Config): Steps<'held' | 'lost' | 'waiting'> {
  const holder = leaseHolder(self.container, self.bootId, config.fence);
  if (self.leaseAt !== undefined && world.has('lease_never_ends_for_its_holder')) return 'held';
  if (self.leaseAt !== undefined && !valid(world, self)) return 'lost';
  if (self.leaseAt !== undefined && (world.now - self.leaseAt < RENEW_MS || world.has('lease_not_renewed')))
    return 'held';
  const asked = world.now;
  const got = yield* world.call('redis', () => {
    // The login to Redis ends with the fence, too.
    if (!world.loginWorks(config)) return false;
    const present = world.leases.get(config.clientId);
    if (present !== undefined && present.until > world.now && present.holder !== holder) return false;
    world.leases.set(config.clientId, { holder, until: world.now + LEASE_MS });
    return true;
  });
  if (got || world.has('poll_without_lease')) {
    self.leaseAt = asked;
    return 'held';
  }
  return self.leaseAt === undefined ? 'waiting' : 'lost';
}

/** By its own clock, which went on while it slept. */
function valid(world: World, { leaseAt }: Process): boolean {
  if (leaseAt === undefined) return false;
  return world.has('lease_never_ends_for_its_holder') || world.now - leaseAt < LEASE_MS - MARGIN_MS;
}

function pending(world: World, { clientId }: Config) {
  return (world.updates.get(clientId) ?? []).filter(({ confirmed }) => !confirmed);
}

/** One poll: what came is handled, then confirmed. False: its rights are over. */
function* poll(world: World, self: Process, config: Config): Steps<boolean> {
  if (!valid(world, self)) return false;
  const batch = yield* world.call('telegram', () => {
    if (!valid(world, self)) return undefined;
    checkPollers(world, self, config);
    const found = pending(world, config).slice(0, 3);
    if (world.has('confirmed_before_handled')) for (const one of found) one.confirmed = true;
    return found;
  });
  if (batch === undefined) return false;
  for (const update of batch) {
    const written = yield* world.call('postgres', () => {
      if (!world.loginWorks(config)) return false;
      promise(world.clients.get(config.clientId)?.fence === config.fence, 'only the latest fence writes');
      if (update.effects === 0 || world.has('update_handled_twice')) update.effects += 1;
      promise(update.effects === 1, 'an update has its effects once');
      return true;
    });
    if (!written) return false;
  }
  if (batch.length === 0) return true;
  return yield* world.call('telegram', () => {
    if (!valid(world, self)) return false;
    for (const update of batch) update.confirmed = true;
    return true;
  });
}

/** When Redis has forgotten a lease, Telegram's own 409 and the fence keep order until its holder asks again. */
function checkPollers(world: World, self: Process, config: Config): void {
  if (world.now - world.forgotAt < LEASE_MS) return;
  for (const other of world.processes.values()) {
    if (other === self || other.config?.clientId !== config.clientId || other.actor.dead) continue;
    if (other.actor.frozenUntil > world.now) continue;
    promise(!(other.leaseAt !== undefined && valid(world, other)), 'a token has one poller');
  }
}
