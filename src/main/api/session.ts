/** The group `session`: who calls, named users, tokens of programs. */
import { createApiToken, listApiTokens, revokeApiToken } from '#core/access/api-tokens.ts';
import { addUser, changeUser, listUsers, removeUser } from '#core/access/users.ts';
import type { Database } from '#core/postgres/database.ts';
import { roleOf } from '#shared/api/access.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface SessionApiServices {
  readonly database: Database;
  readonly now: () => number;
  readonly newSignInLink: () => { readonly url: string; readonly expiresAt: Date };
  /** Called after rights have changed, so that open connections are looked at again. */
  readonly accessChanged: () => void;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The procedures of the group. */
export function sessionApi(root: ApiRoot, { database, now, newSignInLink, accessChanged }: SessionApiServices) {
  const changed = <T>(result: T): T => {
    accessChanged();
    return result;
  };
  const { users, tokens } = root.session;
  return root.session.router({
    whoami: root.session.whoami.handler(({ context: { actor, access } }) => ({
      user: actor,
      role: roleOf(access),
      access,
    })),
    signInLink: root.session.signInLink.handler(() => newSignInLink()),
    users: {
      list: users.list.handler(async () => [...(await listUsers(database))]),
      add: users.add.handler(({ input, context }) => addUser(database, input, context)),
      change: users.change.handler(async ({ input, context }) =>
        changed(await changeUser(database, input.name, input, context)),
      ),
      remove: users.remove.handler(async ({ input, context }) => {
        await removeUser(database, input.name, context);
        return changed({ name: input.name });
      }),
    },
    tokens: {
      list: tokens.list.handler(async () => [...(await listApiTokens(database))]),
      create: tokens.create.handler(({ input, context }) => {
        const expiresAt = input.days === undefined ? null : new Date(now() + input.days * DAY_MS);
        return createApiToken(database, { name: input.name, scope: input.scope, expiresAt }, context);
      }),
      revoke: tokens.revoke.handler(async ({ input, context }) =>
        changed(await revokeApiToken(database, input.id, context)),
      ),
    },
  });
}
