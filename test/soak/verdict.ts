/** Holds the books in PostgreSQL against what the shop knows, when everything has come to rest. */
import * as z from 'zod';
import type { Database } from '#core/postgres/database.ts';
import type { ShopPayment } from '#shared/schemas/sandbox-shop.ts';

/** What came out. All three have to be 0, and nothing may stand in `problems`. */
export interface Verdict {
  /** Payments that were made and came to nothing: neither a bot nor the money back. */
  readonly lost: number;
  /** Payments that counted twice, or orders that were paid, activated or given back twice. */
  readonly doubled: number;
  /** Orders that count as paid, and were not, or with another sum than the agreed one. */
  readonly wrongAmounts: number;
  /** Each fault in a sentence, the first hundred of them. */
  readonly problems: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const bookSchema = z.object({
  order_id: z.string(),
  number: z.coerce.number(),
  state: z.string(),
  order_amount: z.coerce.number(),
  payment_id: z.string(),
  provider_id: z.string().nullable(),
  status: z.string(),
  effect: z.string().nullable(),
  amount: z.coerce.number(),
  refunded: z.coerce.number(),
  periods: z.coerce.number(),
  paying: z.coerce.number(),
});

type Book = z.infer<typeof bookSchema>;

/** Looks at everything once. `strange`: ids of payments that the soak has made in the name of our orders. */
export async function judge(
  database: Database,
  payments: readonly ShopPayment[],
  strange: ReadonlySet<string>,
): Promise<Verdict> {
  const { rows } = await database.query(
    `SELECT o.id AS order_id, o.number, o.state, o.amount AS order_amount, p.id AS payment_id, p.provider_id, p.status,
       p.effect, p.amount, p.refunded,
       (SELECT count(*) FROM control.subscriptions s WHERE s.order_id = o.id) AS periods,
       (SELECT count(*) FROM control.payments x WHERE x.order_id = o.id AND x.effect = 'paid') AS paying
     FROM control.payments p JOIN control.orders o ON o.id = p.order_id`,
  );
  const books = z.array(bookSchema).parse(rows);
  const at = new Map(payments.map((payment) => [payment.id, payment]));
  const lost = [...unbooked(payments, books, strange), ...unserved(books, at)];
  const doubled = [...madeTwice(payments, strange), ...countedTwice(books, at)];
  const wrong = wrongSums(books, at, strange);
  const rest = await unfinished(database);
  return {
    lost: lost.length,
    doubled: doubled.length,
    wrongAmounts: wrong.length,
    problems: [...lost, ...doubled, ...wrong, ...rest].slice(0, 100),
    counts: await countOrders(database),
  };
}

/** What was paid at the shop and is not in the books. */
function unbooked(payments: readonly ShopPayment[], books: readonly Book[], strange: ReadonlySet<string>): string[] {
  const known = new Map(books.map((book) => [book.provider_id, book]));
  return payments
    .filter(({ id, status }) => status === 'succeeded' && !strange.has(id))
    .filter(({ id }) => known.get(id)?.status !== 'succeeded')
    .map(({ id }) => `lost: payment ${id} succeeded, and the books say ${known.get(id)?.status ?? 'nothing'}`);
}

/** What is in the books as paid, and came to neither a bot nor the money back. */
function unserved(books: readonly Book[], at: ReadonlyMap<string, ShopPayment>): string[] {
  return books
    .filter(({ status }) => status === 'succeeded')
    .filter((book) => {
      const back = at.get(book.provider_id ?? '')?.refunded === book.amount && book.refunded === book.amount;
      const served = book.effect === 'paid' && book.state === 'active' && book.periods === 1;
      return !(served && book.refunded === 0) && !back;
    })
    .map((book) => `lost: order ${book.number} is ${book.state} with ${book.periods} periods, payment ${book.effect}`);
}

/** One question to the shop, one payment. */
function madeTwice(payments: readonly ShopPayment[], strange: ReadonlySet<string>): string[] {
  const seen = new Map<string, string>();
  return payments
    .filter(({ id }) => !strange.has(id))
    .flatMap(({ id, metadata }) => {
      const ours = metadata['payment_id'] ?? '';
      const before = seen.get(ours);
      seen.set(ours, id);
      return before === undefined ? [] : [`doubled: payment ${ours} was made at the shop as ${before} and ${id}`];
    });
}

function countedTwice(books: readonly Book[], at: ReadonlyMap<string, ShopPayment>): string[] {
  const periods = books.filter((book) => book.periods > 1 || book.paying > 1);
  const both = books.filter((book) => book.state === 'active' && book.effect === 'paid' && book.refunded > 0);
  const back = books.filter((book) => (at.get(book.provider_id ?? '')?.refunded ?? 0) !== book.refunded);
  return [
    ...periods.map(({ number }) => `doubled: order ${number} was applied more than once`),
    ...both.map(({ number }) => `doubled: order ${number} has its bot and its money`),
    ...back.map((book) => `doubled: of order ${book.number} the shop and the books gave back different sums`),
  ];
}

function wrongSums(
  books: readonly Book[],
  at: ReadonlyMap<string, ShopPayment>,
  strange: ReadonlySet<string>,
): string[] {
  return books
    .filter(({ effect }) => effect === 'paid')
    .filter((book) => {
      const shop = at.get(book.provider_id ?? '');
      if (shop?.status !== 'succeeded' || strange.has(shop.id)) return true;
      return shop.amount !== book.order_amount || shop.currency !== 'RUB';
    })
    .map((book) => `wrong amount: order ${book.number} was paid by ${book.provider_id}`);
}

/** Nothing may be stuck: neither a job that is due, nor an order that was paid and waits. */
async function unfinished(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ number: string; state: string; reason: string | null }>(
    `SELECT number, state, reason FROM control.orders WHERE state IN ('paid', 'activating', 'failed')`,
  );
  const { rows: due } = await database.query<{ what: string; count: string; sample: string }>(
    `SELECT 'hints' AS what, count(*) AS count, min(event || ' ' || object_id || ' tries ' || tries) AS sample
       FROM control.payment_hints WHERE next_at IS NOT NULL
     UNION ALL SELECT 'refunds', count(*), min(id::text) FROM control.refunds WHERE next_at IS NOT NULL
     UNION ALL SELECT 'payments', count(*), min(id::text) FROM control.payments WHERE status = 'creating'`,
  );
  return [
    ...rows.map(({ number, state, reason }) => `stuck: order ${number} is ${state} (${reason ?? 'no reason'})`),
    ...due.filter(({ count }) => count !== '0').map((one) => `stuck: ${one.count} ${one.what}, such as ${one.sample}`),
  ];
}

async function countOrders(database: Database): Promise<Record<string, number>> {
  const { rows } = await database.query<{ state: string; count: string }>(
    'SELECT state, count(*) FROM control.orders GROUP BY state ORDER BY state',
  );
  const { rows: hints } = await database.query<{ count: string; seen: string }>(
    'SELECT count(*) AS count, coalesce(sum(seen), 0) AS seen FROM control.payment_hints',
  );
  return {
    ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])),
    'notifications in the inbox': Number(hints[0]?.count ?? 0),
    'notifications taken': Number(hints[0]?.seen ?? 0),
  };
}
