/** A stack on Docker with clients whose customers never rest, and the ways to look at it from outside. */

import * as z from 'zod';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import type { Random } from '#sandbox/random.ts';
import { docker } from '../container/docker-command.ts';
import { type ProductWorld, prepareProductWorld } from '../container/product-world.ts';
import { until } from '../support/until.ts';
import { type Customer, startCustomer } from './customers.ts';

/** One client of the stack. */
export interface ChaosClient {
  readonly clientId: string;
  readonly botId: number;
  readonly username: string;
}

/** See the file's head. */
export interface ChaosWorld {
  readonly product: ProductWorld;
  readonly clients: readonly ChaosClient[];
  readonly customers: readonly Customer[];
  /** What was done to it and when, for whoever looks for a cause. */
  readonly story: string[];
  /** The container, as Docker names it, that serves a client now. */
  serving(client: ChaosClient): Promise<string>;
  /** The container, as Docker names it, of a bot that serves nobody. */
  waitingBot(): Promise<string>;
  /** A service's container, as Docker names it. */
  service(name: string): string;
  /** Resolves when so many bots wait at least and every client has one that answers somebody new. */
  healed(): Promise<void>;
  sql(text: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

const BOTS = 6;
const MIN_FREE = 3;
const HEAL_MS = 120_000;

/** Starts the stack, activates the clients, and lets their customers begin. */
export async function startChaosWorld(
  random: Random,
  counts: { readonly clients: number; readonly customers: number },
): Promise<ChaosWorld> {
  const product = await prepareProductWorld({
    ...{ POOL_BOTS: String(BOTS), MIN_FREE_BOTS: String(MIN_FREE), SCALE_BATCH: '1', CHECK_INTERVAL: '5' },
    ...{ MAX_BOOKINGS_PER_USER: '1000', CANCELLATION_HOURS: '0', AUTOSCALER: 'on' },
  });
  const up = await product.botpool('up');
  if (up.code !== 0) throw new Error(up.text);
  const clients: ChaosClient[] = [];
  const customers: Customer[] = [];
  for (let number = 1; number <= counts.clients; number += 1) {
    await product.activate(number);
    const username = `salon_${number}_bot`;
    const { id: botId } = await product.sandbox.getBot(username);
    clients.push({ clientId: `client_00${number}`, botId, username });
    for (let guest = 1; guest <= counts.customers; guest += 1) {
      const person = await product.sandbox.createPerson({ name: `Guest ${number}-${guest}`, languageCode: 'en' });
      const chat = product.sandbox.chat(username, person.id);
      customers.push(startCustomer(chat, { personId: person.id, botId }, random));
    }
  }

  const sql = async (text: string): Promise<string> => {
    const psql = ['psql', '-U', 'booking_user', '-d', 'booking_saas', '-tAc', text];
    return (await docker(['exec', `${product.project}-postgres`, ...psql])).trim();
  };
  const answersSomebodyNew = async ({ username }: ChaosClient): Promise<void> => {
    const person = await product.sandbox.createPerson({ name: 'New', languageCode: 'en' });
    const chat: SandboxChat = product.sandbox.chat(username, person.id);
    await chat.start();
    if ((await chat.waitFor({ timeoutMs: HEAL_MS })) === null) throw new Error(`${username} does not answer`);
  };

  return {
    ...{ product, clients, customers, sql, story: [] },
    async serving({ clientId }) {
      return await until(`${clientId} has a bot`, async () => {
        const { text } = await product.botpool('tenants', 'show', clientId, '--json');
        const shown = z.object({ container: z.string() }).safeParse(JSON.parse(text));
        return shown.success ? `${product.project}-${shown.data.container.replace('booking-', '')}` : undefined;
      });
    },
    async waitingBot() {
      const free = await sql(
        `SELECT container FROM control.roster WHERE state = 'wanted' AND container NOT IN
         (SELECT container FROM control.activations WHERE ended_at IS NULL) ORDER BY pool_id LIMIT 1`,
      );
      return `${product.project}-${free.replace('booking-', '')}`;
    },
    service: (name) => `${product.project}-${name}`,
    async healed() {
      await Promise.all(clients.map(answersSomebodyNew));
      await until(
        'enough bots wait',
        async () => {
          const { text } = await product.botpool('status');
          return Number(/waiting (\d+)/.exec(text)?.[1] ?? 0) >= MIN_FREE;
        },
        HEAL_MS,
      );
    },
    async [Symbol.asyncDispose]() {
      await product[Symbol.asyncDispose]();
    },
  };
}
