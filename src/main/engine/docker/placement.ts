/** How a container lies on a host: everything that only Docker knows, so that a container's description stays neutral. Pure. */
import { posix } from 'node:path';
import type Docker from 'dockerode';
import type { ContainerSpec } from '../engine.ts';

/**
 * What the owner of the engine decides for one container. Whatever it says: no capabilities, no new privileges, a
 * small init as the first process, and a rotated log.
 */
export interface Placement {
  /** Docker's name of the image. Default: the name in the description. */
  readonly image?: string;
  /** `uid:gid`. Default: whom the image names. */
  readonly user?: string;
  /** Leaves the root file system writable. Default: read-only, with a small `/tmp` in memory. */
  readonly writable?: boolean;
  /** More folders in memory: absolute path to mount options, such as `size=16m`. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly memoryBytes?: number;
  /** Cores: 0.25 is a quarter of one. */
  readonly cpus?: number;
  /** Its weight where cores are short; Docker's default is 1024. */
  readonly cpuShares?: number;
  /** Processes and threads. */
  readonly pids?: number;
  /** Networks by name, the one with the default route first. Empty: none at all. Default: none at all. */
  readonly networks?: readonly NetworkWish[];
}

/** A network that a container shall be in. It may really be a shard of it, see networks.ts. */
export interface NetworkWish {
  readonly name: string;
  /** No way out of the host. Counts when the network has to be made. */
  readonly internal?: boolean;
  /** Names beside the container's own under which others in the network find it. */
  readonly aliases?: readonly string[];
}

/** Labels that the engine adds. */
export const ENGINE_LABELS = {
  project: 'com.docker.compose.project',
  oneOff: 'com.docker.compose.oneoff',
  /** Compose overlooks containers without it. */
  configHash: 'com.docker.compose.config-hash',
  engine: 'botpool.engine',
} as const;

const LOG_CONFIG = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } };

/** Docker counts in whole seconds; a fraction becomes the next one, because 0 would mean "kill at once". */
export function stopSeconds(ms: number | undefined): number {
  return Math.max(1, Math.ceil((ms ?? 10_000) / 1_000));
}

function hostConfig(spec: ContainerSpec, placement: Placement): Docker.HostConfig {
  const { memoryBytes, cpus, cpuShares, pids } = placement;
  const readOnly = placement.writable !== true;
  return {
    Init: true,
    RestartPolicy: { Name: spec.restart },
    LogConfig: LOG_CONFIG,
    ReadonlyRootfs: readOnly,
    Tmpfs: { ...(readOnly ? { '/tmp': 'size=16m,mode=1777' } : {}), ...placement.tmpfs },
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    // The same figure twice means: no swap beside it.
    ...(memoryBytes === undefined ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
    ...(cpuShares === undefined ? {} : { CpuShares: cpuShares }),
    ...(pids === undefined ? {} : { PidsLimit: pids }),
  };
}

/** The body of Docker's call that makes the container, without its networks. */
export function createBody(spec: ContainerSpec, placement: Placement, project: string): Docker.ContainerCreateOptions {
  for (const path of Object.keys(placement.tmpfs ?? {})) {
    if (!posix.isAbsolute(path)) throw new RangeError(`${path}: a folder in memory needs an absolute path`);
  }
  return {
    name: spec.name,
    Image: placement.image ?? spec.image,
    ...(spec.args === undefined ? {} : { Cmd: [...spec.args] }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [ENGINE_LABELS.oneOff]: 'False',
      [ENGINE_LABELS.configHash]: 'botpool',
      ...spec.labels,
      [ENGINE_LABELS.project]: project,
      [ENGINE_LABELS.engine]: 'docker',
    },
    StopSignal: spec.stopSignal ?? 'SIGTERM',
    StopTimeout: stopSeconds(spec.stopTimeoutMs),
    ...(placement.user === undefined ? {} : { User: placement.user }),
    HostConfig: hostConfig(spec, placement),
  };
}
