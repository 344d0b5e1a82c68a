/** Where the program keeps its own things: pure. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The installation that the window is for, and the folder of the program's own data beside those of other programs. */
export interface Places {
  readonly home: string;
  readonly userData: string;
}

/**
 * Whoever names an installation gets a program of its own for it, so that two installations can have a window each, and
 * neither knows the other's secrets.
 */
export function placesOf(named: string | undefined, personHome: string, appData: string): Places {
  if (named === undefined || named === '') {
    return { home: join(personHome, '.botpool'), userData: join(appData, 'Botpool') };
  }
  const home = resolve(named);
  const mark = createHash('sha256').update(home).digest('hex').slice(0, 8);
  return { home, userData: join(appData, `Botpool-${mark}`) };
}
