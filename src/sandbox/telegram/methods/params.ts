/** The arguments of one call, wherever they came from: query, form, JSON or multipart. All readings are lenient, as Telegram's. */
import { badRequest } from '../api-error.ts';

/** A file that came with a call. */
export interface Upload {
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The arguments of one call. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #files: ReadonlyMap<string, Upload>;

  constructor(values: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, Upload> = new Map()) {
    this.#values = values;
    this.#files = files;
  }

  /** Whether the argument was given at all. */
  has(name: string): boolean {
    return this.#values[name] !== undefined || this.#files.has(name);
  }

  /** The argument as text, '' when absent; objects come as JSON. */
  text(name: string): string {
    const value = this.#values[name];
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  /** The argument as a whole number, `fallback` when absent or not a number. */
  int(name: string, fallback: number): number {
    const value = this.#values[name];
    if (typeof value === 'number') return Math.trunc(value);
    const text = this.text(name).trim();
    return /^[+-]?\d+$/.test(text) ? Number(text) : fallback;
  }

  /** The argument as a number, undefined when absent or not a number. */
  number(name: string): number | undefined {
    const text = this.text(name).trim();
    const value = text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  /** True for true, 1, yes and t, as Telegram reads it. */
  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value === 'boolean') return value;
    return /^(true|yes|1|t|y)$/i.test(this.text(name).trim());
  }

  /** The argument as an object or array, parsed when it came as a JSON string; undefined when absent or empty. */
  json(name: string, complaint: string): unknown {
    const value = this.#values[name];
    if (typeof value === 'object' && value !== null) return value;
    const text = this.text(name);
    if (text === '') return undefined;
    try {
      const parsed: unknown = JSON.parse(text);
      return parsed;
    } catch {
      throw badRequest(complaint);
    }
  }

  /** The uploaded file behind a field: a part of that name, or one named by `attach://<part>`. */
  upload(name: string): Upload | undefined {
    const reference = /^attach:\/\/(.+)$/.exec(this.text(name))?.[1];
    return this.#files.get(reference ?? name);
  }

  /** The uploaded part of this name. */
  part(name: string): Upload | undefined {
    return this.#files.get(name);
  }

  /** The arguments as they go into the record: secrets and file contents left out. */
  forRecord(hide: (text: string) => string): Record<string, unknown> {
    const shown: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(this.#values)) {
      if (SECRET.has(name)) shown[name] = '[hidden]';
      else if (typeof value === 'string') shown[name] = hide(value);
      else shown[name] = typeof value === 'object' ? hide(JSON.stringify(value)) : value;
    }
    for (const [name, file] of this.#files) shown[name] = `[file of ${file.bytes.length} bytes]`;
    return shown;
  }
}

const SECRET: ReadonlySet<string> = new Set(['secret_token', 'provider_token', 'token']);

/** A plain object, or undefined. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (Object.fromEntries(Object.entries(value)) as Readonly<Record<string, unknown>>)
    : undefined;
}
