/** A control database of one's own with a sales desk, as the Sales Bot sees it. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openSalesBox, publishSalesBox, type SalesBox } from '#core/billing/box.ts';
import { type BroughtBot, type Buyer, openSalesDesk, type SalesDesk } from '#core/billing/desk.ts';
import { openServiceLogin } from '#core/billing/service-login.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { createVault, randomPassword } from '#core/secrets/vault.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import { createTestDatabase, type DatabaseFacts } from './stack.ts';

/** See the file's head. */
export interface SalesStores {
  /** As superuser. */
  readonly database: Database;
  readonly facts: DatabaseFacts;
  readonly box: SalesBox;
  /** As the Sales Bot's login. */
  readonly asSales: Database;
  /** As the gateway's login. */
  readonly asGateway: Database;
  readonly desk: SalesDesk;
  newBuyer(overrides?: Partial<Buyer>): Buyer;
  newBot(): BroughtBot;
  /** An order with everything said, ready to be paid. */
  orderReady(buyer: Buyer, change?: { readonly planId?: string; readonly saveMethod?: boolean }): Promise<OrderView>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes the database, both logins and the desk. */
export async function openSalesStores(): Promise<SalesStores> {
  const test = await createTestDatabase();
  const { database, facts } = test;
  await migrateControl(database);
  const vault = createVault(randomBytes(32));
  const box = openSalesBox(vault);
  await publishSalesBox(database, box);
  const login = async (role: 'botpool_sales' | 'botpool_gateway'): Promise<DatabaseFacts> => {
    // Roles are the whole server's: each database has its own.
    const name = `${role}_${facts.database}`;
    const password = randomPassword();
    await openServiceLogin(database, { name, role, password });
    return { ...facts, user: name, password };
  };
  const salesFacts = await login('botpool_sales');
  const gatewayFacts = await login('botpool_gateway');
  const asSales = openDatabase({ ...salesFacts, max: 5, applicationName: 'test-sales' });
  const asGateway = openDatabase({ ...gatewayFacts, max: 5, applicationName: 'test-gateway' });
  const desk = openSalesDesk(asSales);
  return {
    database,
    facts,
    box,
    asSales,
    asGateway,
    desk,
    newBuyer: (overrides = {}) => {
      const id = randomInt(1_000_000, 2_000_000_000);
      return { buyerId: id, chatId: id, name: 'Anna', locale: 'en', ...overrides };
    },
    newBot,
    async orderReady(buyer, change = {}) {
      const id = randomUUID();
      await desk.openOrder(id, buyer);
      const { planId = 'start', saveMethod = false } = change;
      const contact = { receiptContact: 'anna@example.com' };
      await desk.changeOrder(id, buyer.buyerId, { company: 'Anna Nails', planId, saveMethod, ...contact });
      return await desk.setToken(id, buyer.buyerId, newBot());
    },
    async [Symbol.asyncDispose]() {
      await asSales.close();
      await asGateway.close();
      for (const { user } of [salesFacts, gatewayFacts]) {
        await database.query(`DROP OWNED BY "${user}"`);
        await database.query(`DROP ROLE "${user}"`);
      }
      await test[Symbol.asyncDispose]();
    },
  };
}

function newBot(): BroughtBot {
  const botId = randomInt(100_000_000, 9_000_000_000);
  const token = `${botId}:${randomBytes(24).toString('base64url')}`;
  return { token, botId, username: `b${randomBytes(5).toString('hex')}_bot`, managed: false };
}

/** Waits; ends early when aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
