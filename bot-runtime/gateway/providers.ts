/**
 * Who may call the gateway: for each provider its path, its senders, and how a hint is read from what it says. Another
 * provider is another row; nothing of what a body claims is believed, so a row names an event and an object to look at.
 */
import * as z from 'zod';

/** What a notification points to. */
export interface Hint {
  readonly event: string;
  readonly objectId: string;
}

/** See the file's head. */
export interface Provider {
  readonly name: string;
  readonly path: string;
  /** Addresses and ranges that it sends from, as {@link parseRanges} reads them. */
  readonly senders: string;
  /** Undefined: this is none of its notifications. */
  readonly read: (body: unknown) => Hint | undefined;
}

/** Source: YooKassa's documentation of notifications. */
export const YOOKASSA_SENDERS = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.156.11',
  '77.75.156.35',
  '77.75.154.128/25',
  '2a02:5180::/32',
].join(', ');

/** Other fields may come and go; a notification that lost its id points nowhere. */
const yookassaSchema = z.object({
  event: z.string().regex(/^[a-z_.]{1,64}$/),
  object: z.object({ id: z.string().regex(/^[\w-]{1,64}$/) }),
});

/** Every provider that is connected. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'yookassa',
    path: '/webhooks/yookassa',
    senders: YOOKASSA_SENDERS,
    read(body) {
      const { data } = yookassaSchema.safeParse(body);
      return data === undefined ? undefined : { event: data.event, objectId: data.object.id };
    },
  },
];
