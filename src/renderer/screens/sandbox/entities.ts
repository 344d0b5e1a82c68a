/** Telegram's formatting as pieces of text that a page can draw. Pure. */

/** What a message's `entities` say; offsets count UTF-16 units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

/** Consecutive text with everything that holds for it. `href` only for addresses that a browser may open. */
export interface Piece {
  readonly text: string;
  readonly marks: readonly string[];
  readonly href?: string;
}

/** The entities of a message; what is not understood is left out. */
export function entitiesOf(raw: Readonly<Record<string, unknown>>): readonly Entity[] {
  const list = raw['entities'] ?? raw['caption_entities'];
  if (!Array.isArray(list)) return [];
  return list.filter(
    (one: unknown): one is Entity =>
      typeof one === 'object' &&
      one !== null &&
      'type' in one &&
      typeof one.type === 'string' &&
      'offset' in one &&
      typeof one.offset === 'number' &&
      'length' in one &&
      typeof one.length === 'number',
  );
}

/** The text cut wherever something begins or ends. */
export function piecesOf(text: string, entities: readonly Entity[]): readonly Piece[] {
  const cuts = new Set([0, text.length]);
  for (const { offset, length } of entities) {
    cuts.add(Math.min(text.length, Math.max(0, offset)));
    cuts.add(Math.min(text.length, Math.max(0, offset + length)));
  }
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const over = entities.filter(({ offset, length }) => offset <= start && offset + length >= end);
    const part = text.slice(start, end);
    const link = over.find(({ type }) => type === 'text_link' || type === 'url');
    const href = link === undefined ? undefined : safeUrl(link.url ?? part);
    return { text: part, marks: over.map(({ type }) => type), ...(href === undefined ? {} : { href }) };
  });
}

/** Only what a browser opens without running anything. */
export function safeUrl(url: string): string | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
  return URL.canParse(whole) && /^https?:$/.test(new URL(whole).protocol) ? whole : undefined;
}
