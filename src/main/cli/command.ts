/** How a command is made: common options, parsed input, and failures that end in one sentence and an exit code. */
import type { Command } from 'commander';
import * as z from 'zod';
import { scrubText } from '#core/telemetry/scrub.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { describeError, translate } from '#shared/texts/translate.ts';
import { SandboxError } from '../sandbox/sandbox-client.ts';
import type { CliContext, CliHost } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { findHome, findLocale } from './home.ts';

const commonSchema = z.object({
  json: z.boolean().default(false),
  home: z.string().optional(),
  lang: z.enum(LOCALES).optional(),
});

/** Known before anything else, so that even a wrong option is told in the wanted form. */
const jsonSchema = z.object({ json: z.literal(true) });

/** What a command is made of. `run` returns its exit code; nothing means that all went well. */
export interface CommandSpec<S extends z.ZodObject> {
  readonly options: S;
  /** Command lines that show what it is for. */
  readonly examples: readonly string[];
  readonly run: (context: CliContext, options: z.output<S>, args: readonly string[]) => Promise<number | undefined>;
}

/** Told the exit code of the command that ran. */
type Finish = (code: number) => void;

/** Where commands are added. */
export interface CommandSet {
  readonly host: CliHost;
  readonly finish: Finish;
}

/** Gives a command its common options, its examples and its action. */
export function defineCommand<S extends z.ZodObject>(command: Command, set: CommandSet, spec: CommandSpec<S>): void {
  command
    .option('--json', 'print JSON with stable fields')
    .option('--lang <ru|en>', 'language of the output')
    .option('--home <folder>', 'folder of the installation (default: BOTPOOL_HOME or .botpool)')
    .addHelpText(
      'after',
      `\n${spec.examples.length > 1 ? 'Examples' : 'Example'}:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`,
    )
    .action(async () => {
      const { host } = set;
      const given: unknown = command.optsWithGlobals();
      let context = createContext(host, { json: jsonSchema.safeParse(given).success });
      try {
        context = createContext(host, parseOptions(commonSchema, given));
        const code = await spec.run(context, parseOptions(spec.options, given), command.args);
        set.finish(code ?? EXIT.ok);
      } catch (error) {
        set.finish(reportFailure(context, error));
      }
    });
}

function createContext(host: CliHost, common: Partial<z.output<typeof commonSchema>>): CliContext {
  const locale = findLocale(common.lang, host.env);
  const json = common.json ?? false;
  return {
    host,
    locale,
    json,
    home: findHome(common.home, host.env, host.projectFolder),
    say: (key, args = {}) => translate(key, args, locale),
    line: (text) => {
      if (!json) host.writeOut(`${text}\n`);
    },
    data: (value) => {
      if (json) host.writeOut(`${JSON.stringify(value)}\n`);
    },
  };
}

function parseOptions<S extends z.ZodObject>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? 'options').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new BotpoolError('input_invalid', { field: `--${name}`, problem: issue?.message ?? 'not understood' });
}

/** A whole number that was typed as an argument. Fails with `input_invalid` under the argument's name, such as `<id>`. */
export function wholeArgument(name: string, given: string): number {
  const { success, data } = z.coerce
    .number()
    .int()
    .min(0)
    .safeParse(given.trim() === '' ? undefined : given);
  if (!success) throw new BotpoolError('input_invalid', { field: name, problem: `expected a number, got ${given}` });
  return data;
}

/** Says what went wrong, once; returns the exit code. `more` joins the JSON beside `error`. */
export function reportFailure(context: CliContext, error: unknown, more: object = {}): number {
  const { exitCode, ...told } = tellFailure(context, error);
  context.data({ error: told, ...more });
  if (!context.json) context.host.writeErr(`${told.message}\n`);
  return exitCode;
}

interface ToldFailure {
  readonly code: string;
  readonly data: object;
  readonly message: string;
  readonly exitCode: number;
}

function tellFailure(context: CliContext, error: unknown): ToldFailure {
  if (isBotpoolError(error)) {
    const { code, data } = error;
    return { code, data, message: describeError(code, data, context.locale, 'operator'), exitCode: exitCodeOf(code) };
  }
  const message = scrubText(error instanceof Error ? error.message : String(error));
  if (!(error instanceof SandboxError)) return { code: 'failed', data: {}, message, exitCode: EXIT.failed };
  const { code, field } = error;
  const data = field === undefined ? {} : { field };
  return { code, data, message, exitCode: field === undefined ? EXIT.failed : EXIT.usage };
}
