/** Owns Telegram's HTML: escaping what people typed, and keeping within the length of a message. */

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The longest message that Telegram takes; some letters stay free for its own counting. */
const MAX_LENGTH = 4_000;

/** Text as Telegram's HTML shows it letter by letter. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
}

/** Cut after a whole line where it would be too long for one message. Tags here never span lines that can be cut. */
export function clipMessage(html: string): string {
  if (html.length <= MAX_LENGTH) return html;
  const end = html.lastIndexOf('\n', MAX_LENGTH);
  return `${html.slice(0, end > 0 ? end : 0)}\n…`;
}
