/** What the refusals of a storage mean. Pure. */
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';

interface ServiceFailure {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function asService(error: unknown): ServiceFailure | undefined {
  return error instanceof Error ? (error as ServiceFailure) : undefined;
}

/** True when the bucket is there and the object is not. */
export function isMissing(error: unknown): boolean {
  const failure = asService(error);
  return failure?.name === 'NotFound' || failure?.name === 'NoSuchKey';
}

/** True when the storage knows nothing of this upload any more, or has lost parts of it. */
export function isUploadLost(error: unknown): boolean {
  return ['NoSuchUpload', 'InvalidPart'].includes(asService(error)?.name ?? '');
}

/** `target_refused` when the storage has answered and does not want to, `target_unreachable` otherwise. */
export function targetError(target: string, error: unknown): BotpoolError {
  if (isBotpoolError(error)) return error;
  const failure = asService(error);
  const status = failure?.$metadata?.httpStatusCode ?? 0;
  const words = [failure?.name, failure?.message].filter(
    (word) => word !== undefined && word !== '' && word !== 'Error',
  );
  const detail = `${[...new Set(words)].join(': ')}${status === 0 ? '' : ` (${status})`}`.slice(0, 300);
  // 408 and 429 are moods, not answers.
  const refused = status >= 300 && status < 500 && status !== 408 && status !== 429;
  const code = refused ? 'target_refused' : 'target_unreachable';
  return new BotpoolError(code, { target, detail: detail === '' ? 'no answer' : detail }, { cause: error });
}
