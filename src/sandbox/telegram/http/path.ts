/** Takes the path of a Bot API request apart. */

/** What a path asks for. */
export type TelegramPath =
  | { readonly kind: 'call'; readonly token: string; readonly method: string }
  | { readonly kind: 'file'; readonly token: string; readonly path: string }
  | { readonly kind: 'other' };

const OTHER: TelegramPath = { kind: 'other' };

/** Reads `/bot<TOKEN>/<METHOD>`, `/bot<TOKEN>/test/<METHOD>` and `/file/bot<TOKEN>/<path>`; method in small letters. */
export function readPath(path: string): TelegramPath {
  if (path.startsWith('/file/bot')) {
    const { token, rest } = splitToken(path.slice('/file/bot'.length));
    return { kind: 'file', token, path: decode(rest.replace(/^test\//, '')) };
  }
  if (!path.startsWith('/bot')) return OTHER;
  const { token, rest } = splitToken(path.slice('/bot'.length));
  const method = rest.startsWith('test/') ? rest.slice('test/'.length) : rest;
  return { kind: 'call', token, method: method.toLowerCase() };
}

function splitToken(text: string): { readonly token: string; readonly rest: string } {
  const slash = text.indexOf('/');
  return slash < 0
    ? { token: decode(text), rest: '' }
    : { token: decode(text.slice(0, slash)), rest: text.slice(slash + 1) };
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
