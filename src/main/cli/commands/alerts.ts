/** `botpool alerts`: what the operator should look at now, each in one sentence. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { AlertView } from '#shared/api/alerts.ts';
import { isErrorCode } from '#shared/errors/codes.ts';
import { describeError } from '#shared/texts/translate.ts';
import { type CommandSet, defineCommand, wholeArgument } from '../command.ts';
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
  for (const alert of alerts) context.line(lineOf(context, alert));
  return alerts.some(({ resolvedAt }) => resolvedAt === null) ? EXIT.failed : undefined;
}

function lineOf({ locale, say }: CliContext, alert: AlertView): string {
  const { id, code, facts, raisedAt, resolvedAt, acknowledgedBy: by } = alert;
  const since = ago(raisedAt.getTime(), Date.now(), locale);
  const open = by === null ? say('cli-alerts-open', { since }) : say('cli-alerts-seen', { since, by });
  const state = resolvedAt === null ? open : say('cli-alerts-over', { since });
  return `${id}  ${state}  ${isErrorCode(code) ? describeError(code, facts, locale, 'operator') : code}`;
}

async function acknowledge(context: CliContext, _options: object, [given = '']: readonly string[]): Promise<undefined> {
  const id = wholeArgument('<id>', given);
  const { acknowledged } = await withControlPlane(context, ({ client }) => client.alerts.acknowledge({ id }));
  context.data({ acknowledged });
  context.line(context.say(acknowledged ? 'cli-alerts-acknowledged' : 'cli-alerts-not-open', { id: String(id) }));
}
