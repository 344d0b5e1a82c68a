/** Checks the signature of a request (AWS Signature Version 4 in the `Authorization` header). Pure. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.ts';

/** A request as it came. */
export interface SignedRequest {
  readonly method: string;
  /** As on the wire: path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Whose requests are served. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

const MAX_SKEW_MS = 15 * 60_000;

/** Fails with the provider's code when the request was not signed with this secret, or long ago. */
export function checkSignature(request: SignedRequest, { accessKey, secretKey }: Credentials, now: number): void {
  const header = one(request, 'authorization');
  if (header === undefined) throw new S3Error('AccessDenied', 'Access Denied.');
  const parts =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (parts === null) throw new S3Error('InvalidArgument', 'Only AWS4-HMAC-SHA256 in the header is understood here.');
  const [, key = '', day = '', region = '', signed = '', signature = ''] = parts;
  if (key !== accessKey) throw new S3Error('InvalidAccessKeyId', 'The access key does not exist in our records.');
  const at = one(request, 'x-amz-date') ?? '';
  checkTime(at, day, now);
  const names = signed.split(';');
  if (!names.includes('host')) throw new S3Error('SignatureDoesNotMatch', 'The header host must be signed.');
  const text = ['AWS4-HMAC-SHA256', at, `${day}/${region}/s3/aws4_request`, sha256(canonical(request, names))].join(
    '\n',
  );
  const expected = hmac(signingKey(secretKey, day, region), text);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}

function checkTime(at: string, day: string, now: number): void {
  const time = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time) || !at.startsWith(day))
    throw new S3Error('AccessDenied', 'The header x-amz-date is missing or malformed.');
  if (Math.abs(now - time) > MAX_SKEW_MS) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
}

function canonical(request: SignedRequest, names: readonly string[]): string {
  const [path = '/', query = ''] = split(request.target);
  const headers = names
    .map((name) => `${name}:${(one(request, name) ?? '').trim().replaceAll(/\s+/g, ' ')}\n`)
    .join('');
  const hash = one(request, 'x-amz-content-sha256') ?? '';
  return [request.method, path, canonicalQuery(query), headers, names.join(';'), hash].join('\n');
}

/** The path is signed as it stands on the wire; queries are sorted, and written with every reserved character escaped. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [encoded(name), encoded(value)] as const;
  });
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encoded(text: string): string {
  const plain = decodeURIComponent(text.replaceAll('+', ' '));
  return encodeURIComponent(plain).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function split(target: string): [string, string] {
  const at = target.indexOf('?');
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

function one({ headers }: SignedRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.join(',');
}

function signingKey(secret: string, day: string, region: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
