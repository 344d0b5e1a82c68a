/** Finds out who sends a request: the host's own token, an API token, or the session of a browser. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { API_TOKEN_PREFIX, findApiToken } from '#core/access/api-tokens.ts';
import { findSession, LOCAL_OPERATOR, secretHash } from '#core/access/sessions.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { accessOf, roleOf } from '#shared/api/access.ts';
import type { Caller } from '../api/caller.ts';

/** Somebody who may come in, and by what. */
export interface Identity {
  readonly caller: Caller;
  /** How it came in. A session must show its CSRF token with every change, because browsers send cookies by themselves. */
  readonly via: 'host' | 'token' | 'session';
  /** What it is looked up by again: the hash of its token or session. */
  readonly hash: string;
  /** Of a session: what its pages must send with changes. */
  readonly csrf?: string;
}

/** What a request shows. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The session's secret from the cookie. */
  readonly cookie: string | undefined;
  /** The face and the address: `rest 127.0.0.1`. */
  readonly source: string;
}

/** Finds identities. */
export interface Identities {
  /** A header that is there but wrong is nobody, whatever the cookie says. */
  find(credentials: Credentials): Promise<Identity | undefined>;
  /** The identity as it is now; `undefined` when it was ended meanwhile. */
  refresh(identity: Identity): Promise<Identity | undefined>;
}

/** What identities are found in. */
export function createIdentities(database: Queryable, hostToken: string): Identities {
  const hostHash = secretHash(hostToken);
  const byHash = async (via: Identity['via'], hash: string, source: string): Promise<Identity | undefined> => {
    if (via === 'host') return { caller: { actor: LOCAL_OPERATOR, access: 'admin', source }, via, hash };
    if (via === 'token') {
      const token = await findApiToken(database, hash);
      if (token === undefined) return undefined;
      return { caller: { actor: `token ${token.name}`, access: token.scope, source }, via, hash };
    }
    const session = await findSession(database, hash);
    if (session === undefined) return undefined;
    return { caller: { actor: session.user, access: accessOf(session.role), source }, via, hash };
  };
  return {
    async find({ authorization, cookie, source }) {
      if (authorization !== undefined) {
        const given = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1];
        if (given === undefined) return undefined;
        if (sameSecret(given, hostToken)) return await byHash('host', hostHash, source);
        return given.startsWith(API_TOKEN_PREFIX) ? await byHash('token', secretHash(given), source) : undefined;
      }
      if (cookie === undefined) return undefined;
      const identity = await byHash('session', secretHash(cookie), source);
      return identity === undefined ? undefined : { ...identity, csrf: csrfOf(cookie) };
    },
    refresh: ({ via, hash, caller }) => byHash(via, hash, caller.source),
  };
}

/** What a session's pages must send with every change: known to whoever holds the session, and to nobody else. */
export function csrfOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('botpool csrf v1').digest('base64url');
}

/** Takes the same time wherever the two differ. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What `GET /session` answers. */
export function describe(identity: Identity): { user: string; role: string; csrf: string | null } {
  const { actor, access } = identity.caller;
  return { user: actor, role: roleOf(access), csrf: identity.csrf ?? null };
}
