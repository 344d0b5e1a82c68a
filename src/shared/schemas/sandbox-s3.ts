/** The control API of the sandbox's object storage: what lies in it, and the troubles on order. Times are milliseconds. */
import * as z from 'zod';

/** How the storage behaves. Everything off: it keeps what it is given. */
export const storageFaultsSchema = z.object({
  /** Connections are cut before anything happens. */
  unreachable: z.boolean(),
  /** Requests are refused with this status: 403 as with a revoked key, 503 as when there is too much to do. */
  refuse: z.union([z.literal(0), z.literal(403), z.literal(503)]),
  /** Share of requests that are answered 503 and did nothing. */
  errorRate: z.number().min(0).max(1),
  /** Each answer comes so much later. */
  latencyMs: z.number().min(0).max(600_000),
  /**
   * It says that all is well and: `forgets` what it was given, `cuts` its last byte, `flips` a bit of it. Sums and sizes
   * that it tells are those of what it should have kept.
   */
  lies: z.enum(['no', 'forgets', 'cuts', 'flips']),
  /** The connection is cut after so many more parts of multipart uploads were taken; -1: never. */
  cutAfterParts: z.int().min(-1),
  /** Parts that were taken are lost before the upload is completed; nobody is told until then. */
  losesParts: z.boolean(),
  /** The end of a multipart upload is answered 200, with an error in its body. */
  failsCompletion: z.boolean(),
});

/** See {@link storageFaultsSchema}. */
export type StorageFaults = z.infer<typeof storageFaultsSchema>;

/** What to change of the faults. */
export const storageFaultsPatchSchema = storageFaultsSchema.partial().strict();

/** See {@link storageFaultsPatchSchema}. */
export type StorageFaultsPatch = z.infer<typeof storageFaultsPatchSchema>;

/** A storage without trouble. */
export const NO_STORAGE_FAULTS: StorageFaults = {
  unreachable: false,
  refuse: 0,
  errorRate: 0,
  latencyMs: 0,
  lies: 'no',
  cutAfterParts: -1,
  losesParts: false,
  failsCompletion: false,
};

/** What is in it. */
export const storageViewSchema = z.object({
  faults: storageFaultsSchema,
  buckets: z.array(
    z.object({
      name: z.string(),
      objects: z.array(z.object({ key: z.string(), bytes: z.number(), etag: z.string() })),
      /** Multipart uploads that were begun and not ended. */
      uploads: z.array(z.object({ key: z.string(), id: z.string(), parts: z.number() })),
    }),
  ),
  /** Requests by what they asked for, such as `PutObject`. */
  calls: z.record(z.string(), z.number()),
});

/** See {@link storageViewSchema}. */
export type StorageView = z.infer<typeof storageViewSchema>;

/** Somebody deletes something, or all of a bucket, behind everybody's back. */
export const storageLossSchema = z.strictObject({ bucket: z.string(), key: z.string().optional() });

/** The storage that the sandbox opens with. Its keys open nothing outside of it. */
export const SANDBOX_STORAGE = {
  region: 'us-east-1',
  bucket: 'backups',
  accessKey: 'SANDBOXACCESSKEY0001',
  secretKey: 'sandbox-secret-key-that-opens-nothing-outside',
} as const;
