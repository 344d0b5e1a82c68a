/** Makes the installation's own bots in the simulated Telegram, so that everything can be tried without an account. */
import type { ServiceName } from '#core/services/service-bots.ts';
import type { SandboxClient } from '../sandbox/sandbox-client.ts';

/** Who the bots are, and who operates the installation in the simulated world. */
export interface SandboxBots {
  readonly tokens: Readonly<Record<ServiceName, string>>;
  readonly operatorId: number;
}

/** The operator of the simulated world, for whom the Master Bot works. */
export const SANDBOX_OPERATOR = { name: 'Operator', username: 'operator', languageCode: 'en' } as const;

const BOTS: readonly { readonly of: ServiceName; readonly name: string; readonly username: string }[] = [
  { of: 'sales_bot', name: 'Botpool', username: 'botpool_sales_bot' },
  { of: 'master_bot', name: 'Botpool operators', username: 'botpool_master_bot' },
];

/** Finds what is there from the last start and makes what is missing. */
export async function ensureSandboxBots(sandbox: SandboxClient): Promise<SandboxBots> {
  const people = await sandbox.listPeople();
  const operator =
    people.find(({ username }) => username === SANDBOX_OPERATOR.username) ??
    (await sandbox.createPerson(SANDBOX_OPERATOR));
  const present = await sandbox.listBotsWithTokens();
  const tokens: Partial<Record<ServiceName, string>> = {};
  for (const { of, name, username } of BOTS) {
    const bot =
      present.find((one) => one.username === username) ??
      (await sandbox.createBot({ ownerId: operator.id, name, username, canManageBots: of === 'sales_bot' }));
    tokens[of] = bot.token;
  }
  return { tokens: tokens as Record<ServiceName, string>, operatorId: operator.id };
}
