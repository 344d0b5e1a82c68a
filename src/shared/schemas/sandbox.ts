/**
 * The control API of the sandbox's Telegram: what a test, a bench or a chat page may ask of the simulated world, and
 * what it is answered. Times are milliseconds since the epoch unless a name says otherwise.
 */
import * as z from 'zod';

const username = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{3,31}$/, 'must be 4-32 letters, digits or _, starting with a letter');

/** A person to make. */
export const newPersonSchema = z.strictObject({
  name: z.string().min(1).max(64),
  lastName: z.string().min(1).max(64).optional(),
  username: username.optional(),
  languageCode: z.string().min(2).max(8).optional(),
  isPremium: z.boolean().optional(),
  phone: z
    .string()
    .regex(/^\d{7,15}$/, 'must be 7-15 digits without a plus sign')
    .optional(),
});
export type NewPersonInput = z.infer<typeof newPersonSchema>;

/** A person of the simulated world. */
export const personViewSchema = z.object({
  id: z.number(),
  name: z.string(),
  lastName: z.string().optional(),
  username: z.string().optional(),
  languageCode: z.string().optional(),
  isPremium: z.boolean(),
  phone: z.string(),
  deactivated: z.boolean(),
});
export type PersonView = z.infer<typeof personViewSchema>;

/** A bot to make without talking to BotFather. */
export const newBotSchema = z.strictObject({
  ownerId: z.int().positive(),
  name: z.string().min(1).max(64),
  username,
  canManageBots: z.boolean().optional(),
});
export type NewBotInput = z.infer<typeof newBotSchema>;

/** A bot of the simulated world. `token` only where it was asked for. */
export const botViewSchema = z.object({
  id: z.number(),
  username: z.string(),
  name: z.string(),
  ownerId: z.number(),
  canManageBots: z.boolean(),
  managerId: z.number().optional(),
  webhookUrl: z.string().optional(),
  pendingUpdates: z.number(),
  token: z.string().optional(),
});
export type BotView = z.infer<typeof botViewSchema>;

/** A bot together with its token. */
export const botWithTokenSchema = botViewSchema.extend({ token: z.string() });
export type BotWithToken = z.infer<typeof botWithTokenSchema>;

/** A change to a bot's switches that BotFather would make. */
export const botPatchSchema = z.strictObject({ canManageBots: z.boolean() });
export type BotPatch = z.infer<typeof botPatchSchema>;

const wireObject = z.record(z.string(), z.unknown());

