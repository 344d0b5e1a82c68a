/** The typed client of the sandbox's control API, for the CLI, tests and benches. */
import * as z from 'zod';
import {
  type BotPatch,
  type BotView,
  type BotWithToken,
  botViewSchema,
  botWithTokenSchema,
  type ChatMessage,
  type ChatView,
  type ClockView,
  type ConfirmManagedInput,
  chatMessageSchema,
  chatViewSchema,
  clockViewSchema,
  controlErrorSchema,
  type FaultPatch,
  type FaultView,
  faultViewSchema,
  type LimitPatch,
  type LimitSettings,
  limitSettingsSchema,
  type NewBotInput,
  type NewPersonInput,
  type NextCallFaultInput,
  type PayInvoiceResult,
  type PersonView,
  type PressInput,
  type PressResult,
  payInvoiceResultSchema,
  personViewSchema,
  pressResultSchema,
  type ReadChatInput,
  type RecordedCall,
  type RecordedPoll,
  type RecordedUpdate,
  type RecordFilter,
  type RecordSummary,
  recordedCallSchema,
  recordedPollSchema,
  recordedUpdateSchema,
  recordSummarySchema,
  type SendFileInput,
  type WaitForInput,
} from '#shared/schemas/sandbox.ts';
import { type StorageFaultsPatch, type StorageView, storageViewSchema } from '#shared/schemas/sandbox-s3.ts';
import {
  type ForgedNotification,
  type PayerAct,
  type ShopPatch,
  type ShopPayment,
  type ShopRecord,
  type ShopSettings,
  shopPaymentSchema,
  shopRecordSchema,
  shopSettingsSchema,
} from '#shared/schemas/sandbox-shop.ts';

/** The part of `fetch` the client needs. */
export type SandboxFetch = (url: string, init: RequestInit) => Promise<Response>;

/** A bot by its id or username. */
export type BotRef = number | string;

