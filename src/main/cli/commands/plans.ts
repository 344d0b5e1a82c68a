/** `botpool plans list|set`: what is sold, and for how much. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { PlanView } from '#shared/schemas/sales.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { money, parseMoney } from '../format/money.ts';
import { table } from '../format/table.ts';

const setOptions = z.object({
  nameRu: z.string().optional(),
  nameEn: z.string().optional(),
  price: z.string().optional(),
  months: z.coerce.number().int().min(1).max(36).optional(),
  position: z.coerce.number().int().min(0).optional(),
  on: z.boolean().default(false),
  off: z.boolean().default(false),
});

/** Adds the commands. */
export function addPlans(program: Command, set: CommandSet): void {
  const plans = program.command('plans').description('what is sold: list, set');
  defineCommand(plans.command('list').description('every plan'), set, {
    options: z.object({}),
    examples: ['botpool plans list'],
    run: list,
  });
  const setting = plans
    .command('set')
    .argument('<plan>', 'its id, such as start')
    .description('make a plan, or change what is named; orders that were agreed keep their price')
    .option('--name-ru <name>', 'its name in Russian')
    .option('--name-en <name>', 'its name in English')
    .option('--price <sum>', 'in roubles, such as 990 or 990.50')
    .option('--months <n>', 'how long it pays for')
    .option('--position <n>', 'its place in the price list')
    .option('--off', 'sell it no more')
    .option('--on', 'sell it again');
  defineCommand(setting, set, {
    options: setOptions,
    examples: [
      'botpool plans set start --price 1190',
      'botpool plans set half --name-ru "Полгода" --name-en "Half a year" --price 4900 --months 6',
      'botpool plans set half --off',
    ],
    run: setPlan,
  });
}

async function list(context: CliContext): Promise<undefined> {
  const plans = await withControlPlane(context, ({ client }) => client.plans.list());
  context.data(plans);
  context.line(drawPlans(context, plans));
}

function drawPlans(context: CliContext, plans: readonly PlanView[]): string {
  const columns = [
    'cli-column-plan',
    'cli-column-name',
    'cli-column-sum',
    'cli-column-months',
    'cli-column-state',
  ] as const;
  const rows = plans.map(({ id, nameRu, nameEn, price, currency, months, active }) => [
    id,
    context.locale === 'ru' ? nameRu : nameEn,
    money(price, currency, context.locale),
    String(months),
    context.say(active ? 'cli-plan-on' : 'cli-plan-off'),
  ]);
  return table(
    columns.map((key) => context.say(key)),
    rows,
  );
}

async function setPlan(
  context: CliContext,
  { price, on, off, nameRu, nameEn, months, position }: z.output<typeof setOptions>,
  [id = '']: readonly string[],
): Promise<undefined> {
  const change = {
    id,
    ...(nameRu === undefined ? {} : { nameRu }),
    ...(nameEn === undefined ? {} : { nameEn }),
    ...(price === undefined ? {} : { price: parseMoney(price) }),
    ...(months === undefined ? {} : { months }),
    ...(position === undefined ? {} : { position }),
    ...(on ? { active: true } : off ? { active: false } : {}),
  };
  const plan = await withControlPlane(context, ({ client }) => client.plans.set(change));
  context.data(plan);
  context.line(drawPlans(context, [plan]));
}
