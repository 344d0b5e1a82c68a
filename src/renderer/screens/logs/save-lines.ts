/** Saves lines to a file on the operator's machine. */
import { saveFile } from '../../components/save-file.ts';
import type { KeptLine } from '../../stores/log-buffer.ts';

/** One line of the file for each line, with its time and its container. */
export function saveLines(lines: readonly KeptLine[]): void {
  const text = lines.map(({ at, container, text: line }) => `${new Date(at).toISOString()} ${container} ${line}\n`);
  saveFile(`botpool-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.log`, 'text/plain', text);
}
