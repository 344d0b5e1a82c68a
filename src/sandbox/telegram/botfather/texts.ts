/** What BotFather says. */
import type { Bot } from '../bots.ts';
import type { UsernameProblem } from '../new-bot.ts';

const API_PAGE = 'For a description of the Bot API, see this page: https://core.telegram.org/bots/api';

/** The answer to /start and /help. */
export const HELP = `I can help you create and manage Telegram bots. If you're new to the Bot API, please see the manual.

You can control me by sending these commands:

/newbot - create a new bot
/mybots - edit your bots

Edit Bots
/setname - change a bot's name
/setdescription - change bot description
/setabouttext - change bot about info
/setcommands - change the list of commands
/setmanage - toggle bot management mode
/deletebot - delete a bot

Bot Settings
/token - get authorization token
/revoke - revoke bot access token`;

/** The texts of the /newbot conversation. */
export const NEW_BOT = 'Alright, a new bot. How are we going to call it? Please choose a name for your bot.';
export const ASK_USERNAME =
  "Good. Now let's choose a username for your bot. It must end in `bot`. Like this, for example: TetrisBot or tetris_bot.";
export const NAME_INVALID = 'Sorry, the name must be from 1 to 64 characters long.';
export const UNKNOWN_COMMAND = 'Unrecognized command. Say what?';
export const NO_BOTS = "You don't have any bots yet. Use the /newbot command to create a new bot first.";
export const CHOOSE_FROM_LIST = 'Choose a bot from the list below:';
export const INVALID_BOT = 'Invalid bot selected.';
export const NOTHING_TO_CANCEL = "No active command to cancel. I wasn't doing anything anyway. Zzzzz...";
export const DELETE_PHRASE = 'Yes, I am totally sure.';
export const DELETED = 'Done! The bot is gone. /help';
export const DELETE_REFUSED =
  'Please enter the confirmation text exactly like this:\nYes, I am totally sure.\n\nType /cancel to cancel the operation.';

/** What is said of a username that cannot be had. */
export function usernameRefused(problem: UsernameProblem): string {
  switch (problem) {
    case 'USERNAME_SUFFIX_MISSING':
      return "Sorry, the username must end in 'bot'. E.g. 'Tetris_bot' or 'Tetrisbot'";
    case 'USERNAME_OCCUPIED':
      return 'Sorry, this username is already taken. Please try something different.';
    case 'USERNAME_INVALID':
      return 'Sorry, this username is invalid.';
  }
}

/** What is said to a person who has enough bots. */
export function tooManyBots(limit: number): string {
  return `That I cannot do. You come to me asking for more than ${limit} bots. But you don't ask with respect. You don't offer friendship. You don't even think to call me Godfather.`;
}

/** The end of /newbot: the one message with the token. */
export function done(bot: Bot): string {
  return `Done! Congratulations on your new bot. You will find it at t.me/${bot.username}. You can now add a description, about section and profile picture for your bot, see /help for a list of commands. By the way, when you've finished creating your cool bot, ping our Bot Support if you want a better username for it. Just make sure the bot is fully operational before you do this.

Use this token to access the HTTP API:
${bot.token}
Keep your token secure and store it safely, it can be used by anyone to control your bot.

${API_PAGE}`;
}

/** The answer to /token. */
export function tokenOf(bot: Bot): string {
  return `You can use this token to access HTTP API:\n${bot.token}\n\n${API_PAGE}`;
}

/** The answer to /revoke. */
export function revoked(bot: Bot): string {
  return `Your token was replaced with a new one. You can use this token to access HTTP API:\n${bot.token}\n\n${API_PAGE}`;
}

/** The question before a bot is deleted. */
export function sureToDelete(bot: Bot): string {
  return `OK, you selected @${bot.username}. Are you sure?\n\nSend '${DELETE_PHRASE}' to confirm you really want to delete this bot.`;
}

/** The answer to /cancel. */
export function cancelled(command: string): string {
  return `The command ${command} has been cancelled. Anything else I can do for you?\n\nSend /help for a list of commands.`;
}
