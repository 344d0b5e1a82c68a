/** `botpool users list|add|set|remove`: who may sign in to the panel, and as what. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { ROLES } from '#shared/api/access.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { table } from '../format/table.ts';
import { ago } from '../format/time.ts';

const role = z.enum(ROLES);
const addOptions = z.object({ role: role.default('operator'), passwordFile: z.string().optional() });
const setOptions = z.object({
  role: role.optional(),
  passwordFile: z.string().optional(),
  newPassword: z.boolean().default(false),
  disable: z.boolean().default(false),
  enable: z.boolean().default(false),
});
const FILE = ['--password-file <file>', 'file with the password; - reads it from the input'] as const;

/** Adds the commands. */
export function addUsers(program: Command, set: CommandSet): void {
  const users = program.command('users').description('who may sign in to the panel: list, add, set, remove');
  defineCommand(users.command('list').description('every user'), set, {
    options: z.object({}),
    examples: ['botpool users list'],
    run: list,
  });
  const adding = users.command('add').argument('<name>').description('add a user; without a password one is made');
  defineCommand(adding.option('--role <role>', 'viewer, operator (default) or admin').option(...FILE), set, {
    options: addOptions,
    examples: ['botpool users add anna --role admin', 'botpool users add olga --role viewer --password-file pw.txt'],
    run: add,
  });
  const setting = users
    .command('set')
    .argument('<name>')
    .description('change a user; ends all of its sessions')
    .option('--role <role>', 'viewer, operator or admin')
    .option('--new-password', 'make a new password')
    .option(...FILE)
    .option('--disable', 'the user may not sign in any more')
    .option('--enable', 'the user may sign in again');
  defineCommand(setting, set, {
    options: setOptions,
    examples: ['botpool users set anna --role viewer', 'botpool users set anna --new-password'],
    run: change,
  });
  const removing = users.command('remove').argument('<name>').description('remove a user');
  defineCommand(removing, set, {
    options: z.object({}),
    examples: ['botpool users remove anna'],
    run: remove,
  });
}

async function list(context: CliContext): Promise<undefined> {
  const users = await withControlPlane(context, ({ client }) => client.session.users.list());
  context.data(users);
  if (users.length === 0) {
    context.line(context.say('cli-users-none'));
    return;
  }
  const columns = ['cli-column-name', 'cli-column-role', 'cli-column-state', 'cli-column-signed-in'] as const;
  const rows = users.map((user) => [
    user.name,
    user.role,
    user.disabled ? 'disabled' : 'enabled',
    user.lastSignInAt === null ? '' : ago(user.lastSignInAt.getTime(), Date.now(), context.locale),
  ]);
  context.line(
    table(
      columns.map((key) => context.say(key)),
      rows,
    ),
  );
}

/** The password of a file, or a new one that is told once. */
async function passwordOf(context: CliContext, file: string | undefined): Promise<{ text: string; made: boolean }> {
  if (file === undefined) return { text: randomBytes(15).toString('base64url'), made: true };
  if (file === '-') return { text: (await context.host.readStdin()).replace(/\r?\n$/, ''), made: false };
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new BotpoolError('input_invalid', { field: '--password-file', problem: error.message });
  });
  return { text: text.replace(/\r?\n$/, ''), made: false };
}

async function add(
  context: CliContext,
  given: z.output<typeof addOptions>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const password = await passwordOf(context, given.passwordFile);
  const user = await withControlPlane(context, ({ client }) =>
    client.session.users.add({ name, role: given.role, password: password.text }),
  );
  context.data({ ...user, ...(password.made ? { password: password.text } : {}) });
  context.line(context.say('cli-user-added', { name: user.name, role: user.role }));
  if (password.made) context.line(context.say('cli-user-password', { password: password.text }));
}

async function change(
  context: CliContext,
  given: z.output<typeof setOptions>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const wantsPassword = given.newPassword || given.passwordFile !== undefined;
  const password = wantsPassword ? await passwordOf(context, given.passwordFile) : undefined;
  if (given.disable && given.enable) {
    throw new BotpoolError('input_invalid', { field: '--disable', problem: context.say('cli-user-choice') });
  }
  const user = await withControlPlane(context, ({ client }) =>
    client.session.users.change({
      name,
      ...(given.role === undefined ? {} : { role: given.role }),
      ...(given.disable || given.enable ? { disabled: given.disable } : {}),
      ...(password === undefined ? {} : { password: password.text }),
    }),
  );
  const made = password?.made === true ? password.text : undefined;
  context.data({ ...user, ...(made === undefined ? {} : { password: made }) });
  context.line(context.say('cli-user-changed', { name: user.name, role: user.role }));
  if (made !== undefined) context.line(context.say('cli-user-password', { password: made }));
}

async function remove(context: CliContext, _options: object, [name = '']: readonly string[]): Promise<undefined> {
  const removed = await withControlPlane(context, ({ client }) => client.session.users.remove({ name }));
  context.data(removed);
  context.line(context.say('cli-user-removed', removed));
}
