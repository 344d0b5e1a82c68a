/**
 * One process of a sale, to be killed by the soak: `node host.ts worker|gateway|desk`. All of it is the product's own code;
 * only the points at which it ends without a word are added.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { startGateway } from '#bot-runtime/gateway/gateway.ts';
import { openSalesBox } from '#core/billing/box.ts';
import { openSalesDesk } from '#core/billing/desk.ts';
import { SERVICE_LOGINS, serviceLoginPassword } from '#core/billing/prepare.ts';
import { startLeadership } from '#core/leadership/leadership.ts';
import { startPool } from '#core/pool/index.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault } from '#core/secrets/vault.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { startSales } from '#main/orders/index.ts';
import { createYooKassa, type YooKassa } from '#main/orders/yookassa.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { SANDBOX_SHOP } from '#shared/schemas/sandbox-shop.ts';
import { soakFactsSchema, toHostSchema } from './facts.ts';
import { KILL_POINTS, pointedDatabase, pointedPool, pointedShop } from './kill-points.ts';

const facts = soakFactsSchema.parse(JSON.parse(process.env['SOAK'] ?? '{}'));
const [, , role = ''] = process.argv;
const logger = createLogger(`soak-${role}`, process.env['SOAK_DEBUG'] === undefined ? 'silent' : 'info');
const vault = createVault(Buffer.from(facts.masterKey, 'base64'));

let plan: { killAt: string; after: number } | undefined;
/** The point of the plan, so many times passed, is where it ends. */
function pass(point: string): void {
  if (plan === undefined || plan.killAt !== point) return;
  plan.after -= 1;
  if (plan.after < 0) process.kill(process.pid, 'SIGKILL');
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

function open(user: string, password: string, max: number): Database {
  const { host, port } = facts.postgres;
  const onIdleError = (): void => undefined;
  return openDatabase({
    ...{ host, port, user, password, max, database: facts.database, applicationName: `soak-${role}` },
    ...{ statementTimeoutMs: 5_000, onIdleError },
  });
}

function serviceDatabase(service: keyof typeof SERVICE_LOGINS): Database {
  return open(SERVICE_LOGINS[service], serviceLoginPassword(vault, service), 10);
}

/** The shop's client, with the fault that was asked for. */
function planted(shop: YooKassa): YooKassa {
  switch (facts.plant) {
    case 'fresh-keys':
      return { ...shop, createPayment: (body) => shop.createPayment(body, uuidv7()) };
    case 'believed':
      return {
        ...shop,
        async getPayment(id) {
          const payment = await shop.getPayment(id);
          return payment?.status === 'pending' ? { ...payment, status: 'succeeded' } : payment;
        },
      };
    case 'forgetful':
      return {
        ...shop,
        async createRefund(body, key) {
          const { payment_id: paymentId = '' } = body as { payment_id?: string };
          const { amount, currency } = (await shop.getPayment(paymentId)) ?? { amount: 0, currency: 'RUB' };
          return { id: key, paymentId, status: 'succeeded', amount, currency, cancelReason: undefined };
        },
      };
    case undefined:
      return shop;
  }
}

async function runWorker(): Promise<void> {
  const plain = open(facts.postgres.user, facts.postgres.password, 30);
  const following = 'a notification is being followed';
  const database = pointedDatabase(plain, pass, { 'UPDATE control.payment_hints SET tries': [undefined, following] });
  const connect = (name: string, blocking: boolean) =>
    openRedis({ ...facts.redis, username: facts.redis.user, name, blocking, onError: () => undefined });
  const redis = connect('soak', false);
  const clock = { now: Date.now, sleep };
  const leadership = await startLeadership({
    ...{ database: plain, redis, logger, holder: `soak-${process.pid}` },
    clock: { monotonic: () => performance.now(), sleep },
    timings: { leaseMs: 1_500, renewMs: 400, askMs: 150 },
  });
  const pool = await startPool({
    ...{ database: plain, redis, eventRedis: connect('soak-events', true), vault, logger, clock, newId: uuidv7 },
    kinds: [{ kind: 'booking', migrations: [], seed: () => Promise.resolve() }],
    ...{ activationTimeoutMs: 10_000, spares: 4, roundMs: 300, sweepMs: 1_000, missingMs: 4_000, drainMs: 2_000 },
  });
  startSales({
    ...{ database, vault, logger, leadership, clock, newId: uuidv7, box: openSalesBox(vault) },
    pool: pointedPool(pool, pass),
    yookassa: pointedShop(planted(createYooKassa({ ...SANDBOX_SHOP, apiRoot: facts.shopRoot, fetch })), pass),
    receipt: { vatCode: 1, taxSystemCode: undefined },
    graceMs: 3 * 86_400_000,
    returnUrl: async () => 'https://t.me',
    refill: async () => ({ batch: 4, startMs: 500, limited: false }),
    listenAt: { ...facts.postgres, database: facts.database },
  });
}

async function runGateway(): Promise<void> {
  const [before, after] = KILL_POINTS.gateway;
  const database = pointedDatabase(serviceDatabase('gateway'), pass, { gateway_take_hint: [before, after] });
  const { gatewayPort: port } = facts;
  await startGateway({ ...{ host: '127.0.0.1', port, healthPort: 0, database, logger }, trusted: ['127.0.0.1/32'] });
}

/** The Sales Bot's half: the steps of buyers, one call after the other as they are asked for. */
function runDesk(): void {
  const desk = openSalesDesk(serviceDatabase('sales'));
  const steps = new Map<string, unknown>(Object.entries(desk));
  const [before, after] = KILL_POINTS.desk;
  process.on('message', (message) => {
    const asked = toHostSchema.parse(message);
    if ('killAt' in asked) return;
    const { call, step, args } = asked;
    const work = async (): Promise<void> => {
      pass(before);
      const perform = steps.get(step);
      if (typeof perform !== 'function') throw new Error(`the desk has no ${step}`);
      const answer: unknown = await Reflect.apply(perform, desk, args);
      pass(after);
      process.send?.({ call, answer: answer ?? null });
    };
    work().catch((error: unknown) => {
      process.send?.({ call, refused: isBotpoolError(error) ? error.code : `trouble: ${String(error)}` });
    });
  });
}

process.on('message', (message) => {
  const asked = toHostSchema.parse(message);
  if ('killAt' in asked) plan = { ...asked };
});
process.once('disconnect', () => process.exit());
if (role === 'worker') await runWorker();
else if (role === 'gateway') await runGateway();
else runDesk();
process.send?.({ ready: true });
