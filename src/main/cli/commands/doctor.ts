/** `botpool doctor`: the production check-list, and what of it Botpool can mend itself. */
import type { Command } from 'commander';
import * as z from 'zod';
import { CHECK_STATES, type Check, type CheckState } from '#shared/api/checks.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

const options = z.object({ fix: z.boolean().default(false) });
const SIGNS: Readonly<Record<CheckState, string>> = { ok: '✓', warn: '!', fail: '✗', unknown: '?' };

/** Adds the command. */
export function addDoctor(program: Command, set: CommandSet): void {
  const command = program
    .command('doctor')
    .description('the production check-list: what is good, what to know, what to mend')
    .option('--fix', 'mend what needs no person');
  defineCommand(command, set, { options, examples: ['botpool doctor', 'botpool doctor --fix'], run: doctor });
}

async function doctor(context: CliContext, { fix }: z.output<typeof options>): Promise<number> {
  return await withControlPlane(context, async ({ client }) => {
    const { locale } = context;
    let { checks } = await client.checks.run({ locale });
    if (fix) {
      for (const { id, title } of checks.filter(({ fixable }) => fixable)) {
        await client.checks.fix({ id, locale });
        context.line(context.say('cli-doctor-fixed', { title }));
      }
      ({ checks } = await client.checks.run({ locale }));
    }
    context.data({ checks });
    for (const check of checks) tell(context, check);
    const sum = CHECK_STATES.map((state) => [state, checks.filter((check) => check.state === state).length] as const);
    context.line(context.say('cli-doctor-sum', Object.fromEntries(sum)));
    if (checks.some(({ fixable }) => fixable)) context.line(context.say('cli-doctor-fix-hint'));
    return checks.some(({ state }) => state === 'fail') ? EXIT.failed : EXIT.ok;
  });
}

/** What is good takes one line; the rest says why it matters and what to do. */
function tell(context: CliContext, { state, title, found, why, fix }: Check): void {
  context.line(`${SIGNS[state]} ${title}: ${found}`);
  if (state === 'ok') return;
  context.line(`    ${why}`);
  context.line(`    ${fix}`);
}
