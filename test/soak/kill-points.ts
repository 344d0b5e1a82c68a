/** Named points at which a process of a sale ends without a word, and the wrappers that put them around its effects. */
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { SalesWorkerOptions } from '#main/orders/worker.ts';
import type { YooKassa } from '#main/orders/yookassa.ts';

/** Which process passes which points. `stack`: the servers, which the soak kills from outside. */
export const KILL_POINTS = {
  worker: [
    'a payment is about to be made',
    'a payment was made, and nobody knows yet',
    'a payment is about to be fetched',
    'a payment was fetched, and is not written down',
    'a refund is about to be made',
    'a refund was made, and nobody knows yet',
    'a bot is about to be given',
    'a bot was given, and it is not written down',
    'a bot is about to be taken back',
    'a bot was taken back, and it is not written down',
    'a transaction is done, and not committed',
    'a transaction is committed, and nobody has heard',
    'a notification is being followed',
  ],
  gateway: ['a notification is about to be written down', 'a notification is written down, and not answered'],
  desk: ['a step of a buyer is about to be done', 'a step of a buyer is done, and not told'],
  stack: ['PostgreSQL', 'Redis'],
} as const;

/** A process of the soak. */
export type Role = 'worker' | 'gateway' | 'desk';

/** Called at each point that is passed. */
export type Passing = (point: string) => void;

/** A database that passes points around every transaction and around statements that are named. */
export function pointedDatabase(
  database: Database,
  pass: Passing,
  statements: Readonly<Record<string, readonly [before: string | undefined, after: string | undefined]>>,
): Database {
  const query: Queryable['query'] = async (text, values) => {
    const points = Object.entries(statements).find(([part]) => text.includes(part))?.[1];
    if (points?.[0] !== undefined) pass(points[0]);
    const result = await database.query<never>(text, values);
    if (points?.[1] !== undefined) pass(points[1]);
    return result;
  };
  return {
    query,
    async transaction(work) {
      const result = await database.transaction(async (tx) => {
        const done = await work(tx);
        pass('a transaction is done, and not committed');
        return done;
      });
      pass('a transaction is committed, and nobody has heard');
      return result;
    },
    close: () => database.close(),
  };
}

/** A client of the shop that passes points around its calls. */
export function pointedShop(shop: YooKassa, pass: Passing): YooKassa {
  const around = async <T>(before: string, after: string, call: () => Promise<T>): Promise<T> => {
    pass(before);
    const answer = await call();
    pass(after);
    return answer;
  };
  const [making, made, fetching, fetched, returning, returned] = KILL_POINTS.worker;
  return {
    createPayment: (body, key) => around(making, made, () => shop.createPayment(body, key)),
    getPayment: (id) => around(fetching, fetched, () => shop.getPayment(id)),
    listPayments: (since) => shop.listPayments(since),
    createRefund: (body, key) => around(returning, returned, () => shop.createRefund(body, key)),
    getRefund: (id) => shop.getRefund(id),
  };
}

/** A pool that passes points around what it is asked for. */
export function pointedPool(pool: SalesWorkerOptions['pool'], pass: Passing): SalesWorkerOptions['pool'] {
  return {
    async activateBot(input, actor) {
      pass('a bot is about to be given');
      const result = await pool.activateBot(input, actor);
      pass('a bot was given, and it is not written down');
      return result;
    },
    resumeBot: (clientId, actor) => pool.resumeBot(clientId, actor),
    changeToken: (wish, actor) => pool.changeToken(wish, actor),
    async deactivateBot(clientId, change) {
      pass('a bot is about to be taken back');
      const result = await pool.deactivateBot(clientId, change);
      pass('a bot was taken back, and it is not written down');
      return result;
    },
    deleteTenant: (clientId, change) => pool.deleteTenant(clientId, change),
    listen: (listener) => pool.listen(listener),
  };
}
