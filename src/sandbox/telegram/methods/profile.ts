/** Methods about the bot itself: who it is, its texts, commands and menu button, and leaving the server. */
import { ApiError, badRequest, tooManyRequests } from '../api-error.ts';
import type { Bot, MenuButton } from '../bots.ts';
import { chatOf } from '../people.ts';
import { lengthOf } from '../text/format.ts';
import type { BotCommand } from '../types.ts';
import type { Call, Method, MethodTable } from './call.ts';
import { asObject, type Params } from './params.ts';
import { chatById, knownChat } from './target.ts';

const CLOSE_AFTER = 600_000;
const MAX_COMMANDS = 100;
const DEFAULT_SCOPE = 'default';

function getMe(call: Call): unknown {
  const { bot } = call;
  return {
    id: bot.id,
    is_bot: true,
    first_name: bot.name,
    username: bot.username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    supports_guest_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: bot.canManageBots,
    supports_join_request_queries: false,
  };
}

function setText(field: string, max: number, store: (bot: Bot, language: string, text: string) => void): Method {
  return (call) => {
    const text = call.params.text(field);
    if (lengthOf(text) > max) throw new ApiError(400, `Bad Request: ${TOO_LONG[field] ?? 'TEXT_TOO_LONG'}`);
    store(call.bot, languageOf(call.params), text);
    call.world.changed();
    return true;
  };
}

const TOO_LONG: Readonly<Record<string, string>> = {
  name: 'BOT_TITLE_TOO_LONG',
  description: 'BOT_DESCRIPTION_TOO_LONG',
  short_description: 'BOT_ABOUT_TOO_LONG',
};

function getText(
  field: string,
  texts: (bot: Bot) => ReadonlyMap<string, string>,
  fallback: (bot: Bot) => string,
): Method {
  return ({ bot, params }) => {
    const known = texts(bot);
    return { [field]: known.get(languageOf(params)) ?? known.get('') ?? fallback(bot) };
  };
}

function keep(texts: Map<string, string>, language: string, text: string): void {
  if (text === '') texts.delete(language);
  else texts.set(language, text);
}

function keepName(bot: Bot, language: string, text: string): void {
  keep(bot.names, language, text);
  if (language === '' && text !== '') bot.name = text;
}

function languageOf(params: Params): string {
  const language = params.text('language_code');
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw badRequest('invalid language code specified');
  return language;
}

function scopeKey(call: Call): string {
  const scope = asObject(call.params.json('scope', "can't parse BotCommandScope JSON object"));
  const type = scope?.['type'] ?? DEFAULT_SCOPE;
  const chat = scope?.['chat_id'];
  const member = scope?.['user_id'];
  if (typeof type === 'string' && type.startsWith('chat') && chat === undefined) throw badRequest('chat_id is empty');
  return [type, chat, member, languageOf(call.params)].map((part) => String(part ?? '')).join('|');
}

function readCommand(value: unknown): BotCommand {
  const item = asObject(value);
  const command = String(item?.['command'] ?? '').replace(/^\//, '');
  const description = String(item?.['description'] ?? '');
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
  if (description === '') throw badRequest('command description must be non-empty');
  if (lengthOf(description) > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command, description };
}

function setMyCommands(call: Call): true {
  const commands = call.params.json('commands', "can't parse commands JSON object");
  if (!Array.isArray(commands)) throw badRequest("can't parse commands: expected an Array of BotCommand");
  if (commands.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const key = scopeKey(call);
  const read = commands.map(readCommand);
  if (read.length === 0) call.bot.commands.delete(key);
  else call.bot.commands.set(key, read);
  call.world.changed();
  return true;
}

function deleteMyCommands(call: Call): true {
  call.bot.commands.delete(scopeKey(call));
  call.world.changed();
  return true;
}

function getMyCommands(call: Call): readonly BotCommand[] {
  return call.bot.commands.get(scopeKey(call)) ?? [];
}

/** The commands a person sees in their chat with a bot: the nearest scope and language win. */
export function commandsFor(bot: Bot, personId: number, language: string): readonly BotCommand[] {
  for (const scope of [`chat|${personId}|`, 'all_private_chats||', `${DEFAULT_SCOPE}||`]) {
    for (const code of [language, '']) {
      const found = bot.commands.get(`${scope}|${code}`);
      if (found) return found;
    }
  }
  return [];
}

function readMenuButton(params: Params): MenuButton {
  const raw = asObject(params.json('menu_button', "can't parse menu button JSON object"));
  const type = raw?.['type'] ?? 'default';
  if (type === 'commands' || type === 'default') return { type };
  const text = raw?.['text'];
  const url = asObject(raw?.['web_app'])?.['url'];
  if (type !== 'web_app') throw badRequest('unsupported menu button type specified');
  if (typeof text !== 'string' || text === '') throw badRequest('menu button text must be non-empty');
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw badRequest('menu button Web App URL is invalid: Only HTTPS links are allowed');
  }
  return { type: 'web_app', text, web_app: { url } };
}

function setChatMenuButton(call: Call): true {
  const chatId = menuChat(call);
  call.bot.menuButtons.set(chatId, readMenuButton(call.params));
  call.world.changed();
  return true;
}

function menuChat(call: Call): number {
  const chatId = call.params.int('chat_id', 0);
  if (chatId !== 0) chatById(call.world, call.bot, chatId);
  return chatId;
}

function getChatMenuButton(call: Call): MenuButton {
  const { menuButtons } = call.bot;
  return menuButtons.get(menuChat(call)) ?? menuButtons.get(0) ?? { type: 'commands' };
}

function getChat(call: Call): unknown {
  const { person } = knownChat(call);
  return { ...chatOf(person), accent_color_id: person.id % 7, max_reaction_count: 11, accepted_gift_types: NO_GIFTS };
}

const NO_GIFTS = {
  unlimited_gifts: true,
  limited_gifts: true,
  unique_gifts: true,
  premium_subscription: true,
};

function logOut(call: Call): true {
  call.bot.loggedOutAt = call.world.clock.now();
  call.world.updates.pollOf(call.bot.id).endUnauthorized();
  call.world.changed();
  return true;
}

function close(call: Call): true {
  const left = call.world.startedAt + CLOSE_AFTER - call.world.clock.now();
  if (left > 0) throw tooManyRequests(Math.ceil(left / 1000));
  return true;
}

const NAME_MAX = 64;
const DESCRIPTION_MAX = 512;
const SHORT_MAX = 120;
const nothing = (): string => '';

/** The methods of this file. */
export const profileMethods: MethodTable = {
  getme: getMe,
  setmyname: setText('name', NAME_MAX, keepName),
  getmyname: getText(
    'name',
    (bot) => bot.names,
    (bot) => bot.name,
  ),
  setmydescription: setText('description', DESCRIPTION_MAX, (bot, language, text) =>
    keep(bot.descriptions, language, text),
  ),
  getmydescription: getText('description', (bot) => bot.descriptions, nothing),
  setmyshortdescription: setText('short_description', SHORT_MAX, (bot, language, text) =>
    keep(bot.shortDescriptions, language, text),
  ),
  getmyshortdescription: getText('short_description', (bot) => bot.shortDescriptions, nothing),
  setmycommands: setMyCommands,
  getmycommands: getMyCommands,
  deletemycommands: deleteMyCommands,
  setchatmenubutton: setChatMenuButton,
  getchatmenubutton: getChatMenuButton,
  getchat: getChat,
  logout: logOut,
  close,
};
