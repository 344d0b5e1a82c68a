/** Owns the one way to talk to PostgreSQL: a small pool, parameterised queries and transactions that end. */
import pg from 'pg';

/** Anything that runs one statement: the pool or an open transaction. */
export interface Queryable {
  /** Runs one statement with `$1…` parameters. Rows come as plain objects, `bigint` and `numeric` as strings. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number }>;
}

/** A pool of connections to one database under one role. */
export interface Database extends Queryable {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Ends every connection; resolves when they are closed. */
  close(): Promise<void>;
}

/** How to reach PostgreSQL. Times in milliseconds. */
export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Most connections at once. */
  readonly max: number;
  /** How an operator recognises these connections in `pg_stat_activity`. */
  readonly applicationName: string;
  /** An idle connection is closed after this time, so that a hundred idle bots hold none. Default 10 s. */
  readonly idleTimeoutMs?: number;
  /** A statement that runs longer is cancelled; without an answer a second later, its connection is given up. Default 15 s. */
  readonly statementTimeoutMs?: number;
  /** Every connection keeps the plan of a statement that it has run: for programs that run the same few all the time. */
  readonly prepare?: boolean;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** How much later than the server the client gives a statement up: the server's word says more. */
const PATIENCE_MS = 1_000;

/** Opens a pool. Nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password,
    max: options.max,
    application_name: options.applicationName,
    idleTimeoutMillis: options.idleTimeoutMs ?? 10_000,
    connectionTimeoutMillis: 5_000,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    query_timeout: (options.statementTimeoutMs ?? 15_000) + PATIENCE_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  const nameOf = options.prepare === true ? createNames() : () => undefined;
  return {
    query: (text, values) => run(pool, nameOf, text, values),
    transaction: (work) => transaction(pool, nameOf, work),
    close: () => pool.end(),
  };
}

/** The name under which a statement is prepared; undefined: it is not. */
type NameOf = (text: string) => string | undefined;

/** A program has so many statements at most; whoever builds them from data would fill the server's memory. */
const MOST_STATEMENTS = 300;

function createNames(): NameOf {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_STATEMENTS) return known;
    const name = `s${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}

async function run<Row extends object>(
  target: pg.Pool | pg.PoolClient,
  nameOf: NameOf,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ readonly rows: Row[]; readonly rowCount: number }> {
  const name = nameOf(text);
  const result = await target.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) });
  return { rows: result.rows, rowCount: result.rowCount ?? 0 };
}

async function transaction<T>(pool: pg.Pool, nameOf: NameOf, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks between two statements says so by an event, which would end the process if nobody heard.
  const onBroken = (error: Error): void => {
    broken = error;
  };
  client.on('error', onBroken);
  // What the server did not say itself means that nobody knows what it will say next: the connection is given up, and
  // the server rolls back. A ROLLBACK would only wait behind the statement that has no answer.
  const query: Queryable['query'] = async (text, values) => {
    try {
      return await run(client, nameOf, text, values);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) onBroken(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  try {
    await query('BEGIN');
    const result = await work({ query });
    await query('COMMIT');
    return result;
  } catch (error) {
    if (broken === undefined) {
      // A connection that cannot even roll back must not go back into the pool.
      await client.query('ROLLBACK').catch(onBroken);
    }
    throw error;
  } finally {
    client.off('error', onBroken);
    client.release(broken);
  }
}
