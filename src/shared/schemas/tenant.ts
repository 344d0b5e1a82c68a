/** What people may say of a tenant: ids, names, tokens; parsed once where it comes in. */
import * as z from 'zod';
import { BotpoolError } from '../errors/botpool-error.ts';

/** `client_001`, `client_002`, … */
export const CLIENT_ID_PATTERN = /^client_\d{3,6}$/;

/** `<bot id>:<secret>`, as Telegram gives them out; the id part equals the bot's own id. */
export const BOT_TOKEN_PATTERN = /^[1-9]\d{0,15}:[A-Za-z0-9_-]{24,64}$/;

const MAX_COMPANY_CHARACTERS = 200;

/** Languages that every text exists in. */
export const LOCALES = ['ru', 'en'] as const;

/** See {@link LOCALES}. */
export type Locale = (typeof LOCALES)[number];

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Everything that an activation must know about a client. */
export const activationRequestSchema = z.object({
  clientId: z.string(),
  token: z.string(),
  ownerId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  company: z
    .string()
    // Control characters have no place in a name; line breaks become spaces.
    .transform((name) =>
      name
        .replace(/\s+/g, ' ')
        .replace(/\p{Cc}/gu, '')
        .trim(),
    )
    .refine((name) => name.length > 0, 'must not be empty')
    .refine((name) => [...name].length <= MAX_COMPANY_CHARACTERS, `at most ${MAX_COMPANY_CHARACTERS} characters`),
  kind: z.string().default('booking'),
  locale: z.enum(LOCALES).default('ru'),
  timeZone: z.string().refine(isTimeZone, 'expected an IANA zone such as Europe/Moscow').default('Europe/Moscow'),
});

/** What a caller may leave out has its default. */
export type ActivationInput = z.input<typeof activationRequestSchema>;

/** See {@link activationRequestSchema}. */
export type ActivationRequest = z.output<typeof activationRequestSchema>;

/** Fails with `client_id_malformed` unless it is `client_` and three to six digits. */
export function parseClientId(text: string): string {
  if (!CLIENT_ID_PATTERN.test(text)) throw new BotpoolError('client_id_malformed', { clientId: text.slice(0, 40) });
  return text;
}

/** Parses a request; fails with a code that names the first field that is wrong. */
export function parseActivationRequest(input: unknown): ActivationRequest {
  const result = activationRequestSchema.safeParse(input);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new BotpoolError('input_invalid', {
      field: issue?.path.join('.') ?? 'request',
      problem: issue?.message ?? 'not understood',
    });
  }
  parseClientId(result.data.clientId);
  if (!BOT_TOKEN_PATTERN.test(result.data.token)) throw new BotpoolError('token_malformed', {});
  return result.data;
}
