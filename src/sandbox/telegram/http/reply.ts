/** Writes Telegram's envelopes. */
import type { ServerResponse } from 'node:http';
import type { ApiError } from '../api-error.ts';
import { Described, RawResult } from '../methods/call.ts';

function envelope(result: unknown): string {
  if (result instanceof RawResult) return `{"ok":true,"result":${result.json}}`;
  if (result === true) return '{"ok":true,"result":true}';
  if (result instanceof Described)
    return JSON.stringify({ ok: true, result: result.result, description: result.description });
  return `{"ok":true,"result":${JSON.stringify(result)}}`;
}

function write(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Record<string, string | number>,
): boolean {
  if (response.destroyed || response.writableEnded) return false;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
  return true;
}

/** Answers with a result. False when nobody is there to take it. */
export function sendJson(response: ServerResponse, result: unknown): boolean {
  return write(response, 200, envelope(result), {});
}

/** Answers with an error; 429 also says `Retry-After`. */
export function sendError(response: ServerResponse, error: ApiError): void {
  const { code, message: description, parameters } = error;
  const hasParameters = parameters !== undefined && Object.keys(parameters).length > 0;
  const json = JSON.stringify({ ok: false, error_code: code, description, ...(hasParameters ? { parameters } : {}) });
  const retryAfter = parameters?.retry_after;
  write(response, code, json, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
}

/** Answers with the content of a file. */
export function sendFile(response: ServerResponse, mimeType: string, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': mimeType, 'content-length': bytes.length });
  response.end(bytes);
}
