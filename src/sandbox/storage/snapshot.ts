/** The saved form of a world: what it looks like, how it is made, and how it becomes a world again. */
import * as z from 'zod';
import type { Bot, MenuButton } from '../telegram/bots.ts';
import type { Dialog, DialogMessage } from '../telegram/dialogs.ts';
import type { FileInfo } from '../telegram/files.ts';
import type { Person } from '../telegram/people.ts';
import { type BotCommand, UPDATE_KINDS } from '../telegram/types.ts';
import type { World } from '../telegram/world.ts';
import type { ShopState } from '../yookassa/shop.ts';

/** Version of the form; a file of another version is refused. */
const SNAPSHOT_VERSION = 1;

function shaped<T>(hasShape: (value: object) => boolean): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'object' && value !== null && hasShape(value));
}

const personSchema = shaped<Person>((value) => 'id' in value && 'name' in value && 'phone' in value);
const messageSchema = shaped<DialogMessage>((value) => 'message' in value && 'revision' in value);
const fileSchema = shaped<FileInfo>((value) => 'fileId' in value && 'path' in value);
const commandsSchema = z.array(shaped<BotCommand>((value) => 'command' in value));
const menuButtonSchema = shaped<MenuButton>((value) => 'type' in value);
const texts = z.array(z.tuple([z.string(), z.string()]));

const botSchema = z.object({
  id: z.number(),
  username: z.string(),
  ownerId: z.number(),
  token: z.string(),
  name: z.string(),
  names: texts,
  descriptions: texts,
  shortDescriptions: texts,
  commands: z.array(z.tuple([z.string(), commandsSchema])),
  menuButtons: z.array(z.tuple([z.number(), menuButtonSchema])),
  canManageBots: z.boolean(),
  managerId: z.number().optional(),
  access: z.object({ restricted: z.boolean(), addedUserIds: z.array(z.number()) }),
  allowedUpdates: z.array(z.enum(UPDATE_KINDS)).optional(),
  webhook: z
    .object({
      url: z.string(),
      secretToken: z.string().optional(),
      maxConnections: z.number(),
      ipAddress: z.string().optional(),
      hasCertificate: z.boolean(),
    })
    .optional(),
  nextMessageId: z.number(),
  loggedOutAt: z.number().optional(),
});

const dialogSchema = z.object({
  botId: z.number(),
  personId: z.number(),
  chatInstance: z.string(),
  messages: z.array(messageSchema),
  started: z.boolean(),
  blocked: z.boolean(),
  revision: z.number(),
  personRevision: z.number(),
  replyKeyboard: shaped<NonNullable<Dialog['replyKeyboard']>>((value) => 'keyboard' in value).optional(),
});

const queueSchema = z.object({
  botId: z.number(),
  nextId: z.number(),
  lastAddedAt: z.number(),
  updates: z.array(
    z.object({
      id: z.number(),
      kind: z.enum(UPDATE_KINDS),
      chatKey: z.string(),
      createdAt: z.number(),
      expiresAt: z.number(),
      json: z.string(),
    }),
  ),
});

/** The saved form. */
export const snapshotSchema = z.object({
  version: z.literal(SNAPSHOT_VERSION),
  people: z.array(personSchema),
  bots: z.array(botSchema),
  dialogs: z.array(dialogSchema),
  queues: z.array(queueSchema),
  callbacks: z.array(z.object({ id: z.string(), botId: z.number(), expiresAt: z.number() })),
  files: z.array(fileSchema),
  shop: shaped<ShopState>((value) => 'payments' in value && 'keys' in value).optional(),
});
type Snapshot = z.infer<typeof snapshotSchema>;

function savedBot(bot: Bot): object {
  return {
    ...bot,
    names: [...bot.names],
    descriptions: [...bot.descriptions],
    shortDescriptions: [...bot.shortDescriptions],
    commands: [...bot.commands],
    menuButtons: [...bot.menuButtons],
  };
}

/** A dialog as JSON; kept with the dialog until something in it changes. */
function savedDialog(dialog: Dialog): string {
  const { messages, frozen, action: _action, draft: _draft, ...rest } = dialog;
  if (frozen !== undefined) return frozen;
  const json = JSON.stringify({ ...rest, messages: [...messages.values()] });
  dialog.frozen = json;
  return json;
}

/** The world and its shop as JSON. */
export function writeSnapshot(world: World, shop: ShopState): string {
  const bots = world.bots.list();
  const queues = bots.map((bot) => ({ botId: bot.id, ...world.updates.queueOf(bot.id).state() }));
  const dialogs = [...world.dialogs.list()].map(savedDialog).join(',\n');
  const rest = JSON.stringify({
    version: SNAPSHOT_VERSION,
    people: world.people.list(),
    bots: bots.map(savedBot),
    queues,
    callbacks: world.callbacks.state(),
    files: world.files.list(),
    shop,
  });
  return `${rest.slice(0, -1)},"dialogs":[${dialogs}]}\n`;
}

function loadedBot(saved: Snapshot['bots'][number]): Bot {
  return {
    ...saved,
    names: new Map(saved.names),
    descriptions: new Map(saved.descriptions),
    shortDescriptions: new Map(saved.shortDescriptions),
    commands: new Map(saved.commands),
    menuButtons: new Map(saved.menuButtons),
    managerId: saved.managerId,
    allowedUpdates: saved.allowedUpdates,
    webhook: saved.webhook,
    webhookSetAt: undefined,
    loggedOutAt: saved.loggedOutAt,
  };
}

/** Fills an empty world from a saved form. `bytesOf` gives the content of a file. */
export function loadSnapshot(world: World, saved: Snapshot, bytesOf: (fileId: string) => Uint8Array): void {
  for (const person of saved.people) world.people.put(person);
  for (const one of saved.bots) restoreBot(world, loadedBot(one));
  for (const { messages, ...rest } of saved.dialogs) {
    const entries = messages.map((entry) => [entry.message.message_id, entry] as const);
    const { replyKeyboard } = rest;
    const volatile = { action: undefined, draft: undefined, frozen: undefined };
    world.dialogs.put({ ...rest, ...volatile, replyKeyboard, messages: new Map(entries) });
  }
  for (const { botId, ...state } of saved.queues) {
    world.updates.queueOf(botId).restore(state);
    for (const update of state.updates) world.record.updateCreated(botId, update);
  }
  for (const { id, botId, expiresAt } of saved.callbacks) world.callbacks.restore(id, botId, expiresAt);
  for (const file of saved.files) world.files.put(file, bytesOf(file.fileId));
  for (const bot of world.bots.list()) if (bot.webhook) world.webhooks.start(bot);
}

function restoreBot(world: World, bot: Bot): void {
  const builtIn = world.builtIn.get(bot.id);
  if (builtIn) builtIn.bot.nextMessageId = bot.nextMessageId;
  else world.bots.put(bot);
}
