/** `botpool alerts`: what the operator should look at now, each in one sentence. */
import type { Command } from 'commander';
import * as z from 'zod';
import { isErrorCode } from '#shared/errors/codes.ts';
import { describeError } from '#shared/texts/translate.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { ago } from '../format/time.ts';

const listOptions = z.object({ resolved: z.coerce.number().int().min(0).max(200).default(0) });

/** Adds the commands. */
export function addAlerts(program: Command, set: CommandSet): void {
  const alerts = program
    .command('alerts')
    .description('what needs you now: list (exit code 1 when something does), ack');
  const listing = alerts
    .command('list', { isDefault: true })
    .description('the open alerts, the worst first')
    .option('--resolved <n>', 'also the newest that are over');
  defineCommand(listing, set, {
    options: listOptions,
    examples: ['botpool alerts', 'botpool alerts list --resolved 20'],
    run: list,
  });
  const acknowledging = alerts.command('ack').argument('<id>').description('say that you look after one');
  defineCommand(acknowledging, set, {
    options: z.object({}),
    examples: ['botpool alerts ack 17'],
    run: acknowledge,
  });
}

async function list(context: CliContext, { resolved }: z.output<typeof listOptions>): Promise<number | undefined> {
  const alerts = await withControlPlane(context, ({ client }) => client.alerts.list({ resolved }));
  context.data({ alerts });
  if (alerts.length === 0) context.line(context.say('cli-alerts-none'));
  for (const { id, code, facts, raisedAt, resolvedAt, acknowledgedBy } of alerts) {
    const sentence = isErrorCode(code) ? describeError(code, facts, context.locale, 'operator') : code;
    const since = ago(raisedAt.getTime(), Date.now(), context.locale);
    const state =
      resolvedAt !== null
        ? context.say('cli-alerts-over', { since })
        : acknowledgedBy === null
          ? context.say('cli-alerts-open', { since })
          : context.say('cli-alerts-seen', { since, by: acknowledgedBy });
    context.line(`${id}  ${state}  ${sentence}`);
  }
  return alerts.some(({ resolvedAt }) => resolvedAt === null) ? EXIT.failed : undefined;
}

async function acknowledge(
  context: CliContext,
  _options: Readonly<Record<string, never>>,
  [given = '']: readonly string[],
): Promise<undefined> {
  const id = z.coerce.number().int().positive().parse(given);
  const { acknowledged } = await withControlPlane(context, ({ client }) => client.alerts.acknowledge({ id }));
  context.data({ acknowledged });
  context.line(context.say(acknowledged ? 'cli-alerts-acknowledged' : 'cli-alerts-not-open', { id: String(id) }));
}
