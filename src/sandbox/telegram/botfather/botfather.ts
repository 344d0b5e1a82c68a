/** BotFather: a bot that lives in the sandbox itself and is talked to like any other. */
import { type Bot, blankBot } from '../bots.ts';
import type { ReplyMarkup } from '../methods/keyboards.ts';
import { botLimit, makeBot, ownsEnough, usernameProblem } from '../new-bot.ts';
import { post } from '../outbox.ts';
import type { Person } from '../people.ts';
import type { BuiltInBot, World } from '../world.ts';
import { CHANGES } from './changes.ts';
import * as texts from './texts.ts';

/** BotFather's id and name are those of the real one. */
const BOTFATHER_ID = 93_372_553;

type Talk =
  | { readonly step: 'name' }
  | { readonly step: 'username'; readonly name: string }
  | { readonly step: 'choose'; readonly command: string }
  | { readonly step: 'answer'; readonly command: string; readonly botId: number };

/** Puts BotFather into a world. */
export function addBotFather(world: World): void {
  const bot = blankBot(BOTFATHER_ID, '', { ownerId: 0, name: 'BotFather', username: 'BotFather' });
  const botFather = new BotFather(world, bot);
  world.builtIn.set(bot.id, botFather);
  world.bots.put(bot);
}

class BotFather implements BuiltInBot {
  readonly bot: Bot;
  readonly #world: World;
  readonly #talks = new Map<number, Talk>();

  constructor(world: World, bot: Bot) {
    this.#world = world;
    this.bot = bot;
  }

  hearsText(personId: number, text: string): void {
    const person = this.#world.people.get(personId);
    if (!person) return;
    const command = /^\/([a-z]+)/i.exec(text)?.[1]?.toLowerCase();
    if (command !== undefined) this.#command(person, command);
    else this.#goOn(person, text.trim());
  }

  hearsButton(personId: number, _messageId: number, data: string, queryId: string): void {
    this.#world.callbacks.answer(this.bot.id, queryId, { showAlert: false, cacheTime: 0 });
    const person = this.#world.people.get(personId);
    const [command = '', id = ''] = data.split(':');
    const bot = person && this.#ownBot(person, Number(id));
    if (!person || !bot) return;
    if (command === 'bot') this.#showBot(person, bot);
    else this.#startChange(person, command, bot);
  }

