/** `botpool status`: the pool now, or live. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { PoolStatus } from '#shared/api/pool.ts';
import type { Service } from '#shared/api/stack.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { shortName } from '../format/containers.ts';
import { countsLine, drawPool } from '../format/pool-view.ts';

const options = z.object({ watch: z.boolean().default(false) });
const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J';

/** Adds the command. */
export function addStatus(program: Command, set: CommandSet): void {
  const command = program
    .command('status')
    .description('the bots of the pool: who waits, who serves whom, what is wrong')
    .option('-w, --watch', 'stay and show every change');
  defineCommand(command, set, {
    options,
    examples: ['botpool status', 'botpool status --json | jq .waiting'],
    run: status,
  });
}

async function status(context: CliContext, { watch }: z.output<typeof options>): Promise<undefined> {
  await withControlPlane(context, async ({ client }) => {
    if (!watch) {
      show(context, await client.pool.status());
      return showServices(context, await client.stack.services());
    }
    for await (const snapshot of await client.pool.watch()) showAgain(context, snapshot);
  });
}

function show(context: CliContext, snapshot: PoolStatus): void {
  context.data(snapshot);
  const { isTerminal } = context.host;
  context.line(drawPool(snapshot, { locale: context.locale, now: Date.now(), withBar: isTerminal }));
}

/** What the pool stands on, in one line; what does not run gets a line of its own. */
function showServices(
  context: CliContext,
  { engine, services }: { readonly engine: string; readonly services: readonly Service[] },
): void {
  const others = services.filter(({ service }) => service !== null && !service.startsWith('bot-pool'));
  const down = others.filter(({ state }) => state !== 'running');
  const counts = { running: others.length - down.length, total: others.length, engine };
  context.line(`\n${context.say('cli-status-services', counts)}`);
  for (const { name, state } of down) {
    context.line(context.say('cli-status-service-down', { service: shortName(name), state }));
  }
}

/** A terminal is drawn anew; a pipe gets one line for each change. */
function showAgain(context: CliContext, snapshot: PoolStatus): void {
  if (context.host.isTerminal && !context.json) {
    context.host.writeOut(CLEAR_SCREEN);
    show(context, snapshot);
  } else {
    context.data(snapshot);
    context.line(`${new Date().toISOString()}  ${countsLine(snapshot, context.locale)}`);
  }
}
