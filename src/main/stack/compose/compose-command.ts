/** The docker command as far as the stack needs it: Compose with its progress, and a few facts about what is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { runCommand } from '../../engine/process/programs/run-command.ts';
import { type ComposeStep, explainCompose, maskConfiguration, parseStep } from './compose-output.ts';

/** Whose stack it is, and how the engine is found. */
export interface ComposeOptions {
  readonly projectFolder: string;
  /** The complete environment of the command: where the engine is, and what the stack file reads. */
  readonly env: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  /** Files of `compose/` beside `stack.yml`, such as `egress.yml`. */
  readonly overlays: readonly string[];
}

/** Compose on one stack. */
export interface ComposeCommand {
  /** Runs one subcommand; each step is told as it happens. Fails with a code of the table. */
  run(args: readonly string[], told?: (step: ComposeStep) => void): Promise<void>;
  /** The stack file with its overlays and variables filled in, as YAML; what looks secret is masked. */
  configuration(): Promise<string>;
  /** Runs `docker` itself; returns what it wrote, or undefined when it failed. */
  ask(args: readonly string[]): Promise<string | undefined>;
}

/** How much of what Compose says is kept for a failure. Lines. */
const KEPT_LINES = 40;

/** Opens the command. */
export function composeCommand(options: ComposeOptions): ComposeCommand {
  const folder = join(options.projectFolder, 'compose');
  const files = ['stack.yml', ...options.overlays].flatMap((name) => ['--file', join(folder, name)]);
  const profiles = options.profiles.flatMap((name) => ['--profile', name]);
  const common = ['compose', '--progress', 'plain', '--ansi', 'never', ...files, ...profiles];
  return {
    async run(args, told = () => undefined) {
      const { code, lines } = await follow([...common, ...args], options.env, told);
      if (code !== 0) throw explainCompose(`docker compose ${args[0] ?? ''}`, lines);
    },
    async configuration() {
      const { code, stdout, stderr } = await runCommand('docker', [...common, 'config'], {
        env: options.env,
        timeoutMs: 30_000,
      });
      if (code !== 0) throw explainCompose('docker compose config', stderr.split('\n').slice(-KEPT_LINES));
      return maskConfiguration(stdout);
    },
    async ask(args) {
      const { code, stdout } = await runCommand('docker', args, { env: options.env, timeoutMs: 30_000 });
      return code === 0 ? stdout : undefined;
    },
  };
}

/** Why Compose cannot be used here; `undefined` when it can. */
export async function composeTrouble(env: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    const { code } = await runCommand('docker', ['compose', 'version'], { env, timeoutMs: 30_000 });
    return code === 0 ? undefined : 'the docker command has no Compose plugin';
  } catch (error) {
    if (!isBotpoolError(error)) throw error;
    return 'there is no docker command';
  }
}

async function follow(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  told: (step: ComposeStep) => void,
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const child = spawn('docker', [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const failed = once(child, 'error').then(([cause]: unknown[]) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new BotpoolError('program_failed', { program: 'docker compose', detail });
  });
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      const step = parseStep(line);
      if (step !== undefined) told(step);
    }
  };
  const ended = Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
  failed.catch(() => undefined);
  const [[code]] = await Promise.race([ended, failed]);
  return { code: Number(code ?? -1), lines };
}
