/** The front of settings: the variables of `.env` with their history in PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Author } from '#core/access/users.ts';
import type { Database } from '#core/postgres/database.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import type { EnvironmentView } from '#shared/api/settings.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { isSecretName, MASK } from '#shared/util/mask.ts';
import { changeVariables, readNotes, readVariables, versionOf } from './environment-file.ts';

/** What settings need. */
export interface SettingsOptions {
  readonly database: Database;
  /** The folder of `.env`. */
  readonly projectFolder: string;
  /** Every variable that there is. */
  readonly names: readonly string[];
  /** Fails with `config_invalid` when these variables could not be started with. */
  readonly check: (variables: Readonly<Record<string, string>>) => void;
  /** What the host was started with. */
  readonly processEnvironment: Readonly<Record<string, string | undefined>>;
}

/** One change of the past, secrets masked. */
export interface SettingsChange {
  readonly version: number;
  readonly at: Date;
  readonly actor: string;
  readonly changes: Readonly<Record<string, string | null>>;
}

/** See the file. */
export interface Settings {
  environment(): Promise<EnvironmentView>;
  /** Fails with `settings_changed` and `config_invalid`; then nothing is written. */
  save(version: string, changes: Readonly<Record<string, string | null>>, author: Author): Promise<EnvironmentView>;
  history(): Promise<readonly SettingsChange[]>;
}

const KEY = 'environment';

/** Opens the settings. What `.env` says now is what the running host knows. */
export async function openSettings(options: SettingsOptions): Promise<Settings> {
  const { database, projectFolder, names } = options;
  const file = join(projectFolder, '.env');
  const read = (): Promise<string> => readOrEmpty(file);
  const notes = readNotes(await readOrEmpty(join(projectFolder, '.env.example')));
  const startedWith = versionOf(await read());

  const view = (text: string): EnvironmentView => {
    const inFile = readVariables(text);
    const all = [...new Set([...names, ...Object.keys(inFile)])];
    return {
      version: versionOf(text),
      restartNeeded: versionOf(text) !== startedWith,
      variables: all.map((name) => {
        const secret = isSecretName(name);
        const inProcess = options.processEnvironment[name];
        return {
          name,
          secret,
          value: secret ? null : (inFile[name] ?? null),
          source: inProcess !== undefined && inProcess !== '' ? 'environment' : name in inFile ? 'file' : 'default',
          description: notes.get(name)?.description ?? '',
          example: secret ? '' : (notes.get(name)?.example ?? ''),
        };
      }),
    };
  };

  return {
    environment: async () => view(await read()),
    async save(version, changes, author) {
      // Two operators at once: the row lock makes one wait, and then its version is an old one.
      return await database.transaction(async (tx) => {
        await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('settings environment', 1))");
        const before = await read();
        if (versionOf(before) !== version) throw new BotpoolError('settings_changed', {});
        const after = changed(before, changes);
        options.check(readVariables(after));
        const masked = maskedOf(changes);
        const { rows } = await tx.query(
          `INSERT INTO control.settings (key, version, value, actor)
           SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM control.settings WHERE key = $1 RETURNING version`,
          [KEY, JSON.stringify(masked), author.actor],
        );
        const old = readVariables(before);
        const known = maskedOf(Object.fromEntries(Object.keys(changes).map((name) => [name, old[name] ?? null])));
        const facts = { ...masked, version: rows[0]?.['version'] };
        await writeAudit(tx, author.actor, 'settings.environment', KEY, known, facts, author.source);
        await replace(file, after);
        return view(after);
      });
    },
    async history() {
      const { rows } = await database.query(
        'SELECT version, value, at, actor FROM control.settings WHERE key = $1 ORDER BY version DESC LIMIT 100',
        [KEY],
      );
      return rows.map((row) => changeSchema.parse({ ...row, changes: row['value'] }));
    },
  };
}

const changeSchema = z.object({
  version: z.number(),
  at: z.date(),
  actor: z.string(),
  changes: z.record(z.string(), z.string().nullable()),
});

function changed(text: string, changes: Readonly<Record<string, string | null>>): string {
  try {
    return changeVariables(text, changes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new BotpoolError('config_invalid', { problems: cause.message }, { cause });
  }
}

function maskedOf(changes: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const entries = Object.entries(changes);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value !== null && isSecretName(name) ? MASK : value]),
  );
}

async function readOrEmpty(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** Whole or not at all, and for its owner alone: secrets stand in it. */
async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(draft, text, { mode: 0o600, flush: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
