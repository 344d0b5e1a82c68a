/** What Compose writes, understood: steps of its progress, and reasons of its failures. Pure. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { isSecretName, MASK } from '#shared/util/mask.ts';

/** One step that Compose has told. */
export interface ComposeStep {
  readonly kind: 'Container' | 'Network' | 'Volume';
  readonly name: string;
  /** Compose's own word, such as `Created`, `Started`, `Healthy`, `Removed`. */
  readonly state: string;
}

const STEP = /^\s*(Container|Network|Volume) (?:"?)([\w.-]+)(?:"?)\s+([A-Z][a-z]+)\s*$/;

/** Undefined when the line tells of something else. */
export function parseStep(line: string): ComposeStep | undefined {
  const [, kind, name, state] = STEP.exec(line) ?? [];
  if (name === undefined || state === undefined) return undefined;
  if (kind !== 'Container' && kind !== 'Network' && kind !== 'Volume') return undefined;
  return { kind, name, state };
}

/** The failure behind Compose's last lines, as an error of the table. */
export function explainCompose(action: string, lines: readonly string[]): BotpoolError {
  const words = lines.map((line) => line.trim()).filter((line) => line !== '' && parseStep(line) === undefined);
  const detail = words.slice(-4).join(' | ') || 'it did not say why';
  const all = words.join('\n');
  const [, taken] = /container name "\/?([\w.-]+)" is already in use/i.exec(all) ?? [];
  if (taken !== undefined) return new BotpoolError('container_foreign', { name: taken });
  const [, missing] = /No such image: (\S+)|pull access denied for ([^ ,]+)/i.exec(all) ?? [];
  if (missing !== undefined) return new BotpoolError('image_missing', { image: missing });
  if (/no space left on device/i.test(all)) return new BotpoolError('engine_full', { action, detail });
  if (/cannot connect to the docker daemon/i.test(all))
    return new BotpoolError('engine_unreachable', { tried: detail });
  return new BotpoolError('engine_failed', { action, detail });
}

/** True when a port was taken between the moment it was looked at and the moment it was used. */
export function isPortTaken(error: unknown): boolean {
  const detail = error instanceof BotpoolError && 'detail' in error.data ? String(error.data['detail']) : '';
  return /port is already allocated|address already in use|ports are not available/i.test(detail);
}

/** The same YAML with the values of whatever is named like a secret masked; files that hold secrets are only named. */
export function maskConfiguration(yaml: string): string {
  return yaml.replaceAll(
    /^(\s*(?:- )?)([A-Za-z0-9_]+)(: |=)(.+)$/gm,
    (line, indent: string, name: string, sign: string) =>
      isSecretName(name) && !name.endsWith('_FILE') ? `${indent}${name}${sign}${MASK}` : line,
  );
}
