/** The rival of the booking bot: the least that grammY can do, in a process of its own. */
import { Bot } from 'grammy';

const bot = new Bot(process.env['BOT_TOKEN'] ?? '', {
  client: { apiRoot: process.env['TELEGRAM_API_ROOT'] ?? '' },
});
bot.on('message:text', (context) => context.reply(context.message.text));
await bot.start({ onStart: () => console.log('started') });
