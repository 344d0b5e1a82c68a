/** `botpool schedule …`: what is to be done when, and what became of it. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { RunView, ScheduleView } from '#shared/api/schedules.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { isErrorCode } from '#shared/errors/codes.ts';
import { OVERLAP_POLICIES } from '#shared/schemas/schedule.ts';
import { describeError } from '#shared/texts/translate.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { table } from '../format/table.ts';
import { ago, seconds } from '../format/time.ts';

const none = z.object({});
const whole = z.coerce.number().int();

const addOptions = z.object({
  cron: z.string(),
  job: z.string(),
  zone: z.string().default('UTC'),
  payload: z.string().optional(),
  overlap: z.enum(OVERLAP_POLICIES).default('forbid'),
  timeout: whole.default(3_600),
  retries: whole.default(0),
  backOff: whole.default(60),
  deadline: whole.default(300),
  catchUp: z.boolean().default(true),
});

/** Adds the commands. */
export function addSchedule(program: Command, set: CommandSet): void {
  const schedule = program.command('schedule').description('what is to be done when: list, add, run, pause, history');
  defineCommand(schedule.command('list').description('every schedule with its next and its last run'), set, {
    options: none,
    examples: ['botpool schedule list'],
    run: list,
  });
  const add = schedule
    .command('add')
    .argument('<name>')
    .description('make a schedule')
    .requiredOption('--cron <expression>', 'five fields, or six with seconds first')
    .requiredOption('--job <job>', 'what to run: “botpool schedule jobs” lists them')
    .option('--zone <zone>', 'IANA time zone (default: UTC)')
    .option('--payload <json>', 'what the job is told, as JSON')
    .option('--overlap <policy>', `${OVERLAP_POLICIES.join(', ')} (default: forbid)`)
    .option('--timeout <seconds>', 'a run is stopped after this time (default: 3600)')
    .option('--retries <number>', 'how often a failed run is tried again (default: 0)')
    .option('--back-off <seconds>', 'before the first retry; doubles (default: 60)')
    .option('--deadline <seconds>', 'a run that begins later than this was missed (default: 300)')
    .option('--no-catch-up', 'do not make up for missed runs');
  defineCommand(add, set, {
    options: addOptions,
    examples: [`botpool schedule add backup-hourly --cron "0 * * * *" --job backup --zone Europe/Moscow`],
    run: addOne,
  });
  defineCommand(schedule.command('jobs').description('what schedules may run'), set, {
    options: none,
    examples: ['botpool schedule jobs'],
    run: jobs,
  });
  named(schedule, set, 'run', 'run it now', async ({ client }, name, context) => {
    const result = await client.schedules.run({ name });
    context.data(result);
    context.line(context.say('cli-schedule-run', { name }));
  });
  named(schedule, set, 'resume', 'go on after a pause', async ({ client }, name, context) => {
    context.data(await client.schedules.resume({ name }));
    context.line(context.say('cli-schedule-resumed', { name }));
  });
  named(schedule, set, 'remove', 'remove a schedule with its history', async ({ client }, name, context) => {
    context.data(await client.schedules.remove({ name }));
    context.line(context.say('cli-schedule-removed', { name }));
  });
  const pause = schedule
    .command('pause')
    .argument('<name>')
    .description('stop a schedule from being due; what runs goes on')
    .requiredOption('--reason <text>', 'why: the next operator will ask');
  defineCommand(pause, set, {
    options: z.object({ reason: z.string() }),
    examples: ['botpool schedule pause retention --reason "moving the bucket"'],
    run: async (context, { reason }, [name = '']) => {
      await withControlPlane(context, async ({ client }) =>
        context.data(await client.schedules.pause({ name, reason })),
      );
      context.line(context.say('cli-schedule-paused', { name }));
      return undefined;
    },
  });
  const history = schedule
    .command('history')
    .argument('[name]', 'left out: of all schedules')
    .description('the newest runs first')
    .option('-n, --limit <number>', 'how many (default: 20)')
    .option('--output', 'what the jobs said, too');
  defineCommand(history, set, {
    options: z.object({ limit: whole.default(20), output: z.boolean().default(false) }),
    examples: ['botpool schedule history backup --output'],
    run: showHistory,
  });
}

