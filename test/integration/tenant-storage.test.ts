/** A tenant's storage in the hands of a tenant that means no good: it ends, moves and comes forward nevertheless. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, type Queryable } from '#core/postgres/database.ts';
import { type Migration, migrateControl, readMigrations } from '#core/postgres/migrate.ts';
import { randomPassword } from '#core/secrets/vault.ts';
import { prepareRehearsal } from '#core/tenants/rehearsal.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import { prepareSpares } from '#core/tenants/spares.ts';
import {
  createCredentials,
  dropStorage,
  endLogins,
  endStrayLogins,
  type KindStorage,
  openStorage,
} from '#core/tenants/storage.ts';
import { getTenant } from '#core/tenants/tenants.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

/** A tenant and its session, as its bot has it. */
interface Occupant {
  readonly clientId: string;
  readonly session: Database;
}

const FIRST = readMigrations('booking');
const NEWEST = Math.max(...FIRST.map(({ version }) => version));
const SECOND: Migration = {
  version: FIRST.length + 1,
  name: `${String(NEWEST + 1).padStart(4, '0')}_more.sql`,
  sql: `CREATE TABLE more (); INSERT INTO settings (key, value) VALUES ('more', '1')`,
  checksum: '2'.repeat(64),
};

function booking(migrations: readonly Migration[] = FIRST): KindStorage {
  return {
    kind: 'booking',
    migrations,
    seed: (tx, { company, ownerId, locale, timeZone }) =>
      seedTenant(tx, { company, ownerId, locale, timeZone }, { workHoursStart: 9, workHoursEnd: 18 }, 0),
  };
}

