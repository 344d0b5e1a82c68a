/** Holds what is known to what is there: takes folders in, tells missing ones, removes what the dead have left. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { backupIdSchema } from '#shared/schemas/backup.ts';
import { openWide } from './context.ts';
import { factsOf, PART } from './create.ts';
import type { Desk } from './desk.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { INCOMING, resumeLeft } from './restore.ts';
import { dropRestorers, ownPrefix } from './restorer.ts';
import * as store from './store.ts';

/** Nothing else may be done with backups meanwhile. Backups on the disks of others are left to them. */
export async function tidy(desk: Desk): Promise<void> {
  const { folder, database } = desk.options;
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(PART))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  const there = new Set(names.filter((name) => backupIdSchema.safeParse(name).success));
  const known = await store.listBackups(database, 10_000);
  for (const record of known) await holdTo(desk, record, there);
  const register = new Set(known.map(({ id }) => id));
  for (const id of there) if (!register.has(id)) await adopt(desk, id);
  await dropDebris(desk);
  await resumeLeft(desk.options);
  desk.changed();
}

async function holdTo(desk: Desk, record: store.BackupRecord, there: ReadonlySet<string>): Promise<void> {
  const { id, state, scope, place } = record;
  const { database } = desk.options;
  const isHere = there.has(id);
  if (isHere && place !== desk.place) await store.setPlace(database, id, desk.place);
  // Whoever copied it has died: it is done again.
  if (record.offsite === 'pending')
    await store.setOffsite(database, id, 'failed', new BotpoolError('backup_interrupted', {}));
  const wasCutOff = state === 'running' || (state === 'failed' && record.code === 'backup_interrupted');
  if (wasCutOff) {
    // A folder gets its name when it is whole: whoever made it died before saying so, or the register itself was
    // restored out of this very backup, which knows of itself only that it was being made.
    const manifest = isHere ? await manifestOf(desk, id) : undefined;
    if (manifest !== undefined) return await store.setStored(database, id, factsOf(manifest));
    if (state === 'failed') return;
    const error = new BotpoolError('backup_interrupted', {});
    await store.setTrouble(database, id, 'failed', error);
    await desk.alarm(`backup ${scope}`, error);
  } else if (state !== 'failed' && !isHere && place === desk.place) {
    const error = new BotpoolError('backup_damaged', { file: id, problem: 'its folder is missing' });
    await store.setTrouble(database, id, 'suspect', error);
    await desk.alarm(`backup ${scope}`, error);
  }
}

async function manifestOf(desk: Desk, id: string): Promise<Manifest | undefined> {
  return await readManifest(desk.pathOf(id)).catch(() => undefined);
}

async function adopt(desk: Desk, id: string): Promise<void> {
  const manifest = await manifestOf(desk, id);
  if (manifest === undefined) return;
  const { scope, takenAt, recipients } = manifest;
  await store.adoptBackup(desk.options.database, {
    ...{ id, scope, place: desk.place, startedAt: takenAt, encrypted: recipients.length > 0, ...factsOf(manifest) },
  });
}

/** Databases, schemas and logins that a dead restore has left. */
async function dropDebris({ options }: Desk): Promise<void> {
  const wide = openWide(options, 1);
  try {
    const databases = await wide.query<{ name: string }>(
      'SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, $1)',
      [ownPrefix('trial', options.server.database)],
    );
    for (const { name } of databases.rows)
      await wide.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    const schemas = await wide.query<{ name: string }>(
      'SELECT nspname::text AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
      [INCOMING],
    );
    for (const { name } of schemas.rows) await wide.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(name)} CASCADE`);
    await dropRestorers(wide, options.server.database);
  } finally {
    await wide.close();
  }
}
