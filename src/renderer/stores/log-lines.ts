/** How a container's line is read: its level, and the sentence in it. Pure. */

/** Levels, from the quietest to the loudest. Lines that name none are `info`, or `warn` when written to stderr. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** See {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** Words that the programs of the stack mark a line with; found without reading the whole line. */
const MARKS: readonly (readonly [RegExp, Level])[] = [
  [/"level":"(?:error|fatal)"|\b(?:ERROR|FATAL|PANIC)\b/, 'error'],
  [/"level":"warn"|\b(?:WARNING|WARN)\b/, 'warn'],
  [/"level":"(?:debug|trace)"|\bDEBUG\d?\b/, 'debug'],
];

/** The level of a line; only its beginning is looked at. */
export function levelOf(text: string, stream: 'stdout' | 'stderr'): Level {
  const head = text.length > 400 ? text.slice(0, 400) : text;
  for (const [mark, level] of MARKS) if (mark.test(head)) return level;
  return stream === 'stderr' && !head.includes('"level"') && !/\bLOG:/.test(head) ? 'warn' : 'info';
}

/** What a line says: of JSON, its message with its facts behind it; anything else as it is. */
export function sentenceOf(text: string): { readonly message: string; readonly facts: string } {
  if (!text.startsWith('{')) return { message: text, facts: '' };
  try {
    const {
      msg,
      level: _level,
      time: _time,
      name: _name,
      pid: _pid,
      hostname: _host,
      ...rest
    } = JSON.parse(text) as Record<string, unknown>;
    if (typeof msg !== 'string') return { message: text, facts: '' };
    const facts = Object.entries(rest).map(
      ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
    );
    return { message: msg, facts: facts.join(' ') };
  } catch {
    return { message: text, facts: '' };
  }
}
