/** The one place where a host starts its control plane. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from 'rotating-file-stream';
import { createLogger } from '#core/telemetry/logger.ts';
import { type HostConfig, readHostConfig } from '../../config.ts';
import { type ControlPlane, startControlPlane } from '../../control-plane.ts';
import { openChosenStack } from '../../installation/open-stack.ts';

/** What a host starts with. */
export interface LaunchOptions {
  /** The installation's folder, absolute. */
  readonly home: string;
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told each stage when it begins. */
  readonly report: (stage: string) => void;
}

/** A control plane with what its host must know. */
export interface LaunchedControlPlane {
  readonly controlPlane: ControlPlane;
  /** Where the API should answer when that port is free. */
  readonly preferredPort: number;
  readonly panel: HostConfig['panel'];
  readonly logFile: string;
}

const LOG_NAME = 'control-plane.log';

/** Starts the control plane of an installation. Fails with a code: `config_invalid`, `program_missing` and others. */
export async function launchControlPlane(options: LaunchOptions): Promise<LaunchedControlPlane> {
  const config = readHostConfig(options.projectFolder, { ...options.env, BOTPOOL_HOME: options.home });
  const logFolder = join(options.home, 'logs');
  mkdirSync(logFolder, { recursive: true, mode: 0o700 });
  const logFile = join(logFolder, LOG_NAME);
  const log = createStream(LOG_NAME, { path: logFolder, size: '10M', rotate: 3, mode: 0o600 });
  const logger = createLogger('control-plane', config.logLevel, log);
  const cacheDir = join(options.projectFolder, '.cache');
  const openStack = await openChosenStack({ ...options, config }, options.report);
  const chosen = openStack === undefined ? {} : { openStack };
  const controlPlane = await startControlPlane({ config, cacheDir, logger, report: options.report, ...chosen });
  return { controlPlane, preferredPort: config.ports.panel, panel: config.panel, logFile };
}
