/** Reads what came with a request: the bytes, and the arguments in them. */
import type { IncomingMessage } from 'node:http';
import { badRequest, tooLarge } from '../api-error.ts';
import { Params, type Upload } from '../methods/params.ts';
import { parseMultipart } from './multipart.ts';

/** The largest request the front takes, bytes: 50 MB of file and some room for the rest. */
const MAX_BODY = 52_428_800;

/** The whole body. Throws 413 when it is too large, and fails when the client goes away. */
export function readBody(request: IncomingMessage, max = MAX_BODY): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= max) chunks.push(chunk);
    });
    request.on('end', () => {
      if (size > max) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

/** The arguments of a call from its query and its body. Those in the body win. */
export function readParams(query: string, contentType: string, body: Buffer): Params {
  const values: Record<string, unknown> = query === '' ? {} : Object.fromEntries(new URLSearchParams(query));
  if (body.length === 0) return new Params(values);
  const type = contentType.toLowerCase();
  if (type.startsWith('application/json')) return new Params({ ...values, ...readJson(body) });
  if (type.startsWith('multipart/form-data')) {
    const files = new Map<string, Upload>();
    for (const part of parseMultipart(contentType, body)) {
      if (part.upload) files.set(part.name, part.upload);
      else values[part.name] = part.text;
    }
    return new Params(values, files);
  }
  if (type.startsWith('application/x-www-form-urlencoded') || type === '') {
    return new Params({ ...values, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) });
  }
  return new Params(values);
}

function readJson(body: Buffer): object {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through to the one answer for all that is not a JSON object.
  }
  throw badRequest("can't parse JSON content");
}
