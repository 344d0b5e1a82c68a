/** A sandbox chat as text: who says what, and the buttons below it. Pure. */
import type { ChatMessage, ChatView } from '#shared/schemas/sandbox.ts';

/** One message with its buttons, as lines. */
export function drawMessage(message: ChatMessage, names: { readonly bot: string; readonly person: string }): string {
  const who = message.from === 'bot' ? names.bot : names.person;
  const text = message.text === '' ? `(${contentOf(message)})` : message.text;
  const indent = text.replaceAll('\n', `\n${' '.repeat([...who].length + 2)}`);
  return [`${who}: ${indent}`, ...message.buttons.map((row) => `    ${drawRow(row)}`)].join('\n');
}

/** The keyboard that stands instead of the letters, if there is one. */
export function drawReplyKeyboard(chat: ChatView): string | undefined {
  if (chat.replyKeyboard === undefined || chat.replyKeyboard.length === 0) return undefined;
  return chat.replyKeyboard.map((row) => `  ${drawRow(row)}`).join('\n');
}

function drawRow(row: readonly { readonly text: string; readonly url?: string | undefined }[]): string {
  return row.map(({ text, url }) => (url === undefined ? `[ ${text} ]` : `[ ${text} → ${url} ]`)).join(' ');
}

const CONTENTS = ['photo', 'voice', 'audio', 'video', 'document', 'sticker', 'contact', 'location', 'invoice'] as const;

function contentOf(message: ChatMessage): string {
  return CONTENTS.find((name) => name in message.raw) ?? 'no text';
}
