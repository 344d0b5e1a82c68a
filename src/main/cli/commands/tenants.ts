/** `botpool tenants list|show|delete`: the register of clients. */
import type { Command } from 'commander';
import * as z from 'zod';
import type { TenantView } from '#shared/api/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { parseClientId } from '#shared/schemas/tenant.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { shortName } from '../format/containers.ts';
import { stageLines } from '../format/stages.ts';
import { table } from '../format/table.ts';
import { ago } from '../format/time.ts';

const deleteOptions = z.object({
  keepData: z.boolean().default(false),
  dropData: z.boolean().default(false),
  confirm: z.string().optional(),
});

/** Adds the commands. */
export function addTenants(program: Command, set: CommandSet): void {
  const tenants = program.command('tenants').description('the clients: list, show, delete');
  const none = z.object({});
  defineCommand(tenants.command('list').description('every client that is not deleted'), set, {
    options: none,
    examples: ['botpool tenants list'],
    run: list,
  });
  defineCommand(tenants.command('show').argument('<client>').description('one client'), set, {
    options: none,
    examples: ['botpool tenants show client_001'],
    run: show,
  });
  const remove = tenants
    .command('delete')
    .argument('<client>')
    .description('delete a client for good; its id is never used again')
    .option('--keep-data', 'its tables stay in the database')
    .option('--drop-data', 'its bookings, customers and settings are deleted, too')
    .option('--confirm <client>', 'the client id once more, where nobody can be asked');
  defineCommand(remove, set, {
    options: deleteOptions,
    examples: ['botpool tenants delete client_001 --drop-data --confirm client_001'],
    run: deleteClient,
  });
}

async function list(context: CliContext): Promise<undefined> {
  const tenants = await withControlPlane(context, ({ client }) => client.tenants.list());
  context.data(tenants);
  context.line(tenants.length === 0 ? context.say('cli-tenants-none') : drawTenants(context, tenants));
}

function drawTenants(context: CliContext, tenants: readonly TenantView[]): string {
  const columns = [
    'cli-column-client',
    'cli-column-state',
    'cli-column-bot',
    'cli-column-username',
    'cli-column-company',
  ] as const;
  const rows = tenants.map((tenant) => [
    tenant.clientId,
    stateOf(context, tenant),
    tenant.container === null ? '' : shortName(tenant.container),
    tenant.botUsername === null ? '' : `@${tenant.botUsername}`,
    tenant.company,
  ]);
  return table(
    columns.map((key) => context.say(key)),
    rows,
  );
}

function stateOf(context: CliContext, tenant: TenantView): string {
  if (tenant.state !== 'active' || tenant.serving) return tenant.state;
  if (tenant.queuePosition !== null) return context.say('cli-tenant-queued', { place: tenant.queuePosition });
  return 'activating';
}

async function show(context: CliContext, _options: object, [id = '']: readonly string[]): Promise<undefined> {
  const clientId = parseClientId(id);
  const tenant = await withControlPlane(context, ({ client }) => client.tenants.show({ clientId }));
  context.data(tenant);
  const { company, kind, locale, timeZone, ownerId, botUsername, container, since, stages } = tenant;
  const link = botUsername === null ? '' : `  https://t.me/${botUsername}`;
  context.line(`${clientId}  ${stateOf(context, tenant)}${link}`);
  context.line(context.say('cli-tenant-facts', { company, kind, locale, timeZone, ownerId: String(ownerId) }));
  if (container !== null && since !== null) {
    const time = ago(since.getTime(), Date.now(), context.locale);
    context.line(context.say('cli-tenant-bot', { bot: shortName(container), since: time }));
  }
  for (const line of stageLines(stages)) context.line(line);
}

async function deleteClient(
  context: CliContext,
  given: z.output<typeof deleteOptions>,
  [id = '']: readonly string[],
): Promise<undefined> {
  const clientId = parseClientId(id);
  if (given.keepData === given.dropData) {
    throw new BotpoolError('input_invalid', { field: '--keep-data', problem: context.say('cli-delete-choice') });
  }
  const { keepData } = given;
  await withControlPlane(context, async ({ client }) => {
    const { company } = await client.tenants.show({ clientId });
    const question = context.say(keepData ? 'cli-delete-ask-keep' : 'cli-delete-ask-drop', { clientId, company });
    const confirm = given.confirm ?? (await context.host.ask?.(`${question} `));
    if (confirm === undefined || confirm.trim() !== clientId) {
      throw new BotpoolError('input_invalid', {
        field: '--confirm',
        problem: context.say('cli-delete-confirm', { clientId }),
      });
    }
    const result = await client.tenants.delete({ clientId, keepData, confirm: confirm.trim() });
    context.data(result);
    context.line(context.say(keepData ? 'cli-delete-done-keep' : 'cli-delete-done-drop', { clientId }));
  });
}
