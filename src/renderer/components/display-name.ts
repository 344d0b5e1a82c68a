/** Makes a stranger's text safe to stand in a line. Pure. */

/** ANSI colour codes and the like. */
const ESCAPES = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-9;?]*[A-Za-z]|\\][^${String.fromCharCode(7)}]*${String.fromCharCode(7)}?)`,
  'g',
);
/** Marks that turn the direction of the text around them. */
const DIRECTION = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Without escapes, control characters and direction marks; cut after `max` characters. */
export function displayName(text: string, max: number): string {
  // A very long text is cut first: nobody pays for what is not shown.
  const clean = text
    .slice(0, max * 4 + 64)
    .replace(ESCAPES, '')
    .replace(DIRECTION, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const characters = [...clean];
  return characters.length > max ? `${characters.slice(0, max).join('')}…` : clean;
}

/** A line of a log: as it is, without escapes and control characters; direction marks show as a dot. */
export function displayLine(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(DIRECTION, '·')
    .replace(/[\p{Cc}]/gu, (mark) => (mark === '\t' ? '  ' : '·'));
}
