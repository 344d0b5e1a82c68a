/** Masks what is secret in plain data, by the names of its fields: pure. */

const SECRET_NAME = /token|secret|password|passphrase|credential|private_?key|api_?key|ticket|sealed|cookie/i;
/** Names that only sound like secrets. */
const HARMLESS = /(_id|Id|_at|At|fingerprint|Fingerprint|[cC]ount|scope|Scope)$/;
/** What stands for a secret. */
export const MASK = '[hidden]';
const MAX_TEXT = 500;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;

/** True when a field or variable of this name holds something that nobody may see. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS.test(name);
}

/** The same data without secrets, in a bounded size: what a record may keep. */
export function maskSecrets(value: unknown, scrub: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one) => maskSecrets(one, scrub, depth + 1));
  const masked = Object.entries(value).map(([name, one]): [string, unknown] => [
    name,
    isSecretName(name) && one !== null && one !== undefined ? MASK : maskSecrets(one, scrub, depth + 1),
  ]);
  return Object.fromEntries(masked);
}
