/** The HTTP face of the simulated object storage below `/s3`: buckets in the path, signed requests, XML answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { SANDBOX_STORAGE } from '#shared/schemas/sandbox-s3.ts';
import type { Random } from '../random.ts';
import { listing } from './listing.ts';
import type { ObjectStorage, Sums } from './object-storage.ts';
import { S3Error } from './s3-error.ts';
import { checkSignature } from './signature.ts';
import type { StoredObject } from './storage-disk.ts';
import { partsIn, xmlError, xmlOf } from './xml.ts';

/** What a request is about. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

type Operation = (storage: ObjectStorage, call: Call) => Promise<void> | void;

const ROOT = '/s3/';
/** The list of 10,000 parts fits. Bytes. */
const MOST_XML = 2_097_152;

/** See the file. */
export class S3Face {
  readonly #storage: ObjectStorage;
  readonly #now: () => number;
  readonly #random: Random;

  constructor(storage: ObjectStorage, now: () => number, random: Random) {
    this.#storage = storage;
    this.#now = now;
    this.#random = random;
  }

  /** Serves one request. Never fails. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-amz-request-id', requestId);
    try {
      if (await this.#trouble(request)) return;
      const { method = 'GET', url = '/', headers } = request;
      checkSignature({ method, target: url, headers }, SANDBOX_STORAGE, this.#now());
      const call = callOf(request, response);
      const [name, operation] = operationOf(call, method);
      this.#storage.called(name);
      if (name === 'UploadPart' && this.#cutsNow()) return void request.socket.destroy();
      await operation(this.#storage, call);
    } catch (error) {
      answerError(request, response, error, requestId);
    }
  }

  /** True when the request has already met its fate. */
  async #trouble(request: IncomingMessage): Promise<boolean> {
    const { unreachable, refuse, errorRate, latencyMs } = this.#storage.faults;
    if (unreachable) {
      request.socket.destroy();
      return true;
    }
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    if (refuse === 403) throw new S3Error('AccessDenied', 'Access Denied.');
    if (refuse === 503 || this.#random() < errorRate) throw new S3Error('SlowDown', 'Please reduce your request rate.');
    return false;
  }

  #cutsNow(): boolean {
    const { cutAfterParts } = this.#storage.faults;
    if (cutAfterParts < 0) return false;
    if (cutAfterParts === 0) return true;
    this.#storage.configure({ cutAfterParts: cutAfterParts - 1 });
    return false;
  }
}

function callOf(request: IncomingMessage, response: ServerResponse): Call {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
  const path = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length) : '';
  const [bucket = '', ...rest] = path.split('/');
  return {
    request,
    response,
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(rest.join('/')),
    query: searchParams,
  };
}

function operationOf({ bucket, key, query, request }: Call, method: string): readonly [string, Operation] {
  if (bucket === '') throw new S3Error('NotImplemented', 'Only requests to a bucket are served here.');
  if (String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')) {
    throw new S3Error('NotImplemented', 'Bodies in signed chunks are not served here.');
  }
  const named = key === '' ? ofBucket(method, query) : ofObject(method, query);
  if (named === undefined)
    throw new S3Error(
      'NotImplemented',
      'A header or query you provided implies functionality that is not implemented.',
    );
  return named;
}

function ofBucket(method: string, query: URLSearchParams): readonly [string, Operation] | undefined {
  if (method === 'PUT' && query.size === 0) return ['CreateBucket', createBucket];
  if (method === 'HEAD') return ['HeadBucket', headBucket];
  if (method === 'GET' && query.has('uploads')) return ['ListMultipartUploads', listUploads];
  if (method === 'GET' && query.get('list-type') === '2') return ['ListObjectsV2', listObjects];
  return undefined;
}

function ofObject(method: string, query: URLSearchParams): readonly [string, Operation] | undefined {
  const ofUpload = query.has('uploadId');
  if (method === 'PUT') return ofUpload ? ['UploadPart', uploadPart] : ['PutObject', putObject];
  if (method === 'POST' && query.has('uploads')) return ['CreateMultipartUpload', createUpload];
  if (method === 'POST' && ofUpload) return ['CompleteMultipartUpload', completeUpload];
  if (method === 'DELETE') return ofUpload ? ['AbortMultipartUpload', abortUpload] : ['DeleteObject', deleteObject];
  if (method === 'GET' && ofUpload) return ['ListParts', listParts];
  if (method === 'GET') return ['GetObject', getObject];
  if (method === 'HEAD') return ['HeadObject', headObject];
  return undefined;
}

const createBucket: Operation = async (storage, { bucket, response }) => {
  await storage.makeBucket(bucket);
  response.writeHead(200, { location: `/${bucket}` }).end();
};

const headBucket: Operation = (storage, { bucket, response }) => {
  storage.bucket(bucket);
  response.writeHead(200, { 'x-amz-bucket-region': SANDBOX_STORAGE.region }).end();
};

const listObjects: Operation = (storage, { bucket, query, response }) => {
  answerXml(response, 'ListBucketResult', listing(storage.bucket(bucket), query));
};

