/** Finds the installation's folder and the language, before anything else is known. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { LOCALES, type Locale } from '#shared/schemas/tenant.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder said by option, by `BOTPOOL_HOME`, by `.env`, or the project's own `.botpool`. Empty means not said. */
export function findHome(option: string | undefined, env: Environment, projectFolder: string): string {
  const file = join(projectFolder, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8'))['BOTPOOL_HOME'] : undefined;
  return resolve(option || env['BOTPOOL_HOME'] || fromFile || join(projectFolder, '.botpool'));
}

/** The language said by option, else Russian where the environment's locale is Russian, else English. */
export function findLocale(option: string | undefined, env: Environment): Locale {
  const chosen = LOCALES.find((locale) => locale === option);
  if (chosen !== undefined) return chosen;
  const environment = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return environment.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}
