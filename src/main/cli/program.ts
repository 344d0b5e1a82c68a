/** The `botpool` command line: puts the commands together, and turns every end into an exit code. */
import { Command, CommanderError } from 'commander';
import type { CommandSet } from './command.ts';
import { addActivate } from './commands/activate.ts';
import { addAlerts } from './commands/alerts.ts';
import { addBackup } from './commands/backup.ts';
import { addDeactivate } from './commands/deactivate.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addImages } from './commands/images.ts';
import { addLogs } from './commands/logs.ts';
import { addOrders } from './commands/orders.ts';
import { addPanel } from './commands/panel.ts';
import { addPlans } from './commands/plans.ts';
import { addPool } from './commands/pool.ts';
import { addRestart } from './commands/restart.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addScale } from './commands/scale.ts';
import { addSchedule } from './commands/schedule.ts';
import { addServe, addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTenants } from './commands/tenants.ts';
import { addTokens } from './commands/tokens.ts';
import { addUp } from './commands/up.ts';
import { addUsers } from './commands/users.ts';
import type { CliHost } from './context.ts';
import { EXIT } from './exit-codes.ts';

const HINT = '(add --help for the options and an example)';
const COMMANDS = [
  addStart,
  addServe,
  addUp,
  addDown,
  addStatus,
  addActivate,
  addDeactivate,
  addScale,
  addPool,
  addAlerts,
  addLogs,
  addRestart,
  addTenants,
  addBackup,
  addSchedule,
  addOrders,
  addPlans,
  addSandbox,
  addImages,
  addDoctor,
  addPanel,
  addUsers,
  addTokens,
] as const;

/** Runs one command line (without the program's own name) to its end; returns the exit code. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  let code: number = EXIT.ok;
  const set: CommandSet = {
    host,
    finish: (result) => {
      code = result;
    },
  };
  const program = createProgram(host, args.includes('--json'));
  for (const add of COMMANDS) add(program, set);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

function createProgram(host: CliHost, json: boolean): Command {
  return new Command('botpool')
    .description('Runs a pool of warm Telegram bots and gives them to clients.')
    .exitOverride()
    .showHelpAfterError(HINT)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: host.writeOut,
      writeErr: (text) => {
        if (!json) host.writeErr(text);
      },
      outputError: (text, write) => {
        const message = text.replace(/^error: /, '').trim();
        if (json) host.writeOut(`${JSON.stringify({ error: { code: 'usage', data: {}, message } })}\n`);
        else write(text);
      },
    });
}
