/** Opens the target that the configuration names; what it needs is loaded only then. */
import type { S3Options } from './s3.ts';
import type { Target } from './target.ts';

/** Where copies go; undefined: nowhere. */
export async function openTarget(facts: S3Options | undefined): Promise<Target | undefined> {
  if (facts === undefined) return undefined;
  const { openS3Target } = await import('./s3.ts');
  return openS3Target(facts);
}
