/** The Node that goes into the stand-in for `node`: the project's own, which npm has installed with its dependencies. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { runOrFail } from '../../engine/process/programs/run-command.ts';

/** A Node for Linux on this machine's architecture. */
export interface NodeBinary {
  readonly file: string;
  /** Without the `v`. */
  readonly version: string;
}

/** Finds it. Fails with `program_missing` where the optional dependency was not installed. */
export async function findNodeBinary(
  projectFolder: string,
  env: Readonly<Record<string, string>>,
): Promise<NodeBinary> {
  const name = `node-linux-${process.arch}`;
  const file = join(projectFolder, 'node_modules', name, 'bin/node');
  await access(file).catch((cause: unknown) => {
    const remedy = `Install the package ${name} of package-lock.json: npm ci --include=optional.`;
    throw new BotpoolError('program_missing', { program: file, remedy }, { cause });
  });
  const version = await runOrFail(file, ['--version'], { env });
  return { file, version: version.trim().replace(/^v/, '') };
}
