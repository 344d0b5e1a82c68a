/**
 * The control API of the sandbox's YooKassa: one shop, its payments, what its payers do, and the troubles on order. Sums
 * are whole kopecks, times milliseconds since the epoch.
 */
import * as z from 'zod';

/** How the shop behaves. */
export const shopSettingsSchema = z.object({
  shopId: z.string().min(1),
  secretKey: z.string().min(1),
  /** Where notifications go; none are sent while it is empty. */
  notificationUrl: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]),
  /** The sender that notifications claim in `X-Forwarded-For`, as the provider's proxy chain would show it. */
  notificationSource: z.string(),
  /** Each answer of the API comes so much later. */
  latencyMs: z.number().min(0),
  /** Share of calls that are answered 500 and did nothing. */
  errorRate: z.number().min(0).max(1),
  /** Share of calls that did what they were asked for, and whose answer is lost. */
  lostAnswerRate: z.number().min(0).max(1),
  /** Connections are cut before anything happens. */
  unreachable: z.boolean(),
  /** Share of notifications that are never sent. */
  loseRate: z.number().min(0).max(1),
  /** A notification is sent up to so many times more. */
  duplicates: z.int().min(0).max(20),
  /** Each notification is late by up to so much, so that they overtake each other. */
  lateMs: z.number().min(0),
  /** Saved methods may be charged. A live shop needs a manager's consent first. */
  autopayments: z.boolean(),
  /** What an old key with another body is answered: an error, or the old object. */
  otherBody: z.enum(['refuse', 'replay']),
});

/** See {@link shopSettingsSchema}. */
export type ShopSettings = z.infer<typeof shopSettingsSchema>;

/** What to change of the settings. */
export const shopPatchSchema = shopSettingsSchema.partial().strict();

/** See {@link shopPatchSchema}. */
export type ShopPatch = z.infer<typeof shopPatchSchema>;

/** A payment as the shop's owner would see it. */
export const shopPaymentSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']),
  amount: z.int(),
  currency: z.string(),
  refunded: z.int(),
  description: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  cancelReason: z.string().optional(),
  methodSaved: z.boolean(),
  /** Charged from a saved method. */
  automatic: z.boolean(),
  /** Where it can be paid; empty when nobody has to do anything. */
  url: z.string(),
  createdAt: z.number(),
});

/** See {@link shopPaymentSchema}. */
export type ShopPayment = z.infer<typeof shopPaymentSchema>;

/** What the payer does on the page. `code`: the answer to 3-D Secure; without it a card that asks for one stays pending. */
export const payerActSchema = z.strictObject({
  act: z.enum(['pay', 'decline', 'expire']).default('pay'),
  card: z.string().default('5555555555554444'),
  confirm: z.boolean().default(true),
});

/** See {@link payerActSchema}. */
export type PayerAct = z.input<typeof payerActSchema>;

/** A notification that nobody sent, word for word. */
export const forgedNotificationSchema = z.strictObject({
  body: z.unknown(),
  /** The sender that it claims; several may be listed, as a forger would. */
  source: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
});

/** See {@link forgedNotificationSchema}. */
export type ForgedNotification = z.input<typeof forgedNotificationSchema>;

/** What the shop has seen. */
export const shopRecordSchema = z.object({
  payments: z.record(z.string(), z.int()),
  /** Sum of what was paid and not given back. */
  kept: z.int(),
  refunds: z.int(),
  calls: z.int(),
  answersLost: z.int(),
  notifications: z.object({ sent: z.int(), acknowledged: z.int(), refused: z.int(), lost: z.int(), waiting: z.int() }),
});

/** See {@link shopRecordSchema}. */
export type ShopRecord = z.infer<typeof shopRecordSchema>;

/** The shop that the sandbox opens with. Its key opens nothing but simulated money. */
export const SANDBOX_SHOP = { shopId: '100500', secretKey: 'test_sandbox_shop_key' } as const;
