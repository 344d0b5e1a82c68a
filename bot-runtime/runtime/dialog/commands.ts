/** Asks the control plane for what only it may do, and waits for the answer. Asked again with the same id, it is one command. */
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import {
  COMMAND_CHANNELS,
  COMMANDS,
  type CommandInput,
  type CommandKind,
  type CommandResult,
} from '#shared/schemas/commands.ts';
import type { KindServices } from '../kind.ts';

/** Asks and waits. */
export interface CommandDesk {
  /** Fails with the code that the control plane gave, or with `control_plane_unreachable` when nobody answers. */
  ask<K extends CommandKind>(id: string, actor: string, kind: K, input: CommandInput<K>): Promise<CommandResult<K>>;
  close(): Promise<void>;
}

const outcomeSchema = z.object({
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  result: z.unknown(),
  code: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
});

/** Nothing that is waited for here takes longer. */
const PATIENCE_MS = 60_000;
/** Nobody has even begun after so long: no control plane runs. */
const BEGIN_MS = 10_000;
const LOOK_MS = 1_000;

/** Opens the desk over the bot's own login. */
export function openCommandDesk(services: Pick<KindServices, 'database' | 'listen' | 'now'>): CommandDesk {
  const waiting = new Map<string, () => void>();
  const listener = services.listen([COMMAND_CHANNELS.ended], (_channel, id) => {
    if (id === undefined) for (const look of waiting.values()) look();
    else waiting.get(id)?.();
  });
  const outcomeOf = async (id: string): Promise<z.output<typeof outcomeSchema> | undefined> => {
    const { rows } = await services.database.query('SELECT * FROM control.command_outcome($1)', [id]);
    return rows[0] === undefined ? undefined : outcomeSchema.parse(rows[0]);
  };
  const wait = async (id: string): Promise<unknown> => {
    const begun = services.now();
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        waiting.set(id, resolve);
        setTimeout(resolve, LOOK_MS).unref();
      });
      const outcome = await outcomeOf(id);
      if (outcome?.state === 'done') return outcome.result;
      if (outcome?.state === 'failed') throw failureOf(outcome.code, outcome.data ?? {});
      const waited = services.now() - begun;
      if (waited > PATIENCE_MS || (outcome?.state === 'waiting' && waited > BEGIN_MS)) {
        throw new BotpoolError('control_plane_unreachable', {});
      }
      await woken;
    }
  };
  return {
    async ask(id, actor, kind, input) {
      await services.database.query('SELECT control.ask_command($1, $2, $3, $4)', [
        id,
        actor,
        kind,
        JSON.stringify(input),
      ]);
      try {
        // The schema of this very command, which the type system cannot follow through the table.
        return COMMANDS[kind].output.parse(await wait(id)) as CommandResult<typeof kind>;
      } finally {
        waiting.delete(id);
      }
    },
    close: () => listener.close(),
  };
}

function failureOf(code: string | null, data: Readonly<Record<string, string | number>>): BotpoolError {
  const known = code !== null && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'internal';
  const facts = Object.fromEntries(ERROR_CODES[known].data.map((name) => [name, data[name] ?? '?']));
  return new BotpoolError(known, facts);
}
