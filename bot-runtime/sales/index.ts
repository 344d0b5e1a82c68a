/** The Sales Bot: sells bots, follows orders, and does all that an owner does later. It holds no rights of its own. */
import type { Bot } from 'grammy';
import { systemClock } from '#bot-runtime/runtime/clock.ts';
import { openCatalogue } from '#bot-runtime/runtime/dialog/texts.ts';
import type { BotKind, KindInstance, KindServices } from '#bot-runtime/runtime/kind.ts';
import type { ServiceConfig } from '#bot-runtime/runtime/service-config.ts';
import { openSalesDesk } from '#core/billing/desk.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { startBroadcaster } from './broadcaster.ts';
import { startFollower } from './follower.ts';
import { catalogue, type MessageKey } from './locales/catalogue.generated.ts';
import { openPeople } from './people.ts';
import { addHandlers } from './router.ts';
import type { Shop } from './turn.ts';

const COMMANDS = ['start', 'plans', 'mybots', 'language', 'help', 'support', 'cancel'] as const;

/** The kind that the role `sales-bot` runs. */
export function salesKind(config: ServiceConfig): BotKind {
  return {
    name: 'sales',
    updates: ['managed_bot'],
    install(bot: Bot, services: KindServices): KindInstance {
      const shop: Shop = {
        services,
        config,
        api: bot.api,
        me: bot.botInfo,
        desk: openSalesDesk(services.database),
        people: openPeople(services.database),
        texts: openCatalogue<MessageKey>(catalogue),
      };
      addHandlers(bot, shop);
      const { sleep } = systemClock();
      const follower = startFollower(shop, sleep);
      const broadcaster = startBroadcaster(shop, sleep);
      return {
        onStarted: () => publishCommands(bot, shop),
        async close() {
          await Promise.all([follower.close(), broadcaster.close()]);
        },
      };
    },
  };
}

async function publishCommands(bot: Bot, shop: Shop): Promise<void> {
  for (const locale of LOCALES) {
    const texts = shop.texts(locale);
    const commands = COMMANDS.map((command) => ({ command, description: texts.plain(`command-${command}`) }));
    await bot.api.setMyCommands(commands, locale === 'en' ? {} : { language_code: locale });
  }
}
