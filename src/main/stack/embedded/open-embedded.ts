/** Opens the stack that needs nothing but this machine: programs are fetched when they are missing, and run as child processes. */
import { ensurePrograms } from '../../engine/process/programs/programs.ts';
import type { OpenStack } from '../stack.ts';
import { startEmbeddedStack } from './embedded-stack.ts';

/** Whose stack, and where. */
export interface EmbeddedInstallation {
  readonly home: string;
  readonly project: string;
  /** The project's folder for downloaded programs. */
  readonly cacheDir: string;
  /** Preferred ports; `sandbox: undefined` means that the real Telegram is used. */
  readonly ports: { readonly postgres: number; readonly redis: number; readonly sandbox: number | undefined };
}

/** See {@link OpenStack}. */
export function embeddedStack({ cacheDir, ...installation }: EmbeddedInstallation): OpenStack {
  return async ({ durable, report }) => {
    const programs = await ensurePrograms({ cacheDir, report });
    return await startEmbeddedStack({ ...installation, programs, durable, report });
  };
}
