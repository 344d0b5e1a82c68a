/** Saves lines to a file on the operator's machine. */
import type { KeptLine } from '../../stores/log-buffer.ts';

/** One line of the file for each line, with its time and its container. */
export function saveLines(lines: readonly KeptLine[]): void {
  const text = lines.map(({ at, container, text: line }) => `${new Date(at).toISOString()} ${container} ${line}\n`);
  const url = URL.createObjectURL(new Blob(text, { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `botpool-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.log`;
  link.click();
  URL.revokeObjectURL(url);
}
