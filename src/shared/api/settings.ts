/** What the API says of settings: the variables of `.env`, who changed them, and when they count. */
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One variable. */
const variableSchema = z.object({
  name: z.string(),
  /** What `.env` says; null when nothing, and for secrets. */
  value: z.string().nullable(),
  secret: z.boolean(),
  /** `file`: `.env` says it. `environment`: the process was started with it, which wins. `default`: nobody says it. */
  source: z.enum(['file', 'environment', 'default']),
  /** What it means, in English, as `.env.example` says it; empty where it says nothing. */
  description: z.string(),
  /** An example or the default, as there. */
  example: z.string(),
});

/** The file with its version; a save names the version that it was made from. */
const environmentSchema = z.object({
  version: z.string(),
  variables: z.array(variableSchema),
  /** True when the running host was started before the last change: it counts from the next start on. */
  restartNeeded: z.boolean(),
});

/** See `environmentSchema`. */
export type EnvironmentView = z.infer<typeof environmentSchema>;

/** Settings of the installation. */
export const settingsContract = {
  environment: procedure.inspect.output(environmentSchema),
  /**
   * Changes variables of `.env`; null takes one out. Comments and everything else stay as they are. Fails with
   * `settings_changed` when somebody was faster, and with `config_invalid`, which names every variable that is wrong.
   */
  saveEnvironment: procedure.admin
    .input(
      z.object({
        version: z.string(),
        changes: z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), z.string().max(20_000).nullable()),
      }),
    )
    .output(environmentSchema),
  /** Who changed what, newest first, secrets masked. */
  history: procedure.inspect.output(
    z.array(
      z.object({
        version: z.number().int(),
        at: z.date(),
        actor: z.string(),
        changes: z.record(z.string(), z.string().nullable()),
      }),
    ),
  ),
};