  #command(person: Person, command: string): void {
    const before = this.#talks.get(person.id);
    this.#talks.delete(person.id);
    if (command === 'start' || command === 'help') this.#say(person, texts.HELP);
    else if (command === 'cancel')
      this.#say(person, before ? texts.cancelled(commandOf(before)) : texts.NOTHING_TO_CANCEL);
    else if (command === 'newbot') this.#newBot(person);
    else if (command === 'mybots') this.#myBots(person);
    else if (CHANGES[command]) this.#chooseFor(person, command);
    else this.#say(person, texts.UNKNOWN_COMMAND);
  }

  #newBot(person: Person): void {
    if (ownsEnough(this.#world, person)) {
      this.#say(person, texts.tooManyBots(botLimit(person)));
      return;
    }
    this.#talks.set(person.id, { step: 'name' });
    this.#say(person, texts.NEW_BOT);
  }

  #goOn(person: Person, text: string): void {
    const talk = this.#talks.get(person.id);
    switch (talk?.step) {
      case undefined:
        this.#say(person, texts.UNKNOWN_COMMAND);
        return;
      case 'name':
        this.#takeName(person, text);
        return;
      case 'username':
        this.#takeUsername(person, talk.name, text);
        return;
      case 'choose':
        this.#takeChoice(person, talk.command, text);
        return;
      case 'answer':
        this.#takeAnswer(person, talk.command, talk.botId, text);
        return;
    }
  }

  #takeName(person: Person, name: string): void {
    if (name === '' || name.length > 64) {
      this.#say(person, texts.NAME_INVALID);
      return;
    }
    this.#talks.set(person.id, { step: 'username', name });
    this.#say(person, texts.ASK_USERNAME);
  }

  #takeUsername(person: Person, name: string, text: string): void {
    const username = text.replace(/^@/, '');
    const problem = usernameProblem(this.#world, username);
    if (problem) {
      this.#say(person, texts.usernameRefused(problem));
      return;
    }
    this.#talks.delete(person.id);
    this.#say(person, texts.done(makeBot(this.#world, person, name, username)));
  }

  #chooseFor(person: Person, command: string): void {
    const bots = this.#world.bots.ownedBy(person.id);
    if (bots.length === 0) {
      this.#say(person, texts.NO_BOTS);
      return;
    }
    this.#talks.set(person.id, { step: 'choose', command });
    const keyboard = bots.map((bot) => [{ text: `@${bot.username}` }]);
    this.#say(person, CHANGES[command]?.choose ?? texts.CHOOSE_FROM_LIST, {
      kind: 'reply',
      keyboard: { keyboard, one_time_keyboard: true },
    });
  }

  #takeChoice(person: Person, command: string, text: string): void {
    const bot = this.#world.bots.byUsername(text);
    if (bot?.ownerId !== person.id) this.#say(person, texts.INVALID_BOT);
    else this.#startChange(person, command, bot);
  }

  #startChange(person: Person, command: string, bot: Bot): void {
    const change = CHANGES[command];
    if (!change) return;
    if (change.ask) {
      this.#talks.set(person.id, { step: 'answer', command, botId: bot.id });
      this.#say(person, change.ask(bot), { kind: 'remove' });
      return;
    }
    this.#talks.delete(person.id);
    this.#say(person, change.apply(this.#world, bot, '') ?? texts.UNKNOWN_COMMAND, { kind: 'remove' });
  }

  #takeAnswer(person: Person, command: string, botId: number, text: string): void {
    const bot = this.#ownBot(person, botId);
    const said = bot && CHANGES[command]?.apply(this.#world, bot, text);
    if (said === undefined) {
      this.#say(person, command === 'deletebot' ? texts.DELETE_REFUSED : texts.UNKNOWN_COMMAND);
      return;
    }
    this.#talks.delete(person.id);
    this.#world.changed();
    this.#say(person, said);
  }

  #myBots(person: Person): void {
    const bots = this.#world.bots.ownedBy(person.id);
    if (bots.length === 0) {
      this.#say(person, texts.NO_BOTS);
      return;
    }
    const rows = bots.map((bot) => [{ text: `@${bot.username}`, callback_data: `bot:${bot.id}` }]);
    this.#say(person, texts.CHOOSE_FROM_LIST, { kind: 'inline', keyboard: { inline_keyboard: rows } });
  }

  #showBot(person: Person, bot: Bot): void {
    const actions = [
      ['API Token', 'token'],
      ['Revoke current token', 'revoke'],
      ['Edit Name', 'setname'],
      ['Edit Description', 'setdescription'],
      ['Edit Commands', 'setcommands'],
      ['Bot Management Mode', 'setmanage'],
      ['Delete Bot', 'deletebot'],
    ] as const;
    const rows = actions.map(([text, command]) => [{ text, callback_data: `${command}:${bot.id}` }]);
    const text = `Here it is: ${bot.name} @${bot.username}.\nWhat do you want to do with the bot?`;
    this.#say(person, text, { kind: 'inline', keyboard: { inline_keyboard: rows } });
  }

  #ownBot(person: Person, id: number): Bot | undefined {
    const bot = this.#world.bots.get(id);
    return bot?.ownerId === person.id ? bot : undefined;
  }

  #say(person: Person, text: string, markup: ReplyMarkup = { kind: 'none' }): void {
    const dialog = this.#world.dialogs.open(this.bot.id, person.id);
    post(this.#world, this.bot, { dialog, person }, { text }, { markup });
  }
}

function commandOf(talk: Talk): string {
  return talk.step === 'choose' || talk.step === 'answer' ? talk.command : 'newbot';
}
