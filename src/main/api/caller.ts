/** Who calls the API, as transports find it out and the audit names it. */
import type { AccessLevel } from '#shared/api/access.ts';

/** Somebody who has said who they are. */
export interface Caller {
  /** As the audit names them. */
  readonly actor: string;
  readonly access: AccessLevel;
  /** Through which face and from where: `panel 127.0.0.1`. */
  readonly source: string;
}
