/** What the API says of those who use it: who one is, named users, tokens of programs, links that sign in. */
import * as z from 'zod';
import { ACCESS_LEVELS, roleSchema } from './access.ts';
import { procedure } from './failure.ts';

const userNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'expected 1 to 40 letters a-z, digits, dots, dashes or underscores');

const passwordSchema = z.string().min(10, 'expected at least 10 characters').max(1_000);

/** A named user. */
const userSchema = z.object({
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  createdAt: z.date(),
  lastSignInAt: z.date().nullable(),
});

/** A token of a program, without what is secret of it. */
const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(ACCESS_LEVELS),
  createdBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
});

/** Who may come in. */
export const sessionContract = {
  /** Who calls, and what they may do. */
  whoami: procedure.read.output(z.object({ user: z.string(), role: roleSchema, access: z.enum(ACCESS_LEVELS) })),
  /** A link that signs in, as the operator of this machine, whoever opens it first. */
  signInLink: procedure.admin.output(z.object({ url: z.string(), expiresAt: z.date() })),
  users: {
    list: procedure.inspect.output(z.array(userSchema)),
    /** Fails with `user_exists` and `password_weak`. */
    add: procedure.admin
      .input(z.object({ name: userNameSchema, role: roleSchema, password: passwordSchema }))
      .output(userSchema),
    /** Ends every session of the user. Fails with `user_unknown`, `password_weak` and `last_admin`. */
    change: procedure.admin
      .input(
        z.object({
          name: userNameSchema,
          role: roleSchema.optional(),
          disabled: z.boolean().optional(),
          password: passwordSchema.optional(),
        }),
      )
      .output(userSchema),
    /** Fails with `user_unknown` and `last_admin`. */
    remove: procedure.admin.input(z.object({ name: userNameSchema })).output(z.object({ name: z.string() })),
  },
  tokens: {
    /** All of them, revoked ones too. */
    list: procedure.inspect.output(z.array(apiTokenSchema)),
    /** `secret` is told here and never again. */
    create: procedure.admin
      .input(
        z.object({
          name: z.string().trim().min(1).max(60),
          scope: z.enum(ACCESS_LEVELS),
          /** Left out: it is good until it is revoked. */
          days: z.number().int().min(1).max(3_650).optional(),
        }),
      )
      .output(z.object({ token: apiTokenSchema, secret: z.string() })),
    /** Fails with `token_unknown`. */
    revoke: procedure.admin.input(z.object({ id: z.string() })).output(apiTokenSchema),
  },
};
