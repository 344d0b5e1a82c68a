/** Signing in and out over plain HTTP. The cookie is the browser's alone: nothing here ever sees it. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { asFailureData } from './failure.ts';
import { noteServerTime } from './server-clock.ts';

/** A server that hangs is asked again after so long. */
const ANSWER_MS = 10_000;

/** Who is signed in. */
export interface SessionFacts {
  readonly user: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly csrf: string;
  /** In a desktop window on the control plane's own machine nobody has signed in, and nobody signs out. */
  readonly local?: boolean;
}

/** Null when nobody is signed in. Fails when nobody answers. */
export async function readSession(): Promise<SessionFacts | null> {
  const response = await ask('GET', '/session');
  if (response.status === 401) return null;
  if (!response.ok) throw new BotpoolError('control_plane_unreachable', {});
  return (await response.json()) as SessionFacts;
}

/** Turns the one-time ticket of a sign-in link into a session. */
export async function exchangeTicket(ticket: string): Promise<void> {
  await must(await ask('POST', '/session/exchange', { ticket }));
}

/** Signs in by name and password. */
export async function signIn(name: string, password: string): Promise<void> {
  await must(await ask('POST', '/session/password', { name, password }));
}

/** Ends the session. */
export async function signOut(csrf: string): Promise<void> {
  await must(await ask('DELETE', '/session', undefined, { 'x-csrf-token': csrf }));
}

async function ask(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const askedAt = Date.now();
  try {
    const answer = await fetch(path, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      credentials: 'same-origin',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    noteServerTime(answer, askedAt);
    return answer;
  } catch (error) {
    throw new BotpoolError('control_plane_unreachable', {}, { cause: error });
  }
}

async function must(response: Response): Promise<void> {
  if (response.ok) return;
  const body: unknown = await response.json().catch(() => undefined);
  throw asFailureData(body) ?? new BotpoolError<ErrorCode>('internal', { id: String(response.status) });
}
