/** The kind `booking`: a bot with which the customers of one business book, see and cancel their visits. */
import type { Bot } from 'grammy';
import type { BotKind, KindInstance, KindServices } from '#bot-runtime/runtime/kind.ts';
import { type Delivery, startDelivery } from './delivery/delivery.ts';
import { createCached } from './dialog/cached.ts';
import { createQuestions } from './dialog/question.ts';
import { addHandlers } from './dialog/router.ts';
import type { Desk } from './dialog/turn.ts';
import { loadSettings } from './repository/settings.ts';
import { loadTemplates } from './repository/templates.ts';
import { LOCALES, type Locale } from './texts/locale.ts';
import { createTexts, type Texts } from './texts/texts.ts';

/** How old settings and own texts may be. */
const FRESH_MS = 60_000;
const COMMANDS = ['start', 'book', 'mybookings', 'language', 'help', 'cancel'] as const;

/** How seldom the bot may look for work that another program wrote into its tables. */
const LONGEST_SLEEP_MS = 60_000;

/** The booking bot. Its handlers know no state but the database's and a person's open question in Redis. */
export const bookingKind: BotKind = createBookingKind(LONGEST_SLEEP_MS);

/** The booking bot with a patience of its own. */
export function createBookingKind(longestSleepMs: number): BotKind {
  return {
    name: 'booking',
    install(bot: Bot, services: KindServices): KindInstance {
      let delivery: Delivery | undefined;
      let closed = false;
      const desk = createDesk(services, () => delivery);
      addHandlers(bot, desk);
      // Read ahead, so that the first customer need not wait for them; a failure is met again, and told, when they write.
      void Promise.allSettled([desk.settings(), desk.texts(services.tenant.locale)]);
      return {
        async onStarted() {
          // The runtime may be on its way out by now.
          if (closed) return;
          delivery ??= startDelivery(desk, bot.api, longestSleepMs);
          await publishCommands(bot, desk);
        },
        async close() {
          closed = true;
          await delivery?.stop();
        },
      };
    },
  };
}

function createDesk(services: KindServices, delivery: () => Delivery | undefined): Desk {
  const { database, now } = services;
  const settings = createCached(() => loadSettings(database, services), FRESH_MS, now);
  const allTexts = createCached(() => loadTexts(services), FRESH_MS, now);
  return {
    services,
    servingSince: now(),
    questions: createQuestions(services),
    wake: (due) => delivery()?.wake(due),
    freed: () => delivery()?.freed(),
    changed: () => {
      settings.drop();
      allTexts.drop();
    },
    settings: () => settings.get(),
    texts: async (locale) => (await allTexts.get())(locale),
  };
}

/** The tenant's texts. When they cannot be read the catalogue speaks, so that an apology can be made at all. */
async function loadTexts({ database, logger }: KindServices): Promise<(locale: Locale) => Texts> {
  const own = await loadTemplates(database).catch((error: unknown) => {
    logger.warn({ err: error }, 'own texts not read, the catalogue is used');
    return [];
  });
  const made = new Map<Locale, Texts>();
  return (locale) => {
    const texts = made.get(locale) ?? createTexts(locale, own);
    made.set(locale, texts);
    return texts;
  };
}

/** Sets the menu of commands: English for everyone, Russian for Russian clients, the owner's in their private chat. */
async function publishCommands(bot: Bot, desk: Desk): Promise<void> {
  for (const locale of LOCALES) {
    const texts = await desk.texts(locale);
    const commands = COMMANDS.map((command) => ({ command, description: texts.plain(`command-${command}`) }));
    await bot.api.setMyCommands(commands, locale === 'en' ? {} : { language_code: locale });
  }
  const { tenant, logger } = desk.services;
  const texts = await desk.texts(tenant.locale);
  const own = [...COMMANDS, 'admin' as const].map((command) => ({
    command,
    description: texts.plain(`command-${command}`),
  }));
  // Telegram knows no chat with an owner who has not written yet; they find the menu by its button.
  await bot.api
    .setMyCommands(own, { scope: { type: 'chat', chat_id: tenant.ownerId } })
    .catch((error: unknown) => logger.warn({ err: error }, 'commands of the owner not set'));
}
