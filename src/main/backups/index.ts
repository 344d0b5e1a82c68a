/** The front of backups: made, proven, restored and pruned one at a time, with what is known of each in PostgreSQL. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import { asExpected } from '#core/errors.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import {
  type BackupDetails,
  type BackupProgress,
  type BackupView,
  backupIdSchema,
  type RestoreDifference,
  type RetentionPolicy,
  retentionPolicySchema,
} from '#shared/schemas/backup.ts';
import { alone, type BackupContext, openWide, type Report } from './context.ts';
import { factsOf, freeBytes, PART, writeBackup } from './create.ts';
import { checkFolder, type Manifest, readManifest, rowsOf } from './manifest.ts';
import { clientIn, INCOMING, previewRestore, readTable, restoreAs, restoreInPlace } from './restore.ts';
import { planRetention, type RetentionPlan } from './retention.ts';
import * as store from './store.ts';
import { proveBackup, TRIAL } from './trial.ts';

/** What a backup is asked with. */
export interface BackupRequest {
  readonly scope: string;
  readonly cause: BackupView['cause'];
  readonly actor: string;
  readonly signal?: AbortSignal;
}

/** How well the newest backup stands. */
export interface BackupHealth {
  readonly green: boolean;
  readonly problems: string[];
  readonly newestVerified: string | null;
  readonly newestHours: number | null;
  readonly promisedHours: number;
  readonly target: string | null;
  readonly freeBytes: number;
}