/** The sandbox refused; `code` is stable, `field` names the bad input where there is one. */
export class SandboxError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;

  constructor(status: number, code: string, message: string, field: string | undefined) {
    super(message);
    this.name = 'SandboxError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** One person's chat with one bot. Each method is something the person does or sees. */
export interface SandboxChat {
  /** Presses Start; `payload` comes from a deep link. */
  start(payload?: string): Promise<ChatMessage>;
  say(text: string, options?: { readonly replyTo?: number }): Promise<ChatMessage>;
  edit(messageId: number, text: string): Promise<ChatMessage>;
  /** Presses a button under a message; `waitMs` waits for what the bot answers to the press. */
  press(input: PressInput): Promise<PressResult>;
  /** Presses a button of the keyboard below; a contact button shares the person's phone. */
  pressReplyButton(text: string): Promise<ReplyButtonResult>;
  sendPhoto(input?: SendFileInput): Promise<ChatMessage>;
  sendVoice(input?: SendFileInput): Promise<ChatMessage>;
  sendDocument(input?: SendFileInput): Promise<ChatMessage>;
  pay(input?: { readonly messageId?: number; readonly waitMs?: number }): Promise<PayInvoiceResult>;
  setBlocked(blocked: boolean): Promise<void>;
  read(input?: ReadChatInput): Promise<ChatView>;
  /** The next message of the bot, new or edited; null when the time is over. */
  waitFor(input?: WaitForInput): Promise<ChatMessage | null>;
}

/** What came of a reply-keyboard button. `managedBot`: the username of a bot made by it. */
export type ReplyButtonResult = z.infer<typeof replyButtonResultSchema>;

/** The control API of one sandbox. Every method rejects with `SandboxError` when refused. */
export interface SandboxClient {
  createPerson(input: NewPersonInput): Promise<PersonView>;
  listPeople(): Promise<PersonView[]>;
  setDeactivated(personId: number, deactivated: boolean): Promise<PersonView>;
  createBot(input: NewBotInput): Promise<BotWithToken>;
  getBot(bot: BotRef): Promise<BotView>;
  listBots(): Promise<BotView[]>;
  listBotsWithTokens(): Promise<BotWithToken[]>;
  patchBot(bot: BotRef, patch: BotPatch): Promise<BotView>;
  deleteBot(bot: BotRef): Promise<void>;
  revokeToken(bot: BotRef): Promise<BotWithToken>;
  confirmManagedBot(input: ConfirmManagedInput): Promise<BotView>;
  chat(bot: BotRef, personId: number): SandboxChat;
  clock(): Promise<ClockView>;
  reset(): Promise<void>;
  getFaults(): Promise<FaultView>;
  setFaults(patch: FaultPatch): Promise<FaultView>;
  clearFaults(): Promise<FaultView>;
  failNextCalls(fault: NextCallFaultInput): Promise<FaultView>;
  getLimits(): Promise<LimitSettings>;
  setLimits(patch: LimitPatch): Promise<LimitSettings>;
  recordedCalls(filter?: RecordFilter): Promise<RecordedCall[]>;
  recordedUpdates(filter?: RecordFilter): Promise<RecordedUpdate[]>;
  recordedPolls(filter?: RecordFilter): Promise<RecordedPoll[]>;
  recordSummary(bot?: BotRef): Promise<RecordSummary>;
  clearRecord(): Promise<void>;
  readonly shop: SandboxShop;
  readonly storage: SandboxStorage;
}

/** The simulated object storage, seen from outside. */
export interface SandboxStorage {
  view(): Promise<StorageView>;
  configure(patch: StorageFaultsPatch): Promise<StorageView>;
  makeBucket(name: string): Promise<void>;
  /** Deletes one object, or all of a bucket, behind everybody's back. */
  lose(bucket: string, key?: string): Promise<void>;
}

/** The simulated YooKassa, seen from outside. */
export interface SandboxShop {
  settings(): Promise<ShopSettings>;
  configure(patch: ShopPatch): Promise<ShopSettings>;
  payments(): Promise<ShopPayment[]>;
  payment(id: string): Promise<ShopPayment>;
  /** What the payer does on the payment page; pays with a good card unless told otherwise. */
  act(id: string, act?: PayerAct): Promise<ShopPayment>;
  revokeMethod(id: string): Promise<void>;
  /** Sends a notification that nobody meant; the status that it was answered with, 0 for none. */
  forge(notification: ForgedNotification): Promise<number>;
  record(): Promise<ShopRecord>;
}

const replyButtonResultSchema = z.object({ message: chatMessageSchema.nullable(), managedBot: z.string().optional() });
const waitResultSchema = z.object({ message: chatMessageSchema.nullable() });
const doneSchema = z.unknown();

type Ask = <T>(verb: string, path: string, schema: z.ZodType<T>, body?: object) => Promise<T>;

/** A client of the sandbox at `baseUrl` (the `url` it prints at its start). */
export function createSandboxClient(baseUrl: string, fetchLike: SandboxFetch = fetch): SandboxClient {
  const root = `${baseUrl.replace(/\/$/, '')}/control`;
  const ask: Ask = async (verb, path, schema, body) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetchLike(`${root}${path}`, { method: verb, ...init });
    const json: unknown = await response.json();
    if (!response.ok) throw refusal(response.status, json);
    return schema.parse(json);
  };
  return {
    ...populationOf(ask),
    ...weatherOf(ask),
    ...recordOf(ask),
    shop: shopOf(ask),
    storage: storageOf(ask),
    chat: (bot, personId) => chatOf(ask, `/chats/${encodeURIComponent(bot)}/${personId}`),
  };
}

function refusal(status: number, json: unknown): SandboxError {
  const parsed = controlErrorSchema.safeParse(json);
  if (!parsed.success) return new SandboxError(status, 'unknown', `The sandbox answered ${status}.`, undefined);
  const { code, message, field } = parsed.data.error;
  return new SandboxError(status, code, message, field);
}

function populationOf(ask: Ask) {
  return {
    createPerson: (input: NewPersonInput) => ask('POST', '/people', personViewSchema, input),
    listPeople: () => ask('GET', '/people', z.array(personViewSchema)),
    setDeactivated: (personId: number, deactivated: boolean) =>
      ask('POST', `/people/${personId}/deactivated`, personViewSchema, { deactivated }),
    createBot: (input: NewBotInput) => ask('POST', '/bots', botWithTokenSchema, input),
    getBot: (bot: BotRef) => ask('GET', botPath(bot), botViewSchema),
    listBots: () => ask('GET', '/bots', z.array(botViewSchema)),
    listBotsWithTokens: () => ask('GET', '/bots?tokens=true', z.array(botWithTokenSchema)),
    patchBot: (bot: BotRef, patch: BotPatch) => ask('PATCH', botPath(bot), botViewSchema, patch),
    deleteBot: async (bot: BotRef) => void (await ask('DELETE', botPath(bot), doneSchema)),
    revokeToken: (bot: BotRef) => ask('POST', `${botPath(bot)}/revoke`, botWithTokenSchema),
    confirmManagedBot: (input: ConfirmManagedInput) => ask('POST', '/managed-bots', botViewSchema, input),
  };
}

