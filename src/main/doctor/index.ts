/** The front of the check-list: looks, judges, says it in the wanted language, and mends what needs no person. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECK_IDS, type Check, type CheckId } from '#shared/api/checks.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { translate } from '#shared/texts/translate.ts';
import { type Findings, RULES } from './judge.ts';
import { type DoctorOptions, environmentFile, listOpenFiles, look } from './look.ts';

/** See the file. */
export interface Doctor {
  run(locale: Locale): Promise<readonly Check[]>;
  /** Mends one and looks again. Fails with `unsupported` when it needs a person. */
  fix(id: CheckId, locale: Locale): Promise<Check>;
}

/** Opens the check-list of one installation. */
export function createDoctor(options: DoctorOptions): Doctor {
  const fixes: Partial<Record<CheckId, () => Promise<void>>> = {
    'secret-files': async () => {
      for (const file of await listOpenFiles(options.home)) await chmod(join(options.home, file), 0o600);
    },
    'home-folder': () => chmod(options.home, 0o700),
    'environment-file': () => chmod(environmentFile(options.projectFolder), 0o600),
  };
  const tell = (id: CheckId, findings: Findings, locale: Locale): Check => {
    const { state, found, facts } = RULES[id](findings);
    return {
      id,
      state,
      title: translate(`check-${id}`, {}, locale),
      found: translate(found, facts ?? {}, locale),
      why: translate(`check-${id}-why`, {}, locale),
      fix: translate(`check-${id}-fix`, {}, locale),
      fixable: state !== 'ok' && fixes[id] !== undefined,
    };
  };
  return {
    async run(locale) {
      const findings = await look(options);
      return CHECK_IDS.map((id) => tell(id, findings, locale));
    },
    async fix(id, locale) {
      const mend = fixes[id];
      if (mend === undefined) throw new BotpoolError('unsupported', { what: id, engine: 'doctor --fix' });
      await mend();
      return tell(id, await look(options), locale);
    },
  };
}
