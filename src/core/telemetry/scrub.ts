/** Takes secrets out of finished text, whatever path they came by: the last gate before a log, an answer or a screen. */

const HIDDEN = '[hidden]';

/** What a secret looks like in a line of text. Order matters: the more specific first. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Telegram bot tokens: whole, and percent-encoded as in a proxy's log.
  [/(?<!\d)(\d{1,16})(:|%3A)[A-Za-z0-9_-]{24,}/gi, `$1$2${HIDDEN}`],
  // Passwords in connection addresses.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@/"]+@/gi, `$1:${HIDDEN}@`],
  // Authorization headers, in text and in JSON.
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, `$1 ${HIDDEN}`],
  // Fields whose name says what they are, as JSON, also escaped inside a string, and as name=value.
  [
    /(\\*"(?:[a-z_]*(?:password|passwd|secret|token|api_?key|private_?key|credentials)|sealed)\\*"\s*:\s*\\*")(?:[^"\\]|\\[^"])+/gi,
    `$1${HIDDEN}`,
  ],
  [/\b((?:[a-z_]*(?:password|secret|token|ticket|api_?key))=)[^\s&"',;]+/gi, `$1${HIDDEN}`],
  // Tokens of our own API.
  [/\bbp_[A-Za-z0-9_-]{20,}/g, `bp_${HIDDEN}`],
  // SCRAM verifiers and payment keys.
  [/SCRAM-SHA-256\$[^\s"']+/g, HIDDEN],
  [/\b(?:live|test)_[A-Za-z0-9_-]{20,}/g, HIDDEN],
];

/** The same text without anything that looks like a secret. */
export function scrubText(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
