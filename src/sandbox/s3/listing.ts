/** One page of a bucket's objects, as `ListObjectsV2` tells it. Pure. */
import { S3Error } from './s3-error.ts';
import type { Bucket } from './storage-disk.ts';

const MOST = 1_000;

/** The content of `ListBucketResult`. A continuation token is the key after which it goes on. */
export function listing({ name, objects }: Bucket, query: URLSearchParams) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(MOST, Number(query.get('max-keys') ?? MOST));
  if (!Number.isInteger(most) || most < 0) throw new S3Error('InvalidArgument', 'max-keys is not a number.');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  // What is below a delimiter is told once, by its folder.
  const entries = [...new Set(keys.map((key) => folded(key, prefix, delimiter)))].filter((entry) => entry > after);
  const page = entries.slice(0, most);
  const isTruncated = entries.length > page.length;
  return {
    Name: name,
    Prefix: prefix,
    KeyCount: page.length,
    MaxKeys: most,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? Buffer.from(page.at(-1) ?? '').toString('base64url') : undefined,
    Contents: page.flatMap((key) => {
      const object = objects.get(key);
      if (object === undefined) return [];
      const { etag, bytes, at } = object;
      return [
        {
          Key: key,
          LastModified: new Date(at).toISOString(),
          ETag: `"${etag}"`,
          Size: bytes,
          StorageClass: 'STANDARD',
        },
      ];
    }),
    CommonPrefixes: page.filter((entry) => !objects.has(entry)).map((entry) => ({ Prefix: entry })),
  };
}

function folded(key: string, prefix: string, delimiter: string): string {
  if (delimiter === '') return key;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? key : key.slice(0, end + delimiter.length);
}
