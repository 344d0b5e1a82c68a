/** `botpool sandbox …`: the simulated world from a terminal. */
import type { Command } from 'commander';
import type { CommandSet } from '../command.ts';
import { addSandboxBot } from './sandbox-bot.ts';
import { addSandboxList } from './sandbox-list.ts';
import { addSandboxOpen } from './sandbox-open.ts';
import { addSandboxPerson } from './sandbox-person.ts';
import { addSandboxPress } from './sandbox-press.ts';
import { addSandboxRead } from './sandbox-read.ts';
import { addSandboxSay } from './sandbox-say.ts';
import { addSandboxStart } from './sandbox-start.ts';

/** Adds the commands. */
export function addSandbox(program: Command, set: CommandSet): void {
  const sandbox = program
    .command('sandbox')
    .description('the simulated Telegram: make people and bots, write to them, press their buttons');
  addSandboxPerson(sandbox, set);
  addSandboxBot(sandbox, set);
  addSandboxStart(sandbox, set);
  addSandboxSay(sandbox, set);
  addSandboxPress(sandbox, set);
  addSandboxOpen(sandbox, set);
  addSandboxRead(sandbox, set);
  addSandboxList(sandbox, set);
}
