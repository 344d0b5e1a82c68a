/** `botpool activate`: gives a client its bot. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import type { ActivationAnswer } from '#shared/api/activations.ts';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type ActivationInput, LOCALES, parseActivationRequest } from '#shared/schemas/tenant.ts';
import { type CommandSet, defineCommand, reportFailure } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { shortName } from '../format/containers.ts';
import { stageLines } from '../format/stages.ts';

const options = z.object({
  client: z.string(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  admin: z.string().regex(/^[1-9]\d{0,15}$/, 'expected a Telegram user id: a number such as 5000000001'),
  company: z.string(),
  kind: z.string().optional(),
  langOfBot: z.enum(LOCALES, 'expected ru or en').optional(),
  timeZone: z.string().optional(),
});
type ActivateOptions = z.output<typeof options>;

/** Adds the command. */
export function addActivate(program: Command, set: CommandSet): void {
  const command = program
    .command('activate')
    .description("give a client its bot: claim a warm one, hand over the client's settings, wait until it serves")
    .requiredOption('--client <id>', 'the client: client_ and three to six digits')
    .option('--token <token>', "the bot's token from @BotFather; - reads it from stdin")
    .option('--token-file <file>', 'a file with the token, so that it is in no process list; - is stdin')
    .requiredOption('--admin <telegram id>', "the owner's Telegram user id")
    .requiredOption('--company <name>', 'the name that customers read')
    .option('--kind <kind>', 'which bot (default: booking)')
    .option('--lang-of-bot <ru|en>', "the bot's language (default: ru)")
    .option('--time-zone <zone>', "the business's time zone (default: Europe/Moscow)");
  defineCommand(command, set, {
    options,
    examples: [
      'botpool activate --client client_001 --token-file token.txt --admin 5000000001 --company "Anna Nails"',
      'pass show anna-bot | botpool activate --client client_001 --token - --admin 5000000001 --company "Anna Nails"',
    ],
    run: activate,
  });
}

async function activate(context: CliContext, given: ActivateOptions): Promise<number | undefined> {
  const request = {
    clientId: given.client,
    token: await tokenOf(context, given),
    ownerId: Number(given.admin),
    company: given.company,
    ...(given.kind === undefined ? {} : { kind: given.kind }),
    ...(given.langOfBot === undefined ? {} : { locale: given.langOfBot }),
    ...(given.timeZone === undefined ? {} : { timeZone: given.timeZone }),
  };
  // Told here, before anything is asked of the control plane.
  parseActivationRequest(request);
  return await withControlPlane(context, async ({ client }) => {
    try {
      const result = await activateLive(context, client, request);
      await reportActive(context, client, result);
      return undefined;
    } catch (error) {
      if (!isBotpoolError(error, 'pool_empty')) throw error;
      return await reportQueued(context, client, given.client, error);
    }
  });
}

async function tokenOf(context: CliContext, given: ActivateOptions): Promise<string> {
  if ((given.token === undefined) === (given.tokenFile === undefined)) {
    throw new BotpoolError('input_invalid', { field: '--token', problem: context.say('cli-token-once') });
  }
  if (given.token === '-' || given.tokenFile === '-') return (await context.host.readStdin()).trim();
  if (given.tokenFile === undefined) return given.token ?? '';
  const text = await readFile(given.tokenFile, 'utf8').catch((error: Error) => {
    throw new BotpoolError('input_invalid', { field: '--token-file', problem: error.message });
  });
  return text.trim();
}

/** Shows the steps as the pool tells them, while the call is under way. */
async function activateLive(
  context: CliContext,
  client: ControlPlaneClient,
  request: ActivationInput,
): Promise<ActivationAnswer> {
  const stop = new AbortController();
  const { signal } = stop;
  const steps = await client.activations.follow({ clientId: request.clientId }, { signal });
  const showing = (async () => {
    for await (const step of steps) {
      if (step.type === 'delivered')
        context.line(context.say('cli-activate-delivered', { bot: shortName(step.container) }));
    }
  })().catch(() => undefined);
  try {
    return await client.activations.activate(request);
  } finally {
    stop.abort();
    await showing;
  }
}

async function reportActive(context: CliContext, client: ControlPlaneClient, result: ActivationAnswer): Promise<void> {
  const { clientId, container, botUsername, alreadyActive, stages, durationMs } = result;
  const link = botUsername === undefined ? null : `https://t.me/${botUsername}`;
  const sandbox = (await client.sandbox.info()).url !== null;
  context.data({ ...result, botUsername: botUsername ?? null, link, sandbox });
  for (const line of stageLines(stages)) context.line(line);
  const key = alreadyActive ? 'cli-activate-already' : 'cli-activate-done';
  context.line(context.say(key, { clientId, bot: shortName(container), ms: Math.round(durationMs) }));
  if (link !== null) context.line(link);
  if (sandbox) context.line(context.say('cli-activate-sandbox', { username: botUsername ?? '' }));
}

async function reportQueued(
  context: CliContext,
  client: ControlPlaneClient,
  clientId: string,
  error: unknown,
): Promise<number> {
  const { queuePosition } = await client.tenants.show({ clientId });
  const code = reportFailure(context, error, { queued: queuePosition !== null, queuePosition });
  if (queuePosition !== null) context.line(context.say('cli-activate-queued', { clientId, place: queuePosition }));
  return code;
}
