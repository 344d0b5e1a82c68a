/** Text in columns, for terminals and pipes alike. Pure. */

/** Characters as a terminal counts them, near enough: an emoji with its modifiers is one. */
function widthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}

/** Rows under a head, columns two blanks apart; no blanks at the ends of lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_name, column) => Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return cell + ' '.repeat(width - widthOf(cell));
      })
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** A bar that is as full as the share says, from 0 to 1. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
