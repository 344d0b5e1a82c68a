/** Control routes about one chat: everything a person does on their phone, and what they see. */
import {
  blockSchema,
  editOwnSchema,
  payInvoiceSchema,
  pressSchema,
  readChatSchema,
  replyButtonSchema,
  saySchema,
  sendFileSchema,
  startSchema,
  waitForSchema,
} from '#shared/schemas/sandbox.ts';
import { activeChat, chatFor } from '../telegram/acts/find.ts';
import { setBlocked } from '../telegram/acts/membership.ts';
import { payInvoice, press } from '../telegram/acts/press.ts';
import { editOwn, pressReplyButton, pressStart, say, sendFile } from '../telegram/acts/speak.ts';
import { wordsOf } from '../telegram/dialogs.ts';
import type { FileKind } from '../telegram/files.ts';
import type { PersonChat } from '../telegram/person-post.ts';
import type { World } from '../telegram/world.ts';
import { type ControlRequest, type ControlRoutes, check, idIn } from './router.ts';
import { chatView, messageView } from './views.ts';

const CHAT = '/control/chats/:bot/:person';

async function waitFor(world: World, chat: PersonChat, request: ControlRequest): Promise<unknown> {
  const { text, since = chat.dialog.personRevision, timeoutMs } = check(waitForSchema, request.query);
  const wanted = {
    since,
    timeoutMs,
    matches: (entry: { message: Parameters<typeof wordsOf>[0] }) =>
      text === undefined || wordsOf(entry.message).includes(text),
  };
  const found = await world.dialogs.waitFor(chat.dialog, wanted, (cancel) => request.onGone(cancel));
  return { message: found ? messageView(found) : null };
}

function pressButton(world: World, chat: PersonChat, body: unknown): unknown {
  const made = pressReplyButton(world, chat, check(replyButtonSchema, body).text);
  return typeof made === 'string' ? { message: null, managedBot: made } : { message: messageView(made) };
}

/** Routes about chats. */
export function chatRoutes(world: World): ControlRoutes {
  const any = (request: ControlRequest) => chatFor(world, request.path['bot'] ?? '', idIn(request, 'person'));
  const active = (request: ControlRequest) => activeChat(world, request.path['bot'] ?? '', idIn(request, 'person'));
  const file = (kind: FileKind) => (request: ControlRequest) =>
    messageView(sendFile(world, active(request), kind, check(sendFileSchema, request.body)));
  return {
    [`GET ${CHAT}`]: (request) => {
      const { sinceId, limit } = check(readChatSchema, request.query);
      return chatView(world, any(request), sinceId, limit);
    },
    [`GET ${CHAT}/wait`]: (request) => waitFor(world, any(request), request),
    [`POST ${CHAT}/start`]: (request) => {
      const { payload } = check(startSchema, request.body);
      setBlocked(world, any(request), false);
      return messageView(pressStart(world, active(request), payload));
    },
    [`POST ${CHAT}/say`]: (request) => {
      const { text, replyTo } = check(saySchema, request.body);
      return messageView(say(world, active(request), text, replyTo));
    },
    [`POST ${CHAT}/edit`]: (request) => {
      const { messageId, text } = check(editOwnSchema, request.body);
      return messageView(editOwn(world, active(request), messageId, text));
    },
    [`POST ${CHAT}/press`]: (request) => {
      const { waitMs, ...choice } = check(pressSchema, request.body);
      return press(world, active(request), choice, waitMs);
    },
    [`POST ${CHAT}/reply-button`]: (request) => pressButton(world, active(request), request.body),
    [`POST ${CHAT}/photo`]: file('photo'),
    [`POST ${CHAT}/voice`]: file('voice'),
    [`POST ${CHAT}/document`]: file('document'),
    [`POST ${CHAT}/pay`]: (request) => {
      const { messageId, waitMs } = check(payInvoiceSchema, request.body);
      return payInvoice(world, active(request), messageId, waitMs);
    },
    [`POST ${CHAT}/blocked`]: (request) => setBlocked(world, any(request), check(blockSchema, request.body).blocked),
  };
}
