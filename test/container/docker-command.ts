/** The docker command as a person would type it. */
import { runCommand } from '#main/engine/process/programs/run-command.ts';

/** Variables of this process and some more; those of an operator's own stack are left out. */
export function dockerEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = /^(PATH|HOME|DOCKER_.*|BUILDX_.*|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
  const kept = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(kept.filter(([name]) => own.test(name))), ...more };
}

/** Runs it; fails with what it said. Returns what it wrote, both streams in one. */
export async function docker(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly stdoutOnly?: boolean } = {},
): Promise<string> {
  const result = await runCommand('docker', args, { env: dockerEnvironment(options.env), timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`docker ${args.join(' ')}: ${result.code}\n${result.stdout}${result.stderr}`);
  return options.stdoutOnly === false ? `${result.stdout}${result.stderr}` : result.stdout;
}

/** True where an engine and Compose answer. */
export async function dockerAnswers(): Promise<boolean> {
  const both = Promise.all([docker(['version']), docker(['compose', 'version'])]);
  return await both.then(
    () => true,
    () => false,
  );
}
