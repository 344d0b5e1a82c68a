/** `botpool pool explain|policy|simulate|check`: what the autoscaler does and why; what differs from what is wanted. */
import type { Command } from 'commander';
import * as z from 'zod';
import { divergenceSentence } from '#shared/texts/scaling-sentences.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { drawComparison, drawScaling } from '../format/scaling-view.ts';

const explainOptions = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(10),
  all: z.boolean().default(false),
});
const policyOptions = z.object({ set: z.string().optional() });
const simulateOptions = z.object({ policy: z.string(), hours: z.coerce.number().min(0.1).max(744).default(168) });

/** Adds the commands. */
export function addPool(program: Command, set: CommandSet): void {
  const pool = program
    .command('pool')
    .description('the autoscaler and the reconciler: explain, policy, simulate, check');
  const explain = pool
    .command('explain')
    .description('how many bots are wanted, why, and the newest decisions')
    .option('--limit <n>', 'how many decisions (default: 10)')
    .option('--all', 'also decisions that changed nothing');
  defineCommand(explain, set, {
    options: explainOptions,
    examples: ['botpool pool explain', 'botpool pool explain --all --limit 50'],
    run: explainPool,
  });
  const policy = pool
    .command('policy')
    .description('the policy in words; --set changes it at once')
    .option(
      '--set <words>',
      'what to change: min, batch, max, percent, forecast, schedule, cooldown, autoscaler; or default',
    );
  defineCommand(policy, set, {
    options: policyOptions,
    examples: [
      'botpool pool policy --set "min=5, forecast=on"',
      'botpool pool policy --set "schedule=fri+sat 18:00-02:00 Europe/Moscow 20"',
      'botpool pool policy --set default',
    ],
    run: changePolicy,
  });
  const check = pool
    .command('check')
    .description('where what is there differs from what is wanted; exit code 1 when you must look');
  defineCommand(check, set, { options: z.object({}), examples: ['botpool pool check'], run: checkPool });
  const simulate = pool
    .command('simulate')
    .description('what another policy would have done with the activations of the past; changes nothing')
    .requiredOption('--policy <words>', 'what to change, as with “pool policy --set”')
    .option('--hours <n>', 'how far back (default: 168)');
  defineCommand(simulate, set, {
    options: simulateOptions,
    examples: [
      'botpool pool simulate --policy "min=8"',
      'botpool pool simulate --policy "percent=20, min=1" --hours 24',
    ],
    run: simulatePolicy,
  });
}

async function checkPool(context: CliContext): Promise<number | undefined> {
  const { divergences } = await withControlPlane(context, ({ client }) => client.scaling.check());
  context.data({ divergences });
  if (divergences.length === 0) context.line(context.say('cli-check-none'));
  for (const divergence of divergences) context.line(divergenceSentence(divergence, context.locale));
  return divergences.some(({ remedy }) => remedy === 'told') ? 1 : undefined;
}

async function explainPool(context: CliContext, given: z.output<typeof explainOptions>): Promise<undefined> {
  const { limit, all } = given;
  await withControlPlane(context, async ({ client }) => {
    // The very newest says how it stands now, whatever else is listed.
    const [newest, acts] = await Promise.all([
      client.scaling.explain({ limit: 1 }),
      client.scaling.explain({ limit, onlyActs: !all }),
    ]);
    context.data({ ...acts, now: newest.decisions[0] ?? null });
    context.line(drawScaling(acts, newest.decisions[0], context.locale));
  });
}

async function changePolicy(context: CliContext, { set }: z.output<typeof policyOptions>): Promise<undefined> {
  await withControlPlane(context, async ({ client }) => {
    const view =
      set === undefined ? await client.scaling.explain({ limit: 1 }) : await client.scaling.setPolicy({ words: set });
    const { words, own, policy } = view;
    context.data({ words, own, policy });
    context.line(words);
    context.line(context.say(own ? 'cli-policy-own' : 'cli-policy-variables'));
  });
}

async function simulatePolicy(context: CliContext, given: z.output<typeof simulateOptions>): Promise<undefined> {
  await withControlPlane(context, async ({ client }) => {
    const comparison = await client.scaling.simulate({ words: given.policy, hours: given.hours });
    context.data(comparison);
    context.line(drawComparison(comparison, context.locale));
  });
}
