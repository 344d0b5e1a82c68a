/** What the three markup parsers share: the text being built, the entities found so far, and the error they raise. */
import { ApiError } from '../api-error.ts';
import type { Entity } from '../types.ts';

/** A text without its markup. Offsets in UTF-16 units. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** The 400 for a text whose markup is wrong. The reason keeps its capital, as in the real answers. */
export function markupError(reason: string): ApiError {
  return new ApiError(400, `Bad Request: can't parse entities: ${reason}`);
}

/** Bytes of UTF-8 before a place in a text: errors name byte offsets. */
export function byteOffset(source: string, index: number): number {
  return Buffer.byteLength(source.slice(0, index));
}

/** The entity for a link in markup: a mention of a user for `tg://user?id=`, a custom emoji, or a plain link. */
export function linkEntity(url: string, offset: number, length: number): Entity | undefined {
  const userId = /^tg:\/\/user\/?\?id=(\d+)$/i.exec(url)?.[1];
  if (userId !== undefined) {
    return { type: 'text_mention', offset, length, user: { id: Number(userId), is_bot: false, first_name: '' } };
  }
  const emojiId = /^tg:\/\/emoji\/?\?id=(\d+)$/i.exec(url)?.[1];
  if (emojiId !== undefined) return { type: 'custom_emoji', offset, length, custom_emoji_id: emojiId };
  const normal = normalLink(url);
  return normal === undefined ? undefined : { type: 'text_link', offset, length, url: normal };
}

function normalLink(url: string): string | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  return URL.canParse(withScheme) && /^(https?|tg|ton|tonsite|mailto|tel):/i.test(withScheme)
    ? new URL(withScheme).href
    : undefined;
}

/** Entities in the order the API gives them: by place, longer first. */
export function inOrder(entities: readonly Entity[]): Entity[] {
  return [...entities].sort((left, right) => left.offset - right.offset || right.length - left.length);
}
