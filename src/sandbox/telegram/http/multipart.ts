/** `multipart/form-data`, already whole in memory. */
import { badRequest } from '../api-error.ts';
import type { Upload } from '../methods/params.ts';

/** One part: a text field or a file. */
export interface Part {
  readonly name: string;
  readonly text: string;
  readonly upload: Upload | undefined;
}

const HEADER_END = Buffer.from('\r\n\r\n');

/** The parts of a body. Throws 400 when the form is broken. */
export function parseMultipart(contentType: string, body: Buffer): readonly Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw badRequest("can't find boundary in the multipart content type");
  const delimiter = Buffer.from(`--${mark}`);
  const parts: Part[] = [];
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const from = start + delimiter.length;
    if (body.toString('latin1', from, from + 2) === '--') return parts;
    const next = body.indexOf(delimiter, from);
    const headerEnd = body.indexOf(HEADER_END, from);
    if (next < 0 || headerEnd < 0 || headerEnd > next) break;
    const part = readPart(
      body.toString('utf8', from, headerEnd),
      body.subarray(headerEnd + HEADER_END.length, next - 2),
    );
    if (part) parts.push(part);
    start = next;
  }
  throw badRequest("can't parse multipart body");
}

function readPart(headers: string, content: Buffer): Part | undefined {
  const disposition = /content-disposition:([^\r\n]*)/i.exec(headers)?.[1] ?? '';
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1] ?? /[;\s]name=([^;\s]+)/i.exec(disposition)?.[1];
  if (name === undefined) return undefined;
  const fileName = /filename="([^"]*)"/i.exec(disposition)?.[1] ?? /filename=([^;\s]+)/i.exec(disposition)?.[1];
  if (fileName === undefined) return { name, text: content.toString('utf8'), upload: undefined };
  const mimeType = /content-type:\s*([^\r\n;]+)/i.exec(headers)?.[1]?.trim() ?? 'application/octet-stream';
  return { name, text: '', upload: { fileName, mimeType, bytes: Buffer.from(content) } };
}
