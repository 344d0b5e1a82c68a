/** Carries out what the service bots ask: each command once, in the order it came, whoever dies on the way. */
import * as z from 'zod';
import { asExpected } from '#core/errors.ts';
import type { Database } from '#core/postgres/database.ts';
import { listen } from '#core/postgres/listener.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { scrubText } from '#core/telemetry/scrub.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { COMMAND_CHANNELS, COMMANDS, type CommandKind } from '#shared/schemas/commands.ts';
import { type CommandServices, HANDLERS } from './handlers.ts';

/** What the worker needs. */
export interface CommandsOptions extends CommandServices {
  readonly logger: Logger;
  readonly facts: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  readonly databaseName: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly newId: () => string;
}

/** The running worker. */
export interface Commands {
  close(): Promise<void>;
}

const rowSchema = z.object({
  id: z.string(),
  asked_by: z.string(),
  actor: z.string(),
  kind: z.string(),
  input: z.unknown(),
  attempts: z.number(),
});

/** One command to carry out. */
type CommandRow = z.output<typeof rowSchema>;

/** Rounds are woken by notifications; this is the net below them. */
const ROUND_MS = 1_000;
/** How many are carried out side by side: a slow one does not hold up a question. */
const AT_ONCE = 4;
/** Whoever has not ended a command after so long has died; another begins it again. */
const GIVEN_UP_MS = 120_000;
const TRIES = 3;
/** Answers to questions are of no use later. */
const KEEP_DAYS = 7;

/** Starts the worker. */
export function startCommands(options: CommandsOptions): Commands {
  const { database, logger, sleep } = options;
  const stop = new AbortController();
  let wake = Promise.withResolvers<void>();
  const heard = (): void => wake.resolve();
  const listener = listen({
    ...options.facts,
    database: options.databaseName,
    applicationName: 'control-plane commands',
    channels: [COMMAND_CHANNELS.asked],
    onSignal: heard,
    onReady: heard,
    sleep,
    onTrouble: (error) => logger.warn({ err: error }, 'commands are not heard at once; they are looked for'),
  });
  const lane = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const command = await next(database).catch((error: unknown) => {
        if (!stop.signal.aborted) logger.warn({ err: error }, 'no command could be taken; trying again');
      });
      if (command === undefined) {
        const over = new AbortController();
        await Promise.race([wake.promise, sleep(ROUND_MS, AbortSignal.any([stop.signal, over.signal]))]);
        over.abort();
        wake = Promise.withResolvers<void>();
        continue;
      }
      await carryOut(options, command).catch((error: unknown) =>
        logger.error({ err: error, command: command.kind }, 'the end of a command could not be written down'),
      );
    }
  };
  const lanes = Array.from({ length: AT_ONCE }, lane);
  return {
    async close() {
      stop.abort();
      wake.resolve();
      await listener.close();
      await Promise.all(lanes);
    },
  };
}

async function next(database: Database): Promise<CommandRow | undefined> {
  const { rows } = await database.query(
    `UPDATE control.commands SET state = 'running', begun_at = clock_timestamp(), attempts = attempts + 1
     WHERE id = (
       SELECT id FROM control.commands
       WHERE state = 'waiting' OR (state = 'running' AND begun_at < clock_timestamp() - $1 * interval '1 millisecond')
       ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, asked_by, actor, kind, input, attempts`,
    [GIVEN_UP_MS],
  );
  return rows[0] === undefined ? undefined : rowSchema.parse(rows[0]);
}

async function carryOut(options: CommandsOptions, command: CommandRow): Promise<void> {
  try {
    await end(options.database, command, { result: await run(options, command) });
  } catch (error) {
    const expected = asExpected(error);
    if (!isBotpoolError(expected)) {
      const id = options.newId();
      options.logger.error({ err: error, error_id: id, command: command.kind }, 'a command failed unforeseen');
      await end(options.database, command, { failure: new BotpoolError('internal', { id }) });
      return;
    }
    await end(options.database, command, { failure: expected });
  }
}

async function run(options: CommandsOptions, { kind, input, actor, asked_by, attempts }: CommandRow): Promise<unknown> {
  if (!isKind(kind)) throw new BotpoolError('input_invalid', { field: 'kind', problem: `unknown: ${kind}` });
  // The Sales Bot has a desk of its own for what buyers may do: commands are the operators'.
  if (asked_by !== 'master_bot')
    throw new BotpoolError('input_invalid', { field: 'kind', problem: 'not for this bot' });
  if (attempts > TRIES) throw new BotpoolError('timeout', { seconds: GIVEN_UP_MS / 1_000 });
  const parsed = COMMANDS[kind].input.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BotpoolError('input_invalid', {
      field: issue?.path.join('.') ?? 'input',
      problem: issue?.message ?? 'not understood',
    });
  }
  const handler = HANDLERS[kind] as (services: CommandServices, input: unknown, actor: string) => Promise<unknown>;
  return COMMANDS[kind].output.parse(await handler(options, parsed.data, actor));
}

function isKind(kind: string): kind is CommandKind {
  return Object.hasOwn(COMMANDS, kind);
}

async function end(
  database: Database,
  command: CommandRow,
  how: { readonly result?: unknown; readonly failure?: BotpoolError },
): Promise<void> {
  const { failure, result = null } = how;
  await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE control.commands SET state = $2, result = $3, code = $4, data = $5, ended_at = clock_timestamp()
       WHERE id = $1 AND state = 'running'`,
      [
        command.id,
        failure === undefined ? 'done' : 'failed',
        failure === undefined ? JSON.stringify(result) : null,
        failure?.code ?? null,
        failure === undefined ? null : scrubText(JSON.stringify(failure.data)),
      ],
    );
    if (rowCount === 0) return;
    if (isKind(command.kind) && COMMANDS[command.kind].changes) {
      const facts = { input: command.input, outcome: failure?.code ?? 'done' };
      await writeAudit(tx, command.actor, `command.${command.kind}`, targetOf(command), null, facts);
    }
    await tx.query(`DELETE FROM control.commands WHERE ended_at < clock_timestamp() - $1 * interval '1 day'`, [
      KEEP_DAYS,
    ]);
    await tx.query('SELECT pg_notify($1, $2)', [COMMAND_CHANNELS.ended, command.id]);
  });
}

function targetOf({ input, kind }: CommandRow): string {
  const target: unknown = typeof input === 'object' && input !== null && 'clientId' in input ? input.clientId : kind;
  return typeof target === 'string' ? target : kind;
}