describe("a tenant's storage", () => {
  let test: TestDatabase;
  let database: Database;
  const closing = new AsyncDisposableStack();

  beforeAll(async () => {
    test = await createTestDatabase();
    closing.use(test);
    database = test.database;
    await migrateControl(database);
  });
  afterAll(() => closing.disposeAsync());

  async function openFence(clientId: string, storage = booking(), through = database): Promise<Database> {
    const { rows } = await database.query<{ fence: string }>(
      'UPDATE control.tenants SET fence = fence + 1 WHERE client_id = $1 RETURNING fence',
      [clientId],
    );
    const fence = Number(rows[0]?.fence);
    const credentials = createCredentials(clientId, fence);
    await openStorage(through, await getTenant(database, clientId), fence, storage, credentials);
    const { login: user, postgresPassword: password } = credentials;
    const session = openDatabase({ ...test.facts, user, password, max: 1, applicationName: 'tenant' });
    closing.defer(() => session.close());
    return session;
  }

  async function newTenant(): Promise<Occupant> {
    const clientId = `client_${randomInt(100_000, 999_999)}`;
    await database.query(
      `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state)
       VALUES ($1, 'Salon', 'booking', 'en', 'UTC', 1, 'active')`,
      [clientId],
    );
    return { clientId, session: await openFence(clientId) };
  }

  async function loginsOf({ clientId }: Occupant): Promise<readonly string[]> {
    const { rows } = await database.query<{ login: string }>('SELECT control.tenant_logins($1, NULL) AS login', [
      clientId,
    ]);
    return rows.map(({ login }) => login);
  }

  async function ledgerOf(schema: string): Promise<number> {
    const { rows } = await database.query<{ files: number }>('SELECT cardinality(control.applied_files($1)) AS files', [
      schema,
    ]);
    return rows[0]?.files ?? -1;
  }

  async function superusers(): Promise<readonly unknown[]> {
    const { rows } = await database.query('SELECT rolname FROM pg_roles WHERE rolsuper ORDER BY 1');
    return rows;
  }

  /** As its login and not as the schema's owner. */
  async function asLogin({ session }: Occupant, statements: readonly string[]): Promise<void> {
    for (const statement of ['SET ROLE NONE', ...statements]) await session.query(statement);
  }

  it('loses a login that owns things: they become the tenant’s', async () => {
    const tenant = await newTenant();
    const { clientId } = tenant;
    await asLogin(tenant, [
      `CREATE TABLE ${clientId}.evil ()`,
      `CREATE FUNCTION ${clientId}.evil() RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
      `ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${clientId}`,
      `GRANT ALL ON ${clientId}.evil TO PUBLIC`,
    ]);
    await endLogins(database, clientId, 1);
    expect(await loginsOf(tenant)).toEqual([]);
    const again = { clientId, session: await openFence(clientId) };
    await again.session.query('DROP TABLE evil');
    await asLogin(again, [`CREATE TABLE ${clientId}.evil ()`]);
    await openFence(clientId);
    expect(await loginsOf(again)).toEqual([`${clientId}_3`]);
  });

  it('goes with everything that its tenant owns or may use anywhere', async () => {
    const [host, guest] = [await newTenant(), await newTenant()];
    await host.session.query(`GRANT USAGE, CREATE ON SCHEMA ${host.clientId} TO ${guest.clientId}`);
    await host.session.query(`GRANT SELECT ON users TO ${guest.clientId}, ${guest.clientId}_1 WITH GRANT OPTION`);
    await guest.session.query(`CREATE TABLE ${host.clientId}.guest ()`);
    await asLogin(guest, [`CREATE TABLE ${guest.clientId}.mine ()`]);
    // As if the right to make one had not been taken away.
    const { rows } = await database.query<{ id: string }>('SELECT lo_create(0) AS id');
    await database.query(`ALTER LARGE OBJECT ${rows[0]?.id} OWNER TO ${guest.clientId}`);
    await dropStorage(database, guest.clientId);
    const { rows: left } = await database.query(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname = $1 UNION ALL
       SELECT rolname FROM pg_roles WHERE rolname LIKE $1 || '%' UNION ALL
       SELECT schema FROM control.schema_versions WHERE schema = $1 UNION ALL
       SELECT oid::text FROM pg_largeobject_metadata`,
      [guest.clientId],
    );
    expect(left).toEqual([]);
  });

  it('is made anew for a tenant that has dropped it', async () => {
    const { clientId, session } = await newTenant();
    await session.query(`DROP SCHEMA ${clientId} CASCADE`);
    await prepareSpares(database, booking(), 1);
    const again = await openFence(clientId);
    expect((await again.query('SELECT key FROM settings')).rowCount).toBe(2);
    expect(await ledgerOf(clientId)).toBe(FIRST.length);
  });

  /** Fires at every insert of a setting, at once and at the commit, and tries to become more than the tenant. */
  function plant(): readonly string[] {
    const attempts = ['RESET ROLE', 'RESET SESSION AUTHORIZATION', `SET LOCAL ROLE ${test.facts.user}`];
    return [
      'CREATE TABLE seen (who text)',
      `CREATE FUNCTION climb() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE attempt text;
       BEGIN
         FOREACH attempt IN ARRAY '{${attempts.join()}}'::text[] LOOP
           BEGIN
             EXECUTE attempt;
             EXECUTE 'ALTER ROLE ' || TG_TABLE_SCHEMA || ' SUPERUSER';
           EXCEPTION WHEN OTHERS THEN NULL;
           END;
         END LOOP;
         INSERT INTO seen VALUES (session_user);
         RETURN NEW;
       END $$`,
      'CREATE TRIGGER at_once AFTER INSERT ON settings FOR EACH ROW EXECUTE FUNCTION climb()',
      `CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON settings DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION climb()`,
    ];
  }

  it('is brought forward without running what the tenant has planted in a session of the control plane', async () => {
    const { clientId, session } = await newTenant();
    const before = await superusers();
    for (const statement of plant()) await session.query(statement);
    const again = await openFence(clientId, booking([...FIRST, SECOND]));
    expect((await again.query('SELECT DISTINCT who FROM seen')).rows).toEqual([{ who: `${clientId}_2` }]);
    expect(await superusers()).toEqual(before);
    expect(await ledgerOf(clientId)).toBe(SECOND.version);
    const { rows } = await database.query(
      "SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE oid = to_regclass($1 || '.more')",
      [clientId],
    );
    expect(rows).toEqual([{ owner: clientId }]);
  });

  it('stays as it was when a file fails, and comes forward later', async () => {
    const { clientId, session } = await newTenant();
    await session.query('CREATE TABLE more ()');
    await expect(openFence(clientId, booking([...FIRST, SECOND]))).rejects.toMatchObject({ code: '42P07' });
    expect(await ledgerOf(clientId)).toBe(FIRST.length);
    await database.query(`DROP TABLE ${clientId}.more`);
    await openFence(clientId, booking([...FIRST, SECOND]));
    expect(await ledgerOf(clientId)).toBe(SECOND.version);
  });

  it('knows its files by a ledger that the tenant cannot forge', async () => {
    const { clientId, session } = await newTenant();
    await session.query(`COMMENT ON SCHEMA ${clientId} IS '{"set":"booking","checksums":["a","b","c"]}'`);
    await expect(session.query("UPDATE control.schema_versions SET checksums = '{}'")).rejects.toMatchObject({
      code: '42501',
    });
    const again = await openFence(clientId, booking([...FIRST, SECOND]));
    expect((await again.query("SELECT 1 FROM settings WHERE key = 'more'")).rowCount).toBe(1);
    await expect(openFence(clientId)).rejects.toMatchObject({ code: 'schema_newer' });
  });

  /** The control plane dies at the statement that contains this. */
  function dying(at: string): Database {
    const cut =
      (target: Queryable): Queryable['query'] =>
      (text, values) =>
        text.includes(at) ? Promise.reject(new Error('died')) : target.query(text, values);
    return {
      ...database,
      query: cut(database),
      transaction: (work) => database.transaction((tx) => work({ query: cut(tx) })),
    };
  }

  it.each([
    ['before the tenant’s transaction commits', 'SET pending = $3', FIRST.length],
    ['after it', 'attempt = NULL', SECOND.version],
  ])('comes forward once when the control plane dies %s', async (_when, at, files) => {
    const { clientId } = await newTenant();
    const next = booking([...FIRST, SECOND]);
    await expect(openFence(clientId, next, dying(at))).rejects.toThrow('died');
    expect(await ledgerOf(clientId)).toBe(files);
    const session = await openFence(clientId, next);
    expect((await session.query('SELECT * FROM more')).rowCount).toBe(0);
    expect(await ledgerOf(clientId)).toBe(SECOND.version);
  });

  it('keeps the login of a session that does not end, and ends those of others meanwhile', async () => {
    const [stuck, ...others] = [await newTenant(), await newTenant(), await newTenant()];
    const { rows } = await stuck.session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const pid = rows[0]?.pid ?? 0;
    await Promise.all(others.map(({ session }) => session.query('SELECT 1')));
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await endStrayLogins(database)).toEqual([
        { clientId: stuck.clientId, error: expect.objectContaining({ code: 'BP002' }) },
      ]);
      expect(await loginsOf(stuck)).toEqual([`${stuck.clientId}_1`]);
      for (const other of others) expect(await loginsOf(other)).toEqual([]);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await endStrayLogins(database)).toEqual([]);
    expect(await loginsOf(stuck)).toEqual([]);
  });

  describe('made ahead', () => {
    const spares = async (): Promise<readonly unknown[]> => {
      const { rows } = await database.query(
        `SELECT s.version, count(*)::int AS count, count(n.oid)::int AS schemas, count(v.schema)::int AS ledgers
         FROM control.spares s FULL JOIN (SELECT * FROM pg_namespace WHERE nspname LIKE 'spare\\_%') n ON nspname = s.name
         LEFT JOIN control.schema_versions v ON v.schema = n.nspname GROUP BY 1`,
      );
      return rows;
    };

    it('belongs to the newest control plane, and an older one leaves it alone', async () => {
      const next = booking([...FIRST, SECOND]);
      await prepareSpares(database, booking(), 2);
      expect(await spares()).toEqual([{ version: NEWEST, count: 2, schemas: 2, ledgers: 2 }]);
      await expect(prepareSpares(dying('drop_storage'), next, 2)).rejects.toThrow('died');
      expect(await spares()).toEqual([{ version: NEWEST, count: 2, schemas: 2, ledgers: 2 }]);
      expect(await prepareSpares(database, next, 2)).toBe(2);
      expect(await prepareSpares(database, booking(), 2)).toBe(0);
      expect(await spares()).toEqual([{ version: NEWEST + 1, count: 2, schemas: 2, ledgers: 2 }]);
    });
  });

  it('made ahead by several at once is never too many, and one at a time, and half as many, while clients get their bots', async () => {
    const count = async (): Promise<unknown> =>
      (await database.query('SELECT count(*)::int AS count FROM control.spares')).rows[0];
    await prepareSpares(database, booking(), 1);
    const { count: before } = (await count()) as { count: number };
    expect(await prepareSpares(database, booking(), 2 * before, () => true)).toBe(0);
    expect(await prepareSpares(database, booking(), 2 * before + 3, () => true)).toBe(1);
    const made = await Promise.all([1, 2, 3].map(() => prepareSpares(database, booking(), before + 4)));
    expect(made.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(await count()).toEqual({ count: before + 4 });
  });

  it('of rehearsals, in which every bot works, is made anew instead of brought forward', async () => {
    const before = await superusers();
    const password = randomPassword();
    await prepareRehearsal(database, booking(), password);
    const session = openDatabase({ ...test.facts, user: 'rehearsal', password, max: 1, applicationName: 'tenant' });
    closing.defer(() => session.close());
    for (const statement of plant()) await session.query(statement);
    await prepareRehearsal(database, booking(), password);
    await prepareRehearsal(database, booking([...FIRST, SECOND]), password);
    expect(await superusers()).toEqual(before);
    expect((await session.query("SELECT to_regclass('seen') AS seen, to_regclass('more')::text AS more")).rows).toEqual(
      [{ seen: null, more: 'more' }],
    );
  });
});
