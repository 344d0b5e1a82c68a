/**
 * Builds the command line of one child: as the right identity, with only its own environment, and so that it dies with
 * its parent. On Linux `setpriv --pdeathsig` makes the kernel send the death signal when the parent is gone, however it
 * went. Where setpriv is missing, a child of a killed parent lives on until the next start finds its pid file.
 *
 * Order matters: the kernel forgets the death signal when a process changes its user or namespace, so the identity comes
 * first and setpriv last, directly before the program.
 */
import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { ContainerSpec } from '../engine.ts';
import { type Identity, inIdentity, SELF } from './identity.ts';

/** What stands behind an image's name. */
export interface Program {
  /** The executable's absolute path. */
  readonly command: string;
  /** Arguments before those of the container. */
  readonly args?: readonly string[];
  /** The folder that it works in. Default: the root. */
  readonly folder?: string;
  /** Variables that the program needs itself (library paths …); a container's own win over them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders that come first on PATH, for the program and for `exec`. */
  readonly path?: readonly string[];
  /** As whom it runs. Default: as we are. */
  readonly identity?: Identity;
  /**
   * What the kernel sends it when its parent is gone. Default SIGKILL: a bot without its engine must not go on polling.
   * PostgreSQL wants SIGINT (closes its sessions and files), Redis SIGTERM (writes what it holds).
   */
  readonly deathSignal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGQUIT';
  /** Stopped after all others when the engine closes, because they stand on it. */
  readonly foundation?: boolean;
}

/** Ready for `spawn`. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'];
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The tool that ties a child's life to ours, where this machine has it. */
export function findSetpriv(): string | undefined {
  return process.platform === 'linux' ? SETPRIV.find((path) => existsSync(path)) : undefined;
}

/** How to start a container's program. It becomes the leader of its own process group, so that a terminal's Ctrl-C passes it by. */
export function launchProgram(
  program: Program,
  spec: Pick<ContainerSpec, 'args' | 'env'>,
  setpriv: string | undefined,
): Launch {
  const args = [...(program.args ?? []), ...(spec.args ?? [])];
  return build(program, [program.command, ...args], spec.env, setpriv, program.deathSignal ?? 'SIGKILL');
}

/** How to run another command beside a container's program, with the container's environment. */
export function launchCommand(
  program: Program,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  setpriv: string | undefined,
): Launch {
  return build(program, command, env, setpriv, 'SIGKILL');
}

function build(
  program: Program,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  setpriv: string | undefined,
  deathSignal: string,
): Launch {
  const tied =
    setpriv === undefined ? command : [setpriv, '--pdeathsig', deathSignal.slice(3), '--', ...guarded(command)];
  const [first = '', ...rest] = tied;
  const { uid, gid, ...line } = inIdentity(program.identity ?? SELF, first, rest);
  return {
    ...line,
    options: {
      cwd: program.folder ?? '/',
      detached: true,
      env: childEnv(program, env),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    },
  };
}

/**
 * A parent that died before the death signal was set sends none. So the child looks once more, after it was set, whether
 * its parent is still ours, and ends otherwise.
 */
function guarded(command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid), ...command];
}

/** The whole environment of a child: never anything of ours. */
function childEnv(program: Program, env: Readonly<Record<string, string>>): Record<string, string> {
  const path = [...(program.path ?? []), SYSTEM_PATH].join(delimiter);
  return { PATH: path, LANG: 'C.UTF-8', TZ: 'UTC', ...program.env, ...env };
}