const listUploads: Operation = (storage, { bucket, query, response }) => {
  const prefix = query.get('prefix') ?? '';
  const uploads = [...storage.bucket(bucket).uploads.values()].filter(({ key }) => key.startsWith(prefix));
  answerXml(response, 'ListMultipartUploadsResult', {
    Bucket: bucket,
    Prefix: prefix,
    MaxUploads: 1_000,
    IsTruncated: false,
    Upload: uploads.map(({ key, id, at }) => ({ Key: key, UploadId: id, Initiated: new Date(at).toISOString() })),
  });
};

const createUpload: Operation = async (storage, { bucket, key, response }) => {
  const { id } = await storage.beginUpload(bucket, key);
  answerXml(response, 'InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id });
};

const uploadPart: Operation = async (storage, { bucket, key, query, request, response }) => {
  const upload = storage.upload(bucket, key, query.get('uploadId') ?? '');
  const { md5 } = await storage.putPart(upload, Number(query.get('partNumber')), request, sumsOf(request));
  response.writeHead(200, { etag: `"${md5}"` }).end();
};

const completeUpload: Operation = async (storage, { bucket, key, query, request, response }) => {
  const upload = storage.upload(bucket, key, query.get('uploadId') ?? '');
  const parts = partsIn(await textOf(request));
  if (parts === undefined) throw new S3Error('MalformedXML', 'The XML you provided was not well-formed.');
  try {
    const { etag } = await storage.completeUpload(bucket, upload, parts);
    answerXml(response, 'CompleteMultipartUploadResult', { Bucket: bucket, Key: key, ETag: `"${etag}"` });
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'InternalError') throw error;
    // As the provider does it: the answer has begun with 200 before the end is known.
    const xml = xmlError(error.code, error.message, `/${bucket}/${key}`, randomUUID());
    response.writeHead(200, { 'content-type': 'application/xml' }).end(xml);
  }
};

const abortUpload: Operation = async (storage, { bucket, key, query, response }) => {
  await storage.abortUpload(bucket, storage.upload(bucket, key, query.get('uploadId') ?? ''));
  response.writeHead(204).end();
};

const listParts: Operation = (storage, { bucket, key, query, response }) => {
  const upload = storage.upload(bucket, key, query.get('uploadId') ?? '');
  const after = Number(query.get('part-number-marker') ?? 0);
  const most = Number(query.get('max-parts') ?? 1_000);
  const rest = upload.parts.filter(({ number }) => number > after);
  const page = rest.slice(0, most);
  answerXml(response, 'ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: most,
    IsTruncated: rest.length > page.length,
    Part: page.map(({ number, at, blob }) => ({
      PartNumber: number,
      LastModified: new Date(at).toISOString(),
      ETag: `"${blob.md5}"`,
      Size: blob.bytes,
    })),
  });
};

const putObject: Operation = async (storage, { bucket, key, request, response }) => {
  const onlyNew = request.headers['if-none-match'] === '*';
  const { etag } = await storage.put(bucket, key, request, sumsOf(request), onlyNew);
  response.writeHead(200, { etag: `"${etag}"` }).end();
};

const deleteObject: Operation = async (storage, { bucket, key, response }) => {
  await storage.remove(bucket, key);
  response.writeHead(204).end();
};

const headObject: Operation = (storage, { bucket, key, response }) => {
  const object = storage.object(bucket, key);
  response.writeHead(200, { ...headersOf(object), 'content-length': object.bytes }).end();
};

const getObject: Operation = async (storage, { bucket, key, request, response }) => {
  const object = storage.object(bucket, key);
  const { bytes, stream } = await storage.read(object);
  const range = rangeOf(request.headers.range, bytes);
  const { from, to } = range ?? { from: 0, to: bytes - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...headersOf(object),
    'content-length': to - from + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${from}-${to}/${bytes}` }),
  });
  await pipeline(stream(from, to), response);
};

function headersOf({ etag, at }: StoredObject): Record<string, string> {
  return { etag: `"${etag}"`, 'last-modified': new Date(at).toUTCString(), 'accept-ranges': 'bytes' };
}

function rangeOf(header: string | undefined, bytes: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes - 1 : Math.min(bytes - 1, Number(last));
  if (from > to) throw new S3Error('InvalidRange', 'The requested range is not satisfiable.');
  return { from, to };
}

function sumsOf({ headers }: IncomingMessage): Sums {
  const sha256 = String(headers['x-amz-content-sha256'] ?? '');
  const md5 = headers['content-md5'];
  return {
    sha256: /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
    md5: md5 === undefined ? undefined : String(md5),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_XML) throw new S3Error('EntityTooLarge', 'Your request was too large.');
  }
  return text;
}

function answerXml(response: ServerResponse, root: string, content: Parameters<typeof xmlOf>[1]): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xmlOf(root, content));
}

function answerError(request: IncomingMessage, response: ServerResponse, error: unknown, requestId: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const known =
    error instanceof S3Error
      ? error
      : new S3Error('InternalError', 'We encountered an internal error. Please try again.');
  const resource = new URL(request.url ?? '/', 'http://sandbox').pathname;
  response.writeHead(known.status, { 'content-type': 'application/xml' });
  // What is left of a body is not read: the connection ends with the answer.
  response.end(request.method === 'HEAD' ? undefined : xmlError(known.code, known.message, resource, requestId));
  if (!request.complete) request.resume();
}
