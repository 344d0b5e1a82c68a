/** The commands of BotFather that change one thing of one bot: what they ask, and what they do. */
import type { Bot } from '../bots.ts';
import { tellManager } from '../managed.ts';
import type { World } from '../world.ts';
import * as texts from './texts.ts';

/** A command about one bot. */
export interface Change {
  /** Asked first: which bot. */
  readonly choose: string;
  /** Asked next, where there is something to ask; undefined: done at once. */
  readonly ask?: (bot: Bot) => string;
  /** Does it and says so; undefined: the answer is not good, ask again. */
  readonly apply: (world: World, bot: Bot, answer: string) => string | undefined;
}

function success(what: string): string {
  return `Success! ${what} updated. /help`;
}

function readCommands(answer: string): readonly { command: string; description: string }[] | undefined {
  const read = answer.split('\n').map((line) => /^\/?([a-z0-9_]{1,32})\s+-\s+(.{1,256})$/.exec(line.trim()));
  const commands = read.flatMap((match) => (match ? [{ command: match[1] ?? '', description: match[2] ?? '' }] : []));
  return commands.length === read.length ? commands : undefined;
}

/** The commands about one bot, by name without the slash. */
export const CHANGES: Readonly<Record<string, Change>> = {
  token: { choose: 'Choose a bot to generate a new token.', apply: (_world, bot) => texts.tokenOf(bot) },
  revoke: {
    choose: 'Choose a bot to revoke its current token. Warning: your old token will stop working.',
    apply(world, bot) {
      world.renewToken(bot);
      tellManager(world, bot);
      return texts.revoked(bot);
    },
  },
  deletebot: {
    choose: 'Choose a bot to delete.',
    ask: texts.sureToDelete,
    apply(world, bot, answer) {
      if (answer !== texts.DELETE_PHRASE) return undefined;
      world.removeBot(bot);
      return texts.DELETED;
    },
  },
  setname: {
    choose: 'Choose a bot to change name.',
    ask: () => 'OK. Send me the new name for your bot.',
    apply(_world, bot, answer) {
      if (answer.length > 64) return undefined;
      bot.name = answer;
      return success('Name');
    },
  },
  setdescription: {
    choose: 'Choose a bot to change description.',
    ask: () =>
      "OK. Send me the new description for the bot. People will see this description when they open a chat with your bot, in a block titled 'What can this bot do?'.",
    apply(_world, bot, answer) {
      if (answer.length > 512) return undefined;
      bot.descriptions.set('', answer);
      return success('Description');
    },
  },
  setabouttext: {
    choose: 'Choose a bot to change the about section.',
    ask: () =>
      "OK. Send me the new 'About' text. People will see this text on the bot's profile page and it will be sent together with a link to your bot when they share it with someone.",
    apply(_world, bot, answer) {
      if (answer.length > 120) return undefined;
      bot.shortDescriptions.set('', answer);
      return success('About section');
    },
  },
  setcommands: {
    choose: 'Choose a bot to change the list of commands.',
    ask: () =>
      'OK. Send me a list of commands for your bot. Please use this format:\n\ncommand1 - Description\ncommand2 - Another description',
    apply(_world, bot, answer) {
      const commands = readCommands(answer);
      if (!commands) return undefined;
      bot.commands.set('default|||', commands);
      return success('Command list');
    },
  },
  setmanage: {
    choose: 'Choose a bot to change bot management mode.',
    ask: (bot) =>
      `'Enable' - @${bot.username} will be able to create and control bots for its users.\n'Disable' - it will not.\nCurrent status is: ${bot.canManageBots ? 'ENABLED' : 'DISABLED'}`,
    apply(_world, bot, answer) {
      if (!/^(enable|disable)$/i.test(answer)) return undefined;
      bot.canManageBots = /^enable$/i.test(answer);
      return `Success! The new status is: ${bot.canManageBots ? 'ENABLED' : 'DISABLED'}. /help`;
    },
  },
};
