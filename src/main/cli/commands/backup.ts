/** `botpool backup …`: made, proven by restoring, put back. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { isErrorCode } from '#shared/errors/codes.ts';
import type { BackupDetails, BackupView } from '#shared/schemas/backup.ts';
import { describeError } from '#shared/texts/translate.ts';
import { readHostConfig } from '../../config.ts';
import { findHost } from '../../headless/host-file.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { table } from '../format/table.ts';
import { ago } from '../format/time.ts';

const none = z.object({});
const LOOK_MS = 500;
const MIB = 1_048_576;

const restoreOptions = z.object({
  client: z.string().optional(),
  all: z.boolean().default(false),
  identity: z.string().optional(),
  masterKey: z.string().optional(),
  as: z.string().optional(),
  table: z.string().optional(),
  output: z.string().optional(),
  dryRun: z.boolean().default(false),
  confirm: z.string().optional(),
});

/** Adds the commands. */
export function addBackup(program: Command, set: CommandSet): void {
  const backup = program
    .command('backup')
    .description('backups: create, list, show, verify, restore, pin, prune, copy, fetch, offsite, watch');
  const create = backup
    .command('create')
    .description('make a backup and prove it by restoring it on trial')
    .option('--client <client>', 'one client only (default: everything)');
  defineCommand(create, set, {
    options: z.object({ client: z.string().optional() }),
    examples: ['botpool backup create', 'botpool backup create --client client_001'],
    run: (context, { client: scope }) =>
      follow(context, ({ client }) => client.backups.create({ scope: scope ?? 'all' })),
  });
  defineCommand(backup.command('list').description('every backup and what is known of it'), set, {
    options: none,
    examples: ['botpool backup list'],
    run: list,
  });
  const id = '<backup>';
  defineCommand(backup.command('show').argument(id).description('what is inside of one backup'), set, {
    options: none,
    examples: ['botpool backup show b20260131-020000-1a2b3c'],
    run: async (context, _options, [backupId = '']) => {
      const details = await withControlPlane(context, ({ client }) => client.backups.show({ id: backupId }));
      context.data(details);
      showOne(context, details);
      return undefined;
    },
  });
  defineCommand(backup.command('verify').argument(id).description('restore it on trial and count every row'), set, {
    options: none,
    examples: ['botpool backup verify b20260131-020000-1a2b3c'],
    run: (context, _options, [backupId = '']) =>
      follow(context, ({ client }) => client.backups.verify({ id: backupId })),
  });
  const restore = backup
    .command('restore')

    .argument('<backup>', 'its id; with --all its id or its folder')
    .description('put one client back as it was; its bot resumes by itself')
    .option('--client <client>', 'which client')
    .option('--all', 'everything, from the folder of a backup, while nothing runs: also on an empty machine')
    .option('--identity <file>', 'with --all: the private key (age) of an encrypted backup')
    .option('--master-key <file>', 'with --all: a copy of secrets/master.key, where there is none')
    .option('--as <client>', 'make it another client instead')
    .option('--table <table>', 'write one of its tables as CSV, and change nothing')
    .option('--output <file>', 'where the CSV goes (default: this terminal)')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--confirm <client>', 'the client id once more, where nobody can be asked');
  defineCommand(restore, set, {
    options: restoreOptions,
    examples: [
      'botpool backup restore b20260131-020000-1a2b3c --client client_001 --dry-run',
      'botpool backup restore b20260131-020000-1a2b3c --client client_001',
      'botpool backup restore b20260131-020000-1a2b3c --all',
      'botpool backup restore /mnt/disk/b20260131-020000-1a2b3c --all',
      'botpool backup restore b20260131-020000-1a2b3c --client client_001 --table bookings --output bookings.csv',
    ],
    run: restoreOne,
  });
  defineCommand(backup.command('copy').argument(id).description('copy it to the target, and read it back'), set, {
    options: none,
    examples: ['botpool backup copy b20260131-020000-1a2b3c'],
    run: (context, _options, [backupId = '']) => follow(context, ({ client }) => client.backups.ship({ id: backupId })),
  });
  defineCommand(backup.command('fetch').argument(id).description('bring it back from the target'), set, {
    options: none,
    examples: ['botpool backup fetch b20260131-020000-1a2b3c'],
    run: fetchBack,
  });
  defineCommand(backup.command('offsite').description('what lies whole on the target; also where nothing runs'), set, {
    options: none,
    examples: ['botpool backup offsite'],
    run: offsite,
  });
  const pin = backup
    .command('pin')
    .argument(id)
    .description('keep it whatever the rules say')
    .option('--off', 'no more');
  defineCommand(pin, set, {
    options: z.object({ off: z.boolean().default(false) }),
    examples: ['botpool backup pin b20260131-020000-1a2b3c'],
    run: async (context, { off }, [backupId = '']) => {
      context.data(await withControlPlane(context, ({ client }) => client.backups.pin({ id: backupId, pinned: !off })));
      return undefined;
    },
  });
  const prune = backup
    .command('prune')
    .description('remove what no rule of retention holds')
    .option('--dry-run', 'show what would go, and why the others stay')
    .option('--keep <rules>', 'change the rules, such as last=3,daily=7,weekly=4,monthly=12');
  defineCommand(prune, set, {
    options: z.object({ dryRun: z.boolean().default(false), keep: z.string().optional() }),
    examples: ['botpool backup prune --dry-run', 'botpool backup prune --keep last=3,daily=14 --dry-run'],
    run: pruneOld,
  });
  defineCommand(backup.command('watch').description('whether there is a backup that one can rely on'), set, {
    options: none,
    examples: ['botpool backup watch'],
    run: watch,
  });
}

