/** `botpool tokens list|create|revoke`: tokens of programs that use the API. */
import type { Command } from 'commander';
import * as z from 'zod';
import { ACCESS_LEVELS } from '#shared/api/access.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { table } from '../format/table.ts';
import { ago } from '../format/time.ts';

const createOptions = z.object({
  scope: z.enum(ACCESS_LEVELS).default('read'),
  days: z
    .string()
    .regex(/^\d{1,4}$/, 'expected a number of days from 1 to 3650')
    .optional(),
});

/** Adds the commands. */
export function addTokens(program: Command, set: CommandSet): void {
  const tokens = program.command('tokens').description('tokens of programs that use the API: list, create, revoke');
  defineCommand(tokens.command('list').description('every token, revoked ones too'), set, {
    options: z.object({}),
    examples: ['botpool tokens list'],
    run: list,
  });
  const creating = tokens
    .command('create')
    .argument('<name>')
    .description('make a token; it is shown once')
    .option('--scope <scope>', 'read (default), operate or admin')
    .option('--days <days>', 'it ends after so many days');
  defineCommand(creating, set, {
    options: createOptions,
    examples: ['botpool tokens create prometheus', 'botpool tokens create crm --scope operate --days 365'],
    run: create,
  });
  const revoking = tokens.command('revoke').argument('<id>').description('end a token at once');
  defineCommand(revoking, set, {
    options: z.object({}),
    examples: ['botpool tokens revoke 0198c0de-0000-7000-8000-000000000000'],
    run: revoke,
  });
}

async function list(context: CliContext): Promise<undefined> {
  const tokens = await withControlPlane(context, ({ client }) => client.session.tokens.list());
  context.data(tokens);
  if (tokens.length === 0) {
    context.line(context.say('cli-tokens-none'));
    return;
  }
  const columns = [
    'cli-column-id',
    'cli-column-name',
    'cli-column-scope',
    'cli-column-state',
    'cli-column-used',
  ] as const;
  const time = (at: Date | null): string => (at === null ? '' : ago(at.getTime(), Date.now(), context.locale));
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.scope,
    token.revokedAt !== null ? 'revoked' : (token.expiresAt?.getTime() ?? Infinity) < Date.now() ? 'expired' : 'good',
    time(token.lastUsedAt),
  ]);
  const head = columns.map((key) => context.say(key));
  context.line(table(head, rows));
}

async function create(
  context: CliContext,
  { scope, days }: z.output<typeof createOptions>,
  [name = '']: readonly string[],
): Promise<undefined> {
  const made = await withControlPlane(context, ({ client }) =>
    client.session.tokens.create({ name, scope, ...(days === undefined ? {} : { days: Number(days) }) }),
  );
  context.data({ ...made.token, secret: made.secret });
  context.line(context.say('cli-token-made', { name: made.token.name, scope: made.token.scope }));
  context.line(made.secret);
}

async function revoke(context: CliContext, _options: object, [id = '']: readonly string[]): Promise<undefined> {
  const token = await withControlPlane(context, ({ client }) => client.session.tokens.revoke({ id }));
  context.data(token);
  context.line(context.say('cli-token-revoked', { name: token.name }));
}