/** Backups as a control plane uses them. Every failure is a `BotpoolError`. */
export interface Backups {
  list(limit: number): Promise<BackupView[]>;
  show(id: string): Promise<BackupDetails>;
  health(): Promise<BackupHealth>;
  /** Resolves with the id as soon as it has begun; `done` when it is stored and proven, or has failed. */
  begin(request: BackupRequest): Promise<{ readonly id: string; readonly done: Promise<void> }>;
  beginVerify(id: string, actor: string): Promise<{ readonly id: string; readonly done: Promise<void> }>;
  /** Stops what is being made or proven; a restore is never stopped. Fails with `backup_idle` when nothing goes on. */
  cancel(id: string, actor: string): Promise<void>;
  pin(id: string, pinned: boolean, actor: string): Promise<void>;
  preview(id: string, clientId: string, all?: boolean): Promise<RestoreDifference[]>;
  restore(
    id: string,
    wish: { readonly clientId: string; readonly as?: string | undefined; readonly actor: string },
  ): Promise<{ readonly clientId: string; readonly safety: string | null; readonly rows: number }>;
  table(id: string, clientId: string, table: string): Promise<{ readonly csv: string; readonly rows: number }>;
  retention(): Promise<RetentionPlan & { readonly policy: RetentionPolicy }>;
  setRetention(policy: RetentionPolicy, actor: string): Promise<RetentionPolicy>;
  prune(actor: string): Promise<string[]>;
  /** Holds what is known to what is there: adopts folders, tells missing ones, removes debris. */
  tidy(): Promise<void>;
  /** Raises and ends the alerts that the state of backups calls for. */
  watch(): Promise<BackupHealth>;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What the front needs beside what its parts work with. */
export interface BackupsOptions extends BackupContext {
  /** A newest verified backup that is older is late. */
  readonly promisedHours: number;
}

const HOUR_MS = 3_600_000;
/** A dump that has shrunk to less than this part of the last good one of its scope is not believed. */
const PLAUSIBLE = 0.5;
const SETTING = 'backup-retention';

/** Opens backups; what an earlier life has left unfinished is told and removed. */
export async function openBackups(options: BackupsOptions): Promise<Backups> {
  const { database, folder, logger, now } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    logger.warn({ err: error, folder }, 'the folder of backups could not be made');
  });
  const progress = new Map<string, BackupProgress>();
  const listeners = new Set<() => void>();
  const working = new Set<Promise<void>>();
  const closing = new AbortController();
  /** What may be stopped, by the id of its backup. */
  const stoppable = new Map<string, AbortController>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const reportOf = (id: string): Report => {
    return (more) => {
      const before = progress.get(id) ?? { phase: 'dump', bytes: 0, tables: 0, tablesTotal: 0 };
      progress.set(id, { ...before, ...more });
      if (more.phase !== undefined) changed();
    };
  };
  const pathOf = (id: string): string => join(folder, id);
  const expected = (error: unknown): BotpoolError => {
    const known = asExpected(error);
    if (isBotpoolError(known)) return known;
    logger.error({ err: error }, 'something about a backup failed in a way that nobody foresaw');
    return new BotpoolError('backup_tool_failed', {
      tool: 'backup',
      detail: String(error instanceof Error ? error.message : error).slice(0, 500),
    });
  };
  /** Goes on after its caller was answered; the register and the alerts tell how it ends. */
  const track = (id: string, work: Promise<void>): Promise<void> => {
    const done = work.finally(() => {
      progress.delete(id);
      working.delete(settled);
      changed();
    });
    const settled = done.catch(() => undefined);
    working.add(settled);
    return done;
  };
  const cancellable = async (
    id: string,
    given: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> => {
    const stop = new AbortController();
    stoppable.set(id, stop);
    const signals = [closing.signal, stop.signal, ...(given === undefined ? [] : [given])];
    await work(AbortSignal.any(signals)).finally(() => stoppable.delete(id));
  };
  const failureOf = (id: string, error: unknown): BotpoolError => {
    const stopped = stoppable.get(id)?.signal.aborted === true;
    return stopped ? new BotpoolError('backup_cancelled', {}, { cause: error }) : expected(error);
  };
  const alarm = async (key: string, error: BotpoolError): Promise<void> =>
    raiseAlert(database, { key, severity: 'critical', error });

  const make = async (id: string, request: BackupRequest): Promise<void> =>
    cancellable(id, request.signal, async (signal) => {
      await makeUntil(id, request, signal);
      await proveUntil(id, signal);
    });

  const prove = async (id: string): Promise<void> => cancellable(id, undefined, (signal) => proveUntil(id, signal));

  const makeUntil = async (id: string, request: BackupRequest, signal: AbortSignal): Promise<void> => {
    const report = reportOf(id);
    try {
      const facts = await writeBackup(options, { id, scope: request.scope }, report, signal);
      await store.setStored(database, id, facts);
      changed();
    } catch (error) {
      const failure = closing.signal.aborted ? new BotpoolError('backup_interrupted', {}) : failureOf(id, error);
      await store.setTrouble(database, id, 'failed', failure);
      if (failure.code === 'backup_cancelled') throw failure;
      logger.error({ err: error, backup: id }, 'a backup failed');
      await alarm(`backup ${request.scope}`, failure);
      throw failure;
    }
  };

  const proveUntil = async (id: string, signal: AbortSignal): Promise<void> => {
    const report = reportOf(id);
    const { scope } = await store.getBackup(database, id);
    try {
      report({ phase: 'checksum', bytes: 0 });
      let read = 0;
      const manifest = await checkFolder(pathOf(id), (bytes) => {
        read += bytes;
        report({ bytes: read });
      });
      await checkPlausible(id, manifest);
      await proveBackup(options, { manifest, folder: pathOf(id), report, signal });
      await store.setVerified(database, id);
      await resolveAlert(database, `backup ${scope}`);
      logger.info({ backup: id }, 'a backup was restored on trial and is verified');
    } catch (error) {
      const failure = failureOf(id, error);
      // What is known of it is what was known before.
      const unknown = ['backup_busy', 'backup_cancelled'].includes(failure.code) || closing.signal.aborted;
      if (unknown) throw failure;
      logger.error({ err: error, backup: id }, 'a backup is suspect');
      await store.setTrouble(database, id, 'suspect', failure);
      await alarm(`backup ${scope}`, failure);
      throw failure;
    }
  };

  /** A dump that has lost half of its weight without having lost rows has lost something else. */
  const checkPlausible = async (id: string, manifest: Manifest): Promise<void> => {
    const earlier = (await store.listBackups(database, 200)).find(
      (other) => other.id < id && other.scope === manifest.scope && other.state === 'verified',
    );
    if (earlier === undefined) return;
    const { bytes, rows } = factsOf(manifest);
    if (bytes < earlier.bytes * PLAUSIBLE && rows >= earlier.rows) {
      throw new BotpoolError('backup_implausible', { bytes, before: earlier.bytes });
    }
  };

  const newId = (): string => {
    const stamp = new Date(now()).toISOString().replaceAll(/[-:]/g, '');
    return `b${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${options.newSuffix()}`;
  };

  const write = async (request: BackupRequest): Promise<string> => {
    const id = newId();
    const encrypted = options.encryption.recipient !== undefined;
    await database.transaction(async (tx) => {
      await store.insertBackup(tx, {
        id,
        scope: request.scope,
        cause: request.cause,
        requestedBy: request.actor,
        encrypted,
      });
      await writeAudit(tx, request.actor, 'backup.create', id, null, { scope: request.scope });
    });
    changed();
    return id;
  };

  const viewOf = (record: store.BackupRecord): BackupView => {
    const known = progress.get(record.id);
    const stops = stoppable.get(record.id)?.signal.aborted === false;
    return { ...record, progress: known === undefined ? null : { ...known, stoppable: stops } };
  };

  /** Runs `work` under the lock and resolves with the first that it tells: the lock is held until `work` has ended. */
  const beginAlone = async (work: (began: (id: string) => void) => Promise<void>) => {
    const begun = Promise.withResolvers<string>();
    const done = alone(options, () => work(begun.resolve));
    done.catch(begun.reject);
    const id = await begun.promise;
    return { id, done: track(id, done) };
  };

  const whole = async (id: string): Promise<Manifest> => {
    await store.getBackup(database, id);
    return await checkFolder(pathOf(id));
  };

  const front: Backups = {
    list: async (limit) => (await store.listBackups(database, limit)).map(viewOf),
    async show(id) {
      const record = await store.getBackup(database, id);
      const manifest = await readManifest(pathOf(id)).catch(() => undefined);
      return {
        ...viewOf(record),
        folder: pathOf(id),
        files: manifest?.files ?? [],
        postgres: manifest?.postgres ?? '',
        clients: (manifest?.clients ?? []).map(({ clientId, company }) => ({
          clientId,
          company,
          rows: manifest === undefined ? 0 : rowsOf(manifest, clientId),
        })),
      };
    },
    begin: (request) =>
      beginAlone(async (began) => {
        if (request.scope !== 'all') {
          const { rows } = await database.query('SELECT FROM control.tenants WHERE client_id = $1', [request.scope]);
          if (rows.length === 0) throw new BotpoolError('client_unknown', { clientId: request.scope });
        }
        const id = await write(request);
        began(id);
        await make(id, request);
      }),
    beginVerify: (id, actor) =>
      beginAlone(async (began) => {
        const { state } = await store.getBackup(database, id);
        if (state === 'failed') throw new BotpoolError('backup_unknown', { id });
        await writeAudit(database, actor, 'backup.verify', id, null, {});
        began(id);
        await prove(id);
      }),
    async cancel(id, actor) {
      await store.getBackup(database, id);
      const stop = stoppable.get(id);
      if (stop === undefined) throw new BotpoolError('backup_idle', { id });
      await writeAudit(database, actor, 'backup.cancel', id, null, {});
      stop.abort();
    },
    async pin(id, pinned, actor) {
      await store.setPinned(database, id, pinned);
      await writeAudit(database, actor, pinned ? 'backup.pin' : 'backup.unpin', id, null, {});
      changed();
    },
    async preview(id, clientId, all = false) {
      return await previewRestore(database, await whole(id), clientId, all);
    },
    async restore(id, { clientId, as, actor }) {
      const report = reportOf(id);
      const work = alone(options, async () => {
        const manifest = await whole(id);
        clientIn(manifest, clientId);
        const wish = { manifest, folder: pathOf(id), clientId, report, actor };
        if (as !== undefined) return { clientId: as, safety: null, rows: await restoreAs(options, wish, as) };
        const safety = await safetyOf(clientId, actor);
        return { clientId, safety, rows: await restoreInPlace(options, wish) };
      });
      await track(
        id,
        work.then(() => undefined),
      );
      return await work;
    },
    async table(id, clientId, table) {
      const csv = await alone(options, async () =>
        readTable(
          options,
          { manifest: await whole(id), folder: pathOf(id), clientId, report: () => undefined, actor: '' },
          table,
        ),
      );
      const manifest = await readManifest(pathOf(id));
      const found = manifest.schemas.find(({ name }) => name === clientId)?.tables.find(({ name }) => name === table);
      return { csv, rows: found?.rows ?? 0 };
    },
    async retention() {
      const policy = await readPolicy();
      const known = await store.listBackups(database, 10_000);
      return {
        policy,
        ...planRetention(
          known.map((each) => ({ ...each, takenAt: each.startedAt })),
          policy,
          now(),
        ),
      };
    },
    async setRetention(policy, actor) {
      await database.query(
        `INSERT INTO control.settings (key, version, value, actor)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM control.settings WHERE key = $1`,
        [SETTING, JSON.stringify(policy), actor],
      );
      return policy;
    },
    async prune(actor) {
      return await alone(options, async () => {
        const { remove } = await front.retention();
        for (const id of remove) {
          await rm(pathOf(id), { recursive: true, force: true });
          await store.forgetBackup(database, id);
          await writeAudit(database, actor, 'backup.prune', id, null, {});
        }
        changed();
        return [...remove];
      });
    },
    tidy: () => alone(options, () => tidy()),
    async health() {
      const known = await store.listBackups(database, 1_000);
      const newest = known.find(({ scope, state }) => scope === 'all' && state === 'verified');
      const hours = newest === undefined ? null : (now() - newest.startedAt.getTime()) / HOUR_MS;
      const latest = known.find(
        ({ scope, state, code }) => scope === 'all' && state !== 'running' && code !== 'backup_cancelled',
      );
      const free = await freeBytes(folder).catch(() => 0);
      const problems: string[] = [];
      if (hours === null || hours > options.promisedHours) problems.push('backup_late');
      if (latest?.code != null) problems.push(latest.code);
      if (free < options.limits.leastFree) problems.push('disk_full');
      return {
        green: problems.length === 0,
        problems,
        newestVerified: newest?.id ?? null,
        newestHours: hours,
        promisedHours: options.promisedHours,
        target: null,
        freeBytes: free,
      };
    },
    async watch() {
      const health = await front.health();
      const late = health.problems.includes('backup_late');
      if (late) {
        const hours = Math.round(health.newestHours ?? 0);
        await alarm(
          'backup late',
          new BotpoolError('backup_late', {
            hours: health.newestHours === null ? 'none' : hours,
            promised: options.promisedHours,
          }),
        );
      } else await resolveAlert(database, 'backup late');
      if (health.problems.includes('disk_full'))
        await alarm('backup disk', new BotpoolError('disk_full', { what: 'backups' }));
      else await resolveAlert(database, 'backup disk');
      return health;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closing.abort();
      while (working.size > 0) await Promise.allSettled(working);
    },
  };

  const readPolicy = async (): Promise<RetentionPolicy> => {
    const { rows } = await database.query<{ value: unknown }>(
      'SELECT value FROM control.settings WHERE key = $1 ORDER BY version DESC LIMIT 1',
      [SETTING],
    );
    return retentionPolicySchema.parse(rows[0]?.value ?? {});
  };

  /** How the client is now, whatever comes of the restore. A client without tables has nothing to save. */
  const safetyOf = async (clientId: string, actor: string): Promise<string | null> => {
    const { rows } = await database.query('SELECT FROM pg_namespace WHERE nspname = $1', [clientId]);
    if (rows.length === 0) return null;
    const request = { scope: clientId, cause: 'safety', actor } as const;
    const id = await write(request);
    await make(id, request);
    progress.delete(id);
    return id;
  };

  const tidy = async (): Promise<void> => {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(PART))) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
    const there = new Set(names.filter((name) => backupIdSchema.safeParse(name).success));
    const known = await store.listBackups(database, 10_000);
    for (const { id, state, scope } of known) {
      if (state === 'running') {
        // A folder gets its name when it is whole: whoever made it died before saying so, or the register itself was
        // restored out of this very backup, which knows of itself only that it was being made.
        const manifest = there.has(id) ? await readManifest(pathOf(id)).catch(() => undefined) : undefined;
        if (manifest !== undefined) {
          await store.setStored(database, id, factsOf(manifest));
          continue;
        }
        const error = new BotpoolError('backup_interrupted', {});
        await store.setTrouble(database, id, 'failed', error);
        await alarm(`backup ${scope}`, error);
      } else if (state !== 'failed' && !there.has(id)) {
        const error = new BotpoolError('backup_damaged', { file: id, problem: 'its folder is missing' });
        await store.setTrouble(database, id, 'suspect', error);
        await alarm(`backup ${scope}`, error);
      }
    }
    const register = new Set(known.map(({ id }) => id));
    for (const id of there) if (!register.has(id)) await adopt(id);
    await dropDebris();
    changed();
  };

  const adopt = async (id: string): Promise<void> => {
    const manifest = await readManifest(pathOf(id)).catch(() => undefined);
    if (manifest === undefined) return;
    const { scope, takenAt, recipients } = manifest;
    await store.adoptBackup(database, {
      id,
      scope,
      startedAt: takenAt,
      encrypted: recipients.length > 0,
      ...factsOf(manifest),
    });
  };

  /** Databases and schemas that a dead restore has left. */
  const dropDebris = async (): Promise<void> => {
    const wide = openWide(options, 1);
    try {
      const databases = await wide.query<{ name: string }>(
        'SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, $1)',
        [TRIAL],
      );
      for (const { name } of databases.rows)
        await wide.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      const schemas = await wide.query<{ name: string }>(
        'SELECT nspname::text AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
        [INCOMING],
      );
      for (const { name } of schemas.rows) await wide.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(name)} CASCADE`);
    } finally {
      await wide.close();
    }
  };

  await front.tidy().catch((error: unknown) => {
    // Another control plane is at work: what it does is no debris.
    if (!isBotpoolError(error) || error.code !== 'backup_busy') throw error;
  });
  return front;
}