type Connection = Parameters<Parameters<typeof withControlPlane>[1]>[0];

/** Begins something and shows how far it is until it has ended. */
async function follow(
  context: CliContext,
  begin: (connection: Connection) => Promise<{ id: string }>,
): Promise<number | undefined> {
  return await withControlPlane(context, async (connection) => {
    const { id } = await begin(connection);
    let told = '';
    for (;;) {
      const view = await connection.client.backups.show({ id });
      const { progress } = view;
      if (progress === null && view.state !== 'running') {
        context.data(view);
        showOne(context, view);
        return view.state === 'verified' && view.offsite !== 'failed' ? undefined : 1;
      }
      const line = progress === null ? '' : progressLine(context, id, progress);
      if (line !== told && line !== '') context.line(line);
      told = line;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  });
}

function progressLine(context: CliContext, id: string, progress: NonNullable<BackupView['progress']>): string {
  const { phase, bytes, tables, tablesTotal } = progress;
  return context.say('cli-backup-progress', { id, phase, size: mib(bytes), tables, total: tablesTotal });
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

async function list(context: CliContext): Promise<undefined> {
  const backups = await withControlPlane(context, ({ client }) => client.backups.list({}));
  context.data(backups);
  if (backups.length === 0) {
    context.line(context.say('cli-backup-none'));
    return undefined;
  }
  const columns = ['backup', 'scope', 'state', 'offsite', 'age', 'size', 'rows', 'why'] as const;
  context.line(
    table(
      columns.map((column) => context.say(`cli-column-${column}`)),
      backups.map((view) => [
        view.id,
        view.scope,
        view.state,
        view.offsite === 'none' ? '-' : view.offsite,
        ago(view.startedAt.getTime(), Date.now(), context.locale),
        mib(view.bytes),
        String(view.rows),
        why(context, view),
      ]),
    ),
  );
  return undefined;
}

function why(context: CliContext, { code, facts }: Pick<BackupView, 'code' | 'facts'>): string {
  return code !== null && isErrorCode(code) ? describeError(code, facts, context.locale, 'operator') : '';
}

function showOne(context: CliContext, view: BackupDetails): void {
  const { id, scope, state, bytes, schemas, tables, rows, depth, folder } = view;
  context.line(`${id}  ${scope}  ${state}  ${why(context, view)}`.trimEnd());
  context.line(context.say('cli-backup-facts', { size: mib(bytes), schemas, tables, rows, depth }));
  context.line(folder);
  for (const client of view.clients) context.line(`  ${client.clientId}  ${client.company}  ${client.rows}`);
}

async function fetchBack(context: CliContext, _options: unknown, [id = '']: readonly string[]): Promise<undefined> {
  context.data(await withControlPlane(context, ({ client }) => client.backups.fetch({ id })));
  context.line(context.say('cli-backup-fetched', { id }));
  return undefined;
}

async function offsite(context: CliContext): Promise<undefined> {
  const { projectFolder, env } = context.host;
  const { backups } = readHostConfig(projectFolder, { ...env, BOTPOOL_HOME: context.home });
  // Loaded here: other commands need no target.
  const { listOffsite } = await import('../../installation/restore-installation.ts');
  const ids = await listOffsite(backups.target);
  context.data(ids);
  for (const id of ids) context.line(id);
  if (ids.length === 0) context.line(context.say('cli-backup-offsite-none'));
  return undefined;
}

async function restoreOne(
  context: CliContext,
  given: z.output<typeof restoreOptions>,
  [id = '']: readonly string[],
): Promise<undefined> {
  if (given.all) return await restoreAll(context, given, id);
  const { client: clientId, as } = given;
  if (clientId === undefined) {
    throw new BotpoolError('input_invalid', { field: '--client', problem: context.say('cli-backup-choice') });
  }
  await withControlPlane(context, async ({ client }) => {
    if (given.table !== undefined) {
      const { csv, rows } = await client.backups.table({ id, clientId, table: given.table });
      context.data({ csv, rows });
      if (given.output === undefined) context.line(csv.trimEnd());
      else await writeFile(given.output, csv, { mode: 0o600 });
      return;
    }
    const differences = as === undefined ? await client.backups.preview({ id, clientId }) : [];
    for (const { table: name, now, backup } of differences) context.line(`  ${name}  ${now ?? '-'} → ${backup ?? '-'}`);
    if (given.dryRun) {
      if (differences.length === 0) context.line(context.say('cli-backup-same'));
      context.data(differences);
      return;
    }
    const wanted = as ?? clientId;
    const confirm =
      given.confirm ?? (await context.host.ask?.(`${context.say('cli-backup-ask', { id, clientId: wanted })} `));
    if (confirm?.trim() !== wanted) {
      throw new BotpoolError('input_invalid', {
        field: '--confirm',
        problem: context.say('cli-delete-confirm', { clientId: wanted }),
      });
    }
    const result = await client.backups.restore({ id, clientId, ...(as === undefined ? {} : { as }) });
    context.data(result);
    context.line(
      context.say('cli-backup-restored', {
        clientId: result.clientId,
        rows: result.rows,
        safety: result.safety ?? '-',
      }),
    );
  });
  return undefined;
}

async function restoreAll(
  context: CliContext,
  given: z.output<typeof restoreOptions>,
  folder: string,
): Promise<undefined> {
  const host = await findHost(context.home);
  if (host !== undefined) throw new BotpoolError('already_running', { folder: context.home, pid: host.pid });
  const { home } = context;
  const { projectFolder, env } = context.host;
  const { project } = readHostConfig(projectFolder, { ...env, BOTPOOL_HOME: home });
  const ask = context.say('cli-backup-ask-all', { project });
  const confirm = given.confirm ?? (await context.host.ask?.(`${ask} `));
  if (confirm?.trim() !== project) {
    throw new BotpoolError('input_invalid', {
      field: '--confirm',
      problem: context.say('cli-down-confirm', { project }),
    });
  }
  // Loaded here: other commands need neither engine nor stack.
  const { restoreInstallation } = await import('../../installation/restore-installation.ts');
  const { manifest, before } = await restoreInstallation({
    ...{ home, projectFolder, env, named: folder, folder: resolve(folder) },
    identity: given.identity,
    masterKey: given.masterKey,
    report: (stage) => context.line(stage),
  });
  const rows = manifest.schemas.flatMap(({ tables }) => tables).reduce((sum, each) => sum + each.rows, 0);
  context.data({ id: manifest.id, clients: manifest.clients.length, rows, before: before ?? null });
  context.line(
    context.say('cli-backup-restored-all', { clients: manifest.clients.length, rows, before: before ?? '-' }),
  );
  return undefined;
}

async function pruneOld(
  context: CliContext,
  given: { readonly dryRun: boolean; readonly keep?: string | undefined },
): Promise<undefined> {
  await withControlPlane(context, async ({ client }) => {
    if (given.keep !== undefined) {
      const { policy } = await client.backups.retention();
      await client.backups.setRetention({ ...policy, ...parseRules(given.keep) });
    }
    if (!given.dryRun) {
      const { removed } = await client.backups.prune();
      context.data({ removed });
      context.line(context.say('cli-backup-pruned', { count: removed.length }));
      return;
    }
    const plan = await client.backups.retention();
    context.data(plan);
    for (const [id, rules] of Object.entries(plan.keep)) context.line(`+ ${id}  ${rules.join(', ')}`);
    for (const id of plan.remove) context.line(`- ${id}`);
  });
  return undefined;
}

function parseRules(text: string): Record<string, number> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    pairs.map(([name = '', value = '']) => {
      if (!/^(last|hourly|daily|weekly|monthly|yearly)$/.test(name) || !/^\d+$/.test(value)) {
        throw new BotpoolError('input_invalid', { field: '--keep', problem: 'expected last=3,daily=7,weekly=4' });
      }
      return [name, Number(value)];
    }),
  );
}

async function watch(context: CliContext): Promise<number | undefined> {
  const health = await withControlPlane(context, ({ client }) => client.backups.health());
  context.data(health);
  const { green, problems, newestVerified, newestHours, promisedHours, firstDue } = health;
  if (firstDue !== undefined && problems.length === 0) {
    context.line(context.say('cli-backup-first', { at: firstDue.toLocaleString(context.locale) }));
    return 1;
  }
  const hours = newestHours === null ? '-' : newestHours.toFixed(1);
  context.line(
    green
      ? context.say('cli-backup-green', { id: newestVerified ?? '', hours })
      : context.say('cli-backup-red', { problems: problems.join(', '), hours, promised: promisedHours }),
  );
  return green ? undefined : 1;
}
