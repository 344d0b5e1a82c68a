/** Asks Telegram whose a bot token is, so that a wizard can say so before anything is activated. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { tokenFingerprint } from '#core/secrets/vault.ts';
import { listTenants } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { BOT_TOKEN_PATTERN } from '#shared/schemas/tenant.ts';

/** What a check needs. */
export interface TokenCheckServices {
  readonly database: Queryable;
  readonly config: { readonly telegramApiRoot: string | undefined };
  readonly sandboxUrl: string | undefined;
}

const CHECK_MS = 5_000;

const answerSchema = z.object({
  ok: z.boolean(),
  result: z.object({ username: z.string(), first_name: z.string() }).optional(),
});

/** Whose bot it is, and the client that has it. Fails with `token_malformed`, `token_invalid`, `telegram_unreachable`. */
export async function checkToken(
  { database, config, sandboxUrl }: TokenCheckServices,
  token: string,
  signal: AbortSignal | undefined,
): Promise<{ username: string; name: string; takenBy: string | null }> {
  if (!BOT_TOKEN_PATTERN.test(token)) throw new BotpoolError('token_malformed', {});
  const root = config.telegramApiRoot ?? sandboxUrl ?? '';
  const limit = AbortSignal.timeout(CHECK_MS);
  // The address holds the token: whatever fails here must not be told further as it is.
  const answer = await getMe(
    `${root}/bot${token}/getMe`,
    signal === undefined ? limit : AbortSignal.any([signal, limit]),
  );
  if (answer === undefined) throw new BotpoolError('telegram_unreachable', {});
  if (answer.result === undefined) throw new BotpoolError('token_invalid', {});
  const fingerprint = tokenFingerprint(token);
  const owner = (await listTenants(database)).find((tenant) => tenant.tokenFingerprint === fingerprint);
  return { username: answer.result.username, name: answer.result.first_name, takenBy: owner?.clientId ?? null };
}

async function getMe(url: string, signal: AbortSignal): Promise<z.output<typeof answerSchema> | undefined> {
  try {
    const response = await fetch(url, { signal });
    return answerSchema.parse(await response.json());
  } catch {
    return undefined;
  }
}
