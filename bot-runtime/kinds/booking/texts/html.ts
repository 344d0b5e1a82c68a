/** Owns Telegram's HTML: escaping what people typed, and telling whether an owner's own text may be sent as markup. */

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const TAG = /<(\/?)(b|i|u|s|code|pre|blockquote)>/g;
const STRAY = /[<>]|&(?!(?:lt|gt|amp|quot);)/;

/** The longest message that Telegram takes; one letter less than a thousand stays free for its own counting. */
const MAX_LENGTH = 4_000;

/** Text as Telegram's HTML shows it letter by letter. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
}

/** True when Telegram will take this as HTML: known tags only, closed in the order they were opened. */
export function isTelegramHtml(text: string): boolean {
  const open: string[] = [];
  for (const [, slash, tag] of text.matchAll(TAG)) {
    if (slash === '') {
      open.push(tag ?? '');
    } else if (open.pop() !== tag) {
      return false;
    }
  }
  return open.length === 0 && !STRAY.test(text.replaceAll(TAG, ''));
}

/** Cut after a whole line where it would be too long for one message. Tags here never span lines that can be cut. */
export function clipMessage(html: string): string {
  if (html.length <= MAX_LENGTH) {
    return html;
  }
  const end = html.lastIndexOf('\n', MAX_LENGTH);
  return `${html.slice(0, end > 0 ? end : 0)}\n…`;
}