/** A message as it stands in the chat now. `raw` is the Bot API's own Message. */
export const chatMessageSchema = z.object({
  id: z.number(),
  from: z.enum(['bot', 'person']),
  /** Unix seconds. */
  date: z.number(),
  edited: z.boolean(),
  /** The chat's count of changes when this message last changed: give it as `since` to wait for what comes after. */
  revision: z.number(),
  /** Text or caption, '' when the message has none. */
  text: z.string(),
  buttons: z.array(z.array(z.object({ text: z.string(), data: z.string().optional(), url: z.string().optional() }))),
  raw: wireObject,
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** A chat as the person's phone shows it. */
export const chatViewSchema = z.object({
  bot: z.object({ id: z.number(), username: z.string(), name: z.string(), description: z.string() }),
  personId: z.number(),
  started: z.boolean(),
  blocked: z.boolean(),
  revision: z.number(),
  commands: z.array(z.object({ command: z.string(), description: z.string() })),
  replyKeyboard: z.array(z.array(z.object({ text: z.string(), requestContact: z.boolean() }))).optional(),
  action: z.string().optional(),
  draft: z.string().optional(),
  messages: z.array(chatMessageSchema),
});
export type ChatView = z.infer<typeof chatViewSchema>;

/** Pressing Start, by hand or through `https://t.me/<bot>?start=<payload>`. */
export const startSchema = z.strictObject({
  payload: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 _ -')
    .optional(),
});
/** A text a person types. */
export const saySchema = z.strictObject({
  text: z.string().min(1).max(4096),
  replyTo: z.int().positive().optional(),
});
/** An edit of the person's own message. */
export const editOwnSchema = z.strictObject({ messageId: z.int().positive(), text: z.string().min(1).max(4096) });
/** Blocking (true) or unblocking a bot. */
export const blockSchema = z.strictObject({ blocked: z.boolean() });
/** Deactivating an account, or bringing it back. */
export const deactivateSchema = z.strictObject({ deactivated: z.boolean() });

/** A press of a button under a message, by its text or its data; the newest message that has it unless named. */
export const pressSchema = z
  .strictObject({
    text: z.string().min(1).optional(),
    data: z.string().min(1).optional(),
    messageId: z.int().positive().optional(),
    /** How long to wait for the bot's answer; 0: not at all. */
    waitMs: z.int().min(0).max(120_000).default(0),
  })
  .refine((input) => input.text !== undefined || input.data !== undefined, {
    message: 'give the text or the data of the button',
    path: ['text'],
  });
export type PressInput = z.input<typeof pressSchema>;

/** What came of a press. `answer` is what answerCallbackQuery said, null when nothing was said in time. */
export const pressResultSchema = z.object({
  callbackQueryId: z.string(),
  messageId: z.number(),
  data: z.string(),
  answer: z
    .object({ text: z.string().optional(), showAlert: z.boolean(), url: z.string().optional(), cacheTime: z.number() })
    .nullable(),
});
export type PressResult = z.infer<typeof pressResultSchema>;

/** A press of a button of the keyboard that stands instead of the letters. */
export const replyButtonSchema = z.strictObject({ text: z.string().min(1) });

/** A file to send: bytes in base64, or a generated sample when there are none. */
export const sendFileSchema = z.strictObject({
  base64: z.base64().optional(),
  fileName: z.string().min(1).max(255).optional(),
  mimeType: z.string().min(3).max(100).optional(),
  caption: z.string().max(1024).optional(),
  /** Seconds, for a voice message. */
  duration: z.int().min(1).max(600).optional(),
});
export type SendFileInput = z.infer<typeof sendFileSchema>;

/** Paying an invoice shown in the chat; the newest one unless named. */
export const payInvoiceSchema = z.strictObject({
  messageId: z.int().positive().optional(),
  waitMs: z.int().min(0).max(120_000).default(10_000),
});
/** What came of a payment inside Telegram. */
export const payInvoiceResultSchema = z.object({
  preCheckoutQueryId: z.string(),
  paid: z.boolean(),
  error: z.string().optional(),
});
export type PayInvoiceResult = z.infer<typeof payInvoiceResultSchema>;

/** Reading a chat. */
export const readChatSchema = z.strictObject({
  /** Only messages of a higher id. */
  sinceId: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type ReadChatInput = z.input<typeof readChatSchema>;

/** Waiting for a message of the bot, new or edited. */
export const waitForSchema = z.strictObject({
  /** A part of the text or caption. */
  text: z.string().optional(),
  /** Only changes after this revision; left out: after the person's last act. */
  since: z.coerce.number().int().min(0).optional(),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});
export type WaitForInput = z.input<typeof waitForSchema>;

/** The person confirms the creation of a managed bot. Name and username may differ from what the link suggests. */
export const confirmManagedSchema = z.strictObject({
  personId: z.int().positive(),
  link: z.string().min(1),
  name: z.string().min(1).max(64).optional(),
  username: z.string().min(1).max(64).optional(),
});
export type ConfirmManagedInput = z.infer<typeof confirmManagedSchema>;

/** Lasting trouble of the network. */
export const faultSettingsSchema = z.strictObject({
  latencyMs: z.number().min(0).max(600_000),
  jitterMs: z.number().min(0).max(600_000),
  /** Share of calls that are answered with 500, 0 to 1. */
  errorRate: z.number().min(0).max(1),
  /** True: every connection to Telegram is cut, and webhooks stand still. */
  unreachable: z.boolean(),
  /** What a malformed token is answered with: the cloud's 404 or the open server's 401. */
  malformedToken: z.enum(['404', '401']),
});
export type FaultSettings = z.infer<typeof faultSettingsSchema>;
/** A change to some of the troubles. */
export const faultPatchSchema = faultSettingsSchema.partial();
export type FaultPatch = z.infer<typeof faultPatchSchema>;

/** A fate for the next calls that match: an error answer, or a connection cut before or after the work is done. */
export const nextCallFaultSchema = z
  .strictObject({
    times: z.int().min(1).max(1_000_000).default(1),
    method: z.string().min(1).optional(),
    /** Id or username. */
    bot: z.union([z.int(), z.string().min(1)]).optional(),
    code: z.int().min(400).max(599).optional(),
    description: z.string().min(1).optional(),
    /** Seconds. */
    retryAfter: z.int().min(1).optional(),
    drop: z.enum(['before', 'after']).optional(),
  })
  .refine((input) => (input.code === undefined) !== (input.drop === undefined), {
    message: 'give either a code to answer with or drop',
    path: ['code'],
  });
export type NextCallFault = z.infer<typeof nextCallFaultSchema>;
export type NextCallFaultInput = z.input<typeof nextCallFaultSchema>;

/** The troubles set now, and the fates not yet used up. */
export const faultViewSchema = z.object({
  settings: faultSettingsSchema,
  next: z.array(z.object({ fault: wireObject, left: z.number() })),
});
export type FaultView = z.infer<typeof faultViewSchema>;

/** Flood control. */
export const limitSettingsSchema = z.strictObject({
  enabled: z.boolean(),
  perChatPerSecond: z.number().positive(),
  perChatBurst: z.number().min(1),
  overallPerSecond: z.number().positive(),
  overallBurst: z.number().min(1),
  groupPerMinute: z.int().min(1),
});
export type LimitSettings = z.infer<typeof limitSettingsSchema>;
/** A change to some of the limits. */
export const limitPatchSchema = limitSettingsSchema.partial();
export type LimitPatch = z.infer<typeof limitPatchSchema>;

/** One call as Telegram saw it. `code` 0: the connection ended before an answer; absent: still open. */
export const recordedCallSchema = z.object({
  seq: z.number(),
  pollId: z.string(),
  botId: z.number(),
  method: z.string(),
  connection: z.string(),
  startedAt: z.number(),
  waitStartedAt: z.number().optional(),
  endedAt: z.number().optional(),
  code: z.number().optional(),
  description: z.string().optional(),
  chatId: z.number().optional(),
  params: wireObject,
});
export type RecordedCall = z.infer<typeof recordedCallSchema>;

/** One getUpdates request. `endedAt`: when it gave its place up. `overlaps`: polls of the same bot open at its start. */
export const recordedPollSchema = z.object({
  pollId: z.string(),
  botId: z.number(),
  connection: z.string(),
  offset: z.number(),
  startedAt: z.number(),
  waitStartedAt: z.number().optional(),
  endedAt: z.number().optional(),
  outcome: z.enum(['updates', 'empty', 'conflict', 'unauthorized', 'aborted']).optional(),
  updates: z.number(),
  overlaps: z.array(z.string()),
});
export type RecordedPoll = z.infer<typeof recordedPollSchema>;

/** The life of one update. */
export const recordedUpdateSchema = z.object({
  botId: z.number(),
  updateId: z.number(),
  kind: z.string(),
  chatId: z.number(),
  createdAt: z.number(),
  firstDeliveredAt: z.number().optional(),
  deliveries: z.number(),
  confirmedAt: z.number().optional(),
  /** Expired or dropped. */
  lostAt: z.number().optional(),
});
export type RecordedUpdate = z.infer<typeof recordedUpdateSchema>;

/** Which entries of the record to give: the newest `limit` that pass. */
export const recordFilterSchema = z.strictObject({
  bot: z.string().min(1).optional(),
  method: z.string().min(1).optional(),
  chatId: z.coerce.number().int().optional(),
  /** Only what began at or after this time. */
  since: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(200_000).default(1000),
});
export type RecordFilter = Omit<z.input<typeof recordFilterSchema>, 'bot'> & { bot?: number | string | undefined };

const counts = z.record(z.string(), z.number());

/** Counters since the start or the last reset; they do not forget when the record's lists do. */
export const recordSummarySchema = z.object({
  bots: z.array(
    z.object({
      botId: z.number(),
      /** `overlapping`: polls begun while another request of the bot held its place; `conflicts`: polls knocked out. */
      polls: z.object({ total: z.number(), overlapping: z.number(), conflicts: z.number() }),
      updates: z.object({
        created: z.number(),
        delivered: z.number(),
        redelivered: z.number(),
        confirmed: z.number(),
        expired: z.number(),
        dropped: z.number(),
        pending: z.number(),
      }),
      calls: counts,
      errors: counts,
      /** By chat id. */
      messagesSent: counts,
    }),
  ),
});
export type RecordSummary = z.infer<typeof recordSummarySchema>;

/** The sandbox's time. */
export const clockViewSchema = z.object({ now: z.number(), iso: z.string(), startedAt: z.number() });
export type ClockView = z.infer<typeof clockViewSchema>;

/** An error of the control API. */
export const controlErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
});
