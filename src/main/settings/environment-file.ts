/** The text of `.env`: reads and changes variables, and leaves everything else as a person wrote it. Pure. */
import { createHash } from 'node:crypto';
import { parseEnv } from 'node:util';

/** What a variable is for, as `.env.example` says it. */
export interface VariableNote {
  readonly description: string;
  readonly example: string;
}

/** What tells one content from another. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The variables of a file. */
export function readVariables(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parseEnv(text)).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );
}

/** The text with these changes; null takes a variable out. A new one stands at the end. */
export function changeVariables(text: string, changes: Readonly<Record<string, string | null>>): string {
  let result = text;
  for (const [name, value] of Object.entries(changes)) {
    const line = value === null ? '' : `${name}=${quote(value)}\n`;
    // A quoted value may run over several lines.
    const assignment = new RegExp(
      `^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(?:"[^"]*"|'[^']*'|\`[^\`]*\`|[^\\n]*?)[ \\t]*(?:#[^\\n]*)?(?:\\n|$)`,
      'gm',
    );
    const found = result.match(assignment);
    if (found === null) {
      const start = result === '' || result.endsWith('\n') ? result : `${result}\n`;
      result = start + line;
      continue;
    }
    let seen = 0;
    // The last one counts, so it is the one that is changed; earlier ones would only mislead.
    result = result.replace(assignment, () => {
      seen += 1;
      return seen === found.length ? line : '';
    });
  }
  return result;
}

/** As `.env` files quote: by the mark that the value does not contain. Within " a written \\n would become a line's end. */
function quote(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  const marks = value.includes('\\n') ? ["'", '`'] : ['"', "'", '`'];
  const mark = marks.find((one) => !value.includes(one));
  if (mark === undefined) throw new RangeError('it contains all kinds of quotation marks');
  return `${mark}${value}${mark}`;
}

/** What `.env.example` says of each variable: the comment above it, and the value there. */
export function readNotes(example: string): ReadonlyMap<string, VariableNote> {
  const notes = new Map<string, VariableNote>();
  let comment: string[] = [];
  for (const line of example.split('\n')) {
    const variable = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (variable !== null) {
      notes.set(variable[1] ?? '', { description: comment.join(' '), example: variable[2] ?? '' });
      // One comment may stand above several variables.
      continue;
    }
    const text = /^# (?!---)(.*)$/.exec(line)?.[1];
    comment = text === undefined ? [] : [...(previousIsVariable(example, line) ? [] : comment), text];
  }
  return notes;
}

/** A comment that follows a variable begins a new thought. */
function previousIsVariable(example: string, line: string): boolean {
  const lines = example.split('\n');
  const at = lines.indexOf(line);
  return /^#?[A-Z][A-Z0-9_]*=/.test(lines[at - 1] ?? '');
}
