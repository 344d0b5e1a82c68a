/** The docker command as far as images need it. It finds the engine as it always does: contexts, DOCKER_HOST, sockets. */
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { lastLines, runCommand } from '../engine/process/programs/run-command.ts';

/** An image that the engine has. */
export interface LocalImage {
  readonly id: string;
  readonly bytes: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What to build. */
export interface BuildOptions {
  readonly tag: string;
  /** The folder with everything that goes in. */
  readonly context: string;
  /** Default: `Dockerfile` in the context. */
  readonly file?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Images of one engine. */
export interface DockerCli {
  /** `undefined`: there is no image of this name. */
  inspect(name: string): Promise<LocalImage | undefined>;
  build(options: BuildOptions): Promise<void>;
  pull(name: string): Promise<void>;
  /** Removes images with this label that have no name any more and that no container uses. */
  prune(label: string): Promise<void>;
  /** Makes an image of one layer from a file system in a tar. */
  import(file: string, name: string, labels: Readonly<Record<string, string>>): Promise<void>;
}

const INSPECT = z.tuple([
  z.object({
    Id: z.string(),
    Size: z.number(),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
]);

const BUILD_MS = 600_000;
const PULL_MS = 1_800_000;

/** Opens the command. Fails with `program_missing` without it, with `program_failed` when no engine answers. */
export async function openDockerCli(environment: Readonly<Record<string, string | undefined>>): Promise<DockerCli> {
  const env = given(environment);
  const run = (args: readonly string[], timeoutMs: number): Promise<{ code: number; stdout: string; stderr: string }> =>
    runCommand('docker', args, { env, timeoutMs });
  const runOrFail = async (what: string, args: readonly string[], timeoutMs: number): Promise<string> => {
    const { code, stdout, stderr } = await run(args, timeoutMs);
    if (code === 0) return stdout;
    throw new BotpoolError('program_failed', {
      program: what,
      detail: lastLines(stderr, 6) || `exit code ${code}`,
    });
  };
  const version = await run(['version', '--format', '{{.Server.Version}}'], 30_000).catch((cause: unknown) => {
    const remedy = 'Install Docker, or its command line alone, and try again.';
    throw new BotpoolError('program_missing', { program: 'docker', remedy }, { cause });
  });
  if (version.code !== 0) {
    throw new BotpoolError('program_failed', { program: 'docker version', detail: lastLines(version.stderr, 2) });
  }
  return {
    async inspect(name) {
      const { code, stdout } = await run(['image', 'inspect', name], 30_000);
      if (code !== 0) return undefined;
      const [{ Id: id, Size: bytes, Config: config }] = INSPECT.parse(JSON.parse(stdout));
      return { id, bytes, labels: config?.Labels ?? {} };
    },
    async build({ tag, context, file, args, labels }) {
      const words = [
        ...['build', '--quiet', '--tag', tag],
        ...(file === undefined ? [] : ['--file', file]),
        ...pairs('--build-arg', args),
        ...pairs('--label', labels),
        context,
      ];
      await runOrFail(`docker build ${tag}`, words, BUILD_MS);
    },
    async pull(name) {
      await runOrFail(`docker pull ${name}`, ['pull', '--quiet', name], PULL_MS);
    },
    async prune(label) {
      // Another one may be at it, which is as good.
      await run(['image', 'prune', '--force', '--filter', `label=${label}`], BUILD_MS);
    },
    async import(file, name, labels) {
      const changes = Object.entries(labels).flatMap(([key, value]) => ['--change', `LABEL ${key}=${value}`]);
      await runOrFail(`docker import ${name}`, ['import', ...changes, file, name], BUILD_MS);
    },
  };
}

function pairs(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`]);
}

function given(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