type Work = (
  connection: Parameters<Parameters<typeof withControlPlane>[1]>[0],
  name: string,
  context: CliContext,
) => Promise<void>;

function named(schedule: Command, set: CommandSet, verb: string, description: string, work: Work): void {
  defineCommand(schedule.command(verb).argument('<name>').description(description), set, {
    options: none,
    examples: [`botpool schedule ${verb} backup`],
    run: async (context, _options, [name = '']) => {
      await withControlPlane(context, (connection) => work(connection, name, context));
      return undefined;
    },
  });
}

async function list(context: CliContext): Promise<undefined> {
  const schedules = await withControlPlane(context, ({ client }) => client.schedules.list());
  context.data(schedules);
  const columns = ['name', 'when', 'next', 'last', 'state'] as const;
  context.line(
    table(
      columns.map((column) => context.say(`cli-column-${column}`)),
      schedules.map((one) => rowOf(context, one)),
    ),
  );
}

function rowOf(context: CliContext, view: ScheduleView): string[] {
  const [next] = view.next;
  const { last } = view;
  return [
    view.name,
    `${view.expression} ${view.zone}`,
    next === undefined ? '' : next.toISOString().slice(0, 19).replace('T', ' '),
    last === null ? '' : ago((last.endedAt ?? last.startedAt ?? last.dueAt).getTime(), Date.now(), context.locale),
    view.paused === null ? (last?.state ?? '') : `${context.say('cli-schedule-is-paused')}: ${view.paused.reason}`,
  ];
}

async function jobs(context: CliContext): Promise<undefined> {
  const names = await withControlPlane(context, ({ client }) => client.schedules.jobs());
  context.data(names);
  context.line(names.join('\n'));
}

async function addOne(
  context: CliContext,
  given: z.output<typeof addOptions>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const { cron: expression, zone, job, overlap, retries, catchUp } = given;
  const request = {
    ...{ name, job, expression, zone, overlap, retries, catchUp, payload: parsePayload(given.payload) },
    timeoutSeconds: given.timeout,
    backOffSeconds: given.backOff,
    startDeadlineSeconds: given.deadline,
  };
  await withControlPlane(context, async ({ client }) => {
    context.data(await client.schedules.add(request));
    const next = await client.schedules.preview({ expression, zone, count: 3 });
    context.line(context.say('cli-schedule-added', { name, next: next.map((at) => at.toISOString()).join(', ') }));
  });
}

function parsePayload(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new BotpoolError('input_invalid', { field: '--payload', problem: 'expected a JSON object' }, { cause });
  }
}

async function showHistory(
  context: CliContext,
  given: { readonly limit: number; readonly output: boolean },
  [name]: readonly string[],
): Promise<undefined> {
  const query = { limit: given.limit, ...(name === undefined ? {} : { name }) };
  const runs = await withControlPlane(context, ({ client }) => client.schedules.history(query));
  context.data(runs);
  if (runs.length === 0) context.line(context.say('cli-schedule-no-runs'));
  for (const run of runs) {
    context.line(runLine(context, run));
    if (given.output && run.output !== '') context.line(run.output.replaceAll(/^/gm, '    ').trimEnd());
  }
}

function runLine(context: CliContext, run: RunView): string {
  const { startedAt, endedAt, code } = run;
  const took = startedAt === null || endedAt === null ? '' : seconds(endedAt.getTime() - startedAt.getTime());
  const why = code !== null && isErrorCode(code) ? describeError(code, run.facts, context.locale, 'operator') : '';
  return [run.dueAt.toISOString(), run.schedule, run.state, run.cause, took, why]
    .filter((part) => part !== '')
    .join('  ');
}
