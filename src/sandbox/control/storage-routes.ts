/** Control routes about the simulated object storage: what lies in it, its troubles, and losses. */
import { storageFaultsPatchSchema, storageLossSchema } from '#shared/schemas/sandbox-s3.ts';
import type { ObjectStorage } from '../s3/object-storage.ts';
import { S3Error } from '../s3/s3-error.ts';
import { ActError } from '../telegram/acts/act-error.ts';
import { type ControlRoutes, check } from './router.ts';

/** See the file's head. */
export function storageRoutes(storage: ObjectStorage): ControlRoutes {
  return {
    'GET /control/storage': () => storage.view(),
    'PATCH /control/storage': ({ body }) => {
      storage.configure(check(storageFaultsPatchSchema, body));
      return storage.view();
    },
    'POST /control/storage/buckets/:bucket': async ({ path }) => {
      await told(() => storage.makeBucket(path['bucket'] ?? ''));
      return storage.view();
    },
    'POST /control/storage/losses': async ({ body }) => {
      const { bucket, key } = check(storageLossSchema, body);
      await told(async () => {
        const keys = key === undefined ? [...storage.bucket(bucket).objects.keys()] : [key];
        for (const each of keys) await storage.remove(bucket, each);
      });
      return storage.view();
    },
  };
}

/** Refusals of the storage in the words of the control API. */
async function told(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    throw new ActError(error.status === 404 ? 404 : 409, error.code, error.message);
  }
}
