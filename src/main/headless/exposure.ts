/** Whether the panel may answer on an address: loopback always, any other only with TLS and with sign-in. Pure. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** What is known before the server listens. */
export interface Exposure {
  readonly address: string;
  readonly hasTls: boolean;
  /** A named user who is an administrator exists. */
  readonly hasAdmin: boolean;
}

/** True for addresses that only this machine reaches. */
export function isLoopbackAddress(address: string): boolean {
  return /^(127\.0\.0\.1|::1|localhost)$/i.test(address);
}

/** Fails with `panel_exposed`, which names everything that is missing. */
export function refuseExposure({ address, hasTls, hasAdmin }: Exposure): void {
  if (isLoopbackAddress(address)) return;
  const missing = [
    ...(hasTls ? [] : ['TLS is missing (PANEL_TLS_CERT_FILE and PANEL_TLS_KEY_FILE name its files)']),
    ...(hasAdmin ? [] : ['nobody could sign in (“npx botpool users add <name> --role admin”)']),
  ];
  if (missing.length > 0) throw new BotpoolError('panel_exposed', { address, missing: missing.join('; ') });
}