function botPath(bot: BotRef): string {
  return `/bots/${encodeURIComponent(bot)}`;
}

function weatherOf(ask: Ask) {
  return {
    clock: () => ask('GET', '/clock', clockViewSchema),
    reset: async () => void (await ask('POST', '/reset', doneSchema)),
    getFaults: () => ask('GET', '/faults', faultViewSchema),
    setFaults: (patch: FaultPatch) => ask('PATCH', '/faults', faultViewSchema, patch),
    clearFaults: () => ask('DELETE', '/faults', faultViewSchema),
    failNextCalls: (fault: NextCallFaultInput) => ask('POST', '/faults/next', faultViewSchema, fault),
    getLimits: () => ask('GET', '/limits', limitSettingsSchema),
    setLimits: (patch: LimitPatch) => ask('PATCH', '/limits', limitSettingsSchema, patch),
  };
}

function recordOf(ask: Ask) {
  return {
    recordedCalls: (filter?: RecordFilter) => ask('GET', `/record/calls${query(filter)}`, z.array(recordedCallSchema)),
    recordedUpdates: (filter?: RecordFilter) =>
      ask('GET', `/record/updates${query(filter)}`, z.array(recordedUpdateSchema)),
    recordedPolls: (filter?: RecordFilter) => ask('GET', `/record/polls${query(filter)}`, z.array(recordedPollSchema)),
    recordSummary: (bot?: BotRef) => ask('GET', `/record/summary${query({ bot })}`, recordSummarySchema),
    clearRecord: async () => void (await ask('DELETE', '/record', doneSchema)),
  };
}

function shopOf(ask: Ask): SandboxShop {
  const at = (id: string): string => `/shop/payments/${encodeURIComponent(id)}`;
  const statusSchema = z.object({ status: z.number() });
  return {
    settings: () => ask('GET', '/shop', shopSettingsSchema),
    configure: (patch) => ask('PATCH', '/shop', shopSettingsSchema, patch),
    payments: () => ask('GET', '/shop/payments', z.array(shopPaymentSchema)),
    payment: (id) => ask('GET', at(id), shopPaymentSchema),
    act: (id, act = {}) => ask('POST', `${at(id)}/act`, shopPaymentSchema, act),
    revokeMethod: async (id) => void (await ask('POST', `/shop/methods/${encodeURIComponent(id)}/revoke`, doneSchema)),
    forge: async (notification) => (await ask('POST', '/shop/notifications', statusSchema, notification)).status,
    record: () => ask('GET', '/shop/record', shopRecordSchema),
  };
}

function storageOf(ask: Ask): SandboxStorage {
  return {
    view: () => ask('GET', '/storage', storageViewSchema),
    configure: (patch) => ask('PATCH', '/storage', storageViewSchema, patch),
    makeBucket: async (name) => void (await ask('POST', `/storage/buckets/${encodeURIComponent(name)}`, doneSchema)),
    lose: async (bucket, key) =>
      void (await ask('POST', '/storage/losses', doneSchema, key === undefined ? { bucket } : { bucket, key })),
  };
}

function chatOf(ask: Ask, path: string): SandboxChat {
  return {
    start: (payload) => ask('POST', `${path}/start`, chatMessageSchema, payload === undefined ? {} : { payload }),
    say: (text, options = {}) => ask('POST', `${path}/say`, chatMessageSchema, { text, ...options }),
    edit: (messageId, text) => ask('POST', `${path}/edit`, chatMessageSchema, { messageId, text }),
    press: (input) => ask('POST', `${path}/press`, pressResultSchema, input),
    pressReplyButton: (text) => ask('POST', `${path}/reply-button`, replyButtonResultSchema, { text }),
    sendPhoto: (input = {}) => ask('POST', `${path}/photo`, chatMessageSchema, input),
    sendVoice: (input = {}) => ask('POST', `${path}/voice`, chatMessageSchema, input),
    sendDocument: (input = {}) => ask('POST', `${path}/document`, chatMessageSchema, input),
    pay: (input = {}) => ask('POST', `${path}/pay`, payInvoiceResultSchema, input),
    setBlocked: async (blocked) => void (await ask('POST', `${path}/blocked`, doneSchema, { blocked })),
    read: (input = {}) => ask('GET', `${path}${query(input)}`, chatViewSchema),
    waitFor: async (input = {}) => (await ask('GET', `${path}/wait${query(input)}`, waitResultSchema)).message,
  };
}

function query(values: object = {}): string {
  const pairs = Object.entries(values).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
