/** The front of backups: made, proven, restored and pruned one at a time, with what is known of each in PostgreSQL. */
import { mkdir, rm } from 'node:fs/promises';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import {
  type BackupDetails,
  type BackupView,
  type RestoreDifference,
  type RetentionPolicy,
  retentionPolicySchema,
} from '#shared/schemas/backup.ts';
import { alone } from './context.ts';
import { type BackupsOptions, openDesk } from './desk.ts';
import { type BackupHealth, health, watch } from './health.ts';
import { type BackupRequest, make, prove, writeDown } from './make.ts';
import { type Manifest, readManifest, rowsOf } from './manifest.ts';
import { atHand, bringHome, missingOffsite, ship, shipAlone, targetOf } from './offsite.ts';
import { placeOf } from './place.ts';
import { clientIn, previewRestore, readTable, restoreAs, restoreInPlace } from './restore.ts';
import { planRetention, type RetentionPlan } from './retention.ts';
import * as store from './store.ts';
import { tidy } from './tidy.ts';

export type { BackupsOptions } from './desk.ts';

type After = (id: string) => Promise<void>;
const nothing: After = async () => undefined;

/** Something that goes on after its caller was answered. */
export interface Begun {
  readonly id: string;
  /** Fails as the table of errors says; the register and the alerts tell it, too. */
  readonly done: Promise<void>;
}

/** Backups as a control plane uses them. Every failure is a `BotpoolError`. */
export interface Backups {
  list(limit: number): Promise<BackupView[]>;
  show(id: string): Promise<BackupDetails>;
  health(): Promise<BackupHealth>;
  /** Resolves with the id as soon as it has begun; `done` when it is stored and proven, or has failed. */
  begin(request: BackupRequest): Promise<Begun>;
  beginVerify(id: string, actor: string): Promise<Begun>;
  /** Copies it to the target. Fails with `target_none`. */
  beginShip(id: string, actor: string): Promise<Begun>;
  /** Brings it from the target into this control plane's folder. Fails with `target_none`. */
  beginFetch(id: string, actor: string): Promise<Begun>;
  /** What lies on the target, the newest first. Fails with `target_none`. */
  offsite(): Promise<string[]>;
  /** Copies every verified backup of this disk that is not on the target; those that were copied. */
  shipMissing(signal: AbortSignal): Promise<string[]>;
  /** Stops what is being made or proven; a restore is never stopped. Fails with `backup_idle` when nothing goes on. */
  cancel(id: string, actor: string): Promise<void>;
  pin(id: string, pinned: boolean, actor: string): Promise<void>;
  /** `all`: also tables with as many rows on both sides. */
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

const SETTING = 'backup-retention';

/** Opens backups; what an earlier life has left unfinished is told and removed. */
export async function openBackups(options: BackupsOptions): Promise<Backups> {
  const { database, folder, logger, now } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    logger.warn({ err: error, folder }, 'the folder of backups could not be made');
  });
  const closing = new AbortController();
  const desk = openDesk(options, (await placeOf(folder)) ?? 'unusable', closing.signal);
  const { pathOf, reportOf, changed } = desk;

  /** Runs `work` under the lock and resolves with the first that it tells: the lock is held until `work` has ended. */
  const beginAlone = async (work: (began: (id: string) => void) => Promise<void>, after: After = nothing) => {
    const begun = Promise.withResolvers<string>();
    const done = alone(options, () => work(begun.resolve));
    done.catch(begun.reject);
    const id = await begun.promise;
    return {
      id,
      done: desk.track(
        id,
        done.then(() => after(id)),
      ),
    };
  };

  /** A copy goes elsewhere as soon as the backup is proven; a restore need not wait for it. */
  const shipAfter =
    (signal: AbortSignal = closing.signal): After =>
    async (id) => {
      if (options.target === undefined) return;
      await shipAlone(options, () => ship(desk, id, AbortSignal.any([signal, closing.signal])));
    };

  const whole = (id: string): Promise<Manifest> => atHand(desk, id, closing.signal);

  const front: Backups = {
    list: async (limit) => (await store.listBackups(database, limit)).map(desk.viewOf),
    async show(id) {
      const record = await store.getBackup(database, id);
      const manifest = await readManifest(pathOf(id)).catch(() => undefined);
      return {
        ...desk.viewOf(record),
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
        const id = await writeDown(desk, request);
        began(id);
        await make(desk, id, request);
      }, shipAfter(request.signal)),
    beginVerify: (id, actor) =>
      beginAlone(async (began) => {
        const { state } = await store.getBackup(database, id);
        if (state === 'failed') throw new BotpoolError('backup_unknown', { id });
        await writeAudit(database, actor, 'backup.verify', id, null, {});
        began(id);
        await desk.stoppable(id, closing.signal, (signal) => prove(desk, id, signal));
      }),
    async beginShip(id, actor) {
      targetOf(desk);
      const { state } = await store.getBackup(database, id);
      if (state !== 'verified') throw new BotpoolError('backup_unproven', { id });
      await writeAudit(database, actor, 'backup.ship', id, null, {});
      const done = shipAlone(options, () => ship(desk, id, closing.signal));
      return { id, done: desk.track(id, done) };
    },
    async beginFetch(id, actor) {
      targetOf(desk);
      await writeAudit(database, actor, 'backup.fetch', id, null, {});
      const done = alone(options, async () => void (await bringHome(desk, id, closing.signal)));
      return { id, done: desk.track(id, done) };
    },
    offsite: async () => await targetOf(desk).list(),
    async shipMissing(signal) {
      if (options.target === undefined) return [];
      return await shipAlone(options, async () => {
        const missing = await missingOffsite(desk);
        for (const id of missing) {
          await desk.track(id, ship(desk, id, AbortSignal.any([signal, closing.signal])));
        }
        return missing;
      });
    },
    async cancel(id, actor) {
      await store.getBackup(database, id);
      if (!desk.isStoppable(id)) throw new BotpoolError('backup_idle', { id });
      await writeAudit(database, actor, 'backup.cancel', id, null, {});
      desk.stop(id);
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
      await desk.track(
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
        const removed: string[] = [];
        for (const id of remove) {
          const { place, offsite } = await store.getBackup(database, id);
          // What lies on another disk is for whoever can reach it, and what is on its way is not pulled away.
          if ((place !== desk.place && place !== '') || desk.isAtWork(id)) continue;
          if (options.target !== undefined && offsite !== 'none') await options.target.remove(id);
          await rm(pathOf(id), { recursive: true, force: true });
          await store.forgetBackup(database, id);
          await writeAudit(database, actor, 'backup.prune', id, null, {});
          removed.push(id);
        }
        changed();
        return removed;
      });
    },
    tidy: () => alone(options, () => tidy(desk)),
    health: () => health(desk),
    watch: () => watch(desk),
    onChange: desk.onChange,
    async close() {
      closing.abort();
      await desk.settled();
      options.target?.close();
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
    const id = await writeDown(desk, request);
    await desk.track(id, make(desk, id, request));
    return id;
  };

  await front.tidy().catch((error: unknown) => {
    // Another control plane is at work: what it does is no debris.
    if (!isBotpoolError(error) || error.code !== 'backup_busy') throw error;
  });
  return front;
}
