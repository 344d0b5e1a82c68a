/** Exit codes of the command line: stable, scripts rely on them. */
import type { ErrorCode } from '#shared/errors/codes.ts';

/** 0 ok, 1 failed, 2 usage, 3 unreachable. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** Codes that say: what was typed is not what is expected. */
const USAGE: readonly ErrorCode[] = ['input_invalid', 'client_id_malformed', 'token_malformed', 'kind_unknown'];

/** The exit code of a failure. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'control_plane_unreachable') return EXIT.unreachable;
  return USAGE.includes(code) ? EXIT.usage : EXIT.failed;
}
