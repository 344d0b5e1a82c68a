/** The Master Bot: what operators ask and decide from Telegram. It asks the control plane; it holds no rights of its own. */
import type { Bot } from 'grammy';
import { systemClock } from '#bot-runtime/runtime/clock.ts';
import { openCommandDesk } from '#bot-runtime/runtime/dialog/commands.ts';
import { openCatalogue } from '#bot-runtime/runtime/dialog/texts.ts';
import type { BotKind, KindInstance, KindServices } from '#bot-runtime/runtime/kind.ts';
import type { ServiceConfig } from '#bot-runtime/runtime/service-config.ts';
import { REPORT_CHANNEL } from '#shared/schemas/report.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { tellReport } from './features/report.ts';
import { startWatch } from './features/watch.ts';
import { catalogue, type MessageKey } from './locales/catalogue.generated.ts';
import { addHandlers, MENU } from './router.ts';
import type { Office } from './turn.ts';

/** The kind that the role `master-bot` runs. */
export function masterKind(config: ServiceConfig): BotKind {
  return {
    name: 'master',
    install(bot: Bot, services: KindServices): KindInstance {
      const commands = openCommandDesk(services);
      const office: Office = {
        services,
        commands,
        api: bot.api,
        operatorIds: new Set(config.operatorIds),
        texts: openCatalogue<MessageKey>(catalogue),
      };
      addHandlers(bot, office);
      const watch = startWatch(office, systemClock().sleep);
      // Told at once; the rounds of the watch are the net below.
      const reports = services.listen([REPORT_CHANNEL], () => {
        tellReport(office).catch((error: unknown) =>
          services.logger.warn({ err: error }, 'the report was not told yet'),
        );
      });
      return {
        onStarted: () => publishCommands(bot, office),
        async close() {
          await reports.close();
          await watch.close();
          await commands.close();
        },
      };
    },
  };
}

/** Only operators see the menu; Telegram knows no chat with one who has not written yet. */
async function publishCommands(bot: Bot, office: Office): Promise<void> {
  for (const chat_id of office.operatorIds) {
    for (const locale of LOCALES) {
      const texts = office.texts(locale);
      const commands = MENU.map((command) => ({ command, description: texts.plain(`command-${command}`) }));
      await bot.api
        .setMyCommands(commands, {
          scope: { type: 'chat', chat_id },
          ...(locale === 'en' ? {} : { language_code: locale }),
        })
        .catch(() => undefined);
    }
  }
}
