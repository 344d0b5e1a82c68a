/** Owns how the owner writes a text of their own: facts in braces, everything else letter by letter. Pure. */

/** What was wrong: a fact that this text does not know, or a brace that belongs to none. */
export interface OwnTextProblem {
  readonly problem: 'fact' | 'brace' | 'long' | 'empty';
  readonly at: string;
}

const MOST_CHARACTERS = 2_000;
const FACT = /\{\s*\$?\s*([\p{L}_]+)\s*\}/gu;

/** Makes the catalogue's notation of what was written, or says what is wrong. `facts`: the names that may stand in braces. */
export function readOwnText(written: string, facts: readonly string[]): string | OwnTextProblem {
  const text = written.toWellFormed().replaceAll('\0', '').replaceAll('\r', '').trim();
  if (text === '') return { problem: 'empty', at: '' };
  if ([...text].length > MOST_CHARACTERS) return { problem: 'long', at: String(MOST_CHARACTERS) };
  const names = [...text.matchAll(FACT)].map(([, name = '']) => name);
  const unknown = names.find((name) => !facts.includes(name));
  if (unknown !== undefined) return { problem: 'fact', at: unknown };
  const stray = /[{}]/u.exec(text.replaceAll(FACT, ''));
  if (stray !== null) return { problem: 'brace', at: stray[0] };
  return text
    .replaceAll(FACT, '{ $$$1 }')
    .split('\n')
    .map((line) => line.trim().replace(/^([.*[])/u, '{ "$1" }'))
    .map((line) => (line === '' ? '{ "" }' : line))
    .join('\n');
}

/** True for a text that could not be read. */
export function isOwnTextProblem(result: string | OwnTextProblem): result is OwnTextProblem {
  return typeof result !== 'string';
}

/** What was written, out of the catalogue's notation. */
export function showOwnText(stored: string): string {
  return stored.replaceAll(/\{ "([.*[]?)" \}/gu, '$1').replaceAll(/\{ \$(\w+) \}/gu, '{$1}');
}
