/** The files people and bots sent. A file id is good for one bot only, as in the real world. */
import type { Random } from '../random.ts';
import { randomText } from '../random.ts';
import type { Document, PhotoSize, Voice } from './types.ts';

/** What a file is, without its bytes. */
export interface FileInfo {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly botId: number;
  readonly kind: FileKind;
  /** Path under `/file/bot<TOKEN>/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  /** Pixels, of photos. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Seconds, of voice messages. */
  readonly duration?: number | undefined;
}

/** The kinds of files the sandbox knows. */
export type FileKind = 'photo' | 'voice' | 'document';

/** A file about to be stored. */
export interface NewFile {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly duration?: number | undefined;
}

const FOLDERS: Readonly<Record<FileKind, string>> = { photo: 'photos', voice: 'voice', document: 'documents' };

/** All files. */
export class Files {
  readonly #byId = new Map<string, FileInfo>();
  readonly #byPath = new Map<string, FileInfo>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Stores a file for one bot. */
  add(botId: number, file: NewFile): FileInfo {
    const { bytes, ...rest } = file;
    const path = `${FOLDERS[file.kind]}/file_${this.#byId.size}${extensionOf(file)}`;
    const fileId = `AgACAgIAAxk${randomText(this.#random, 48)}`;
    const info: FileInfo = {
      ...rest,
      fileId,
      uniqueId: `AQAD${randomText(this.#random, 12)}`,
      botId,
      path,
      size: bytes.length,
    };
    this.put(info, bytes);
    return info;
  }

  /** Takes over a file saved before. */
  put(info: FileInfo, bytes: Uint8Array): void {
    this.#byId.set(info.fileId, info);
    this.#byPath.set(`${info.botId}/${info.path}`, info);
    this.#bytes.set(info.fileId, bytes);
  }

  /** The file of this id, if this bot may use it. */
  find(botId: number, fileId: string): FileInfo | undefined {
    const info = this.#byId.get(fileId);
    return info?.botId === botId ? info : undefined;
  }

  /** The file at this path, if it is this bot's. */
  findByPath(botId: number, path: string): FileInfo | undefined {
    return this.#byPath.get(`${botId}/${path}`);
  }

  /** The content of a file. */
  bytesOf(info: FileInfo): Uint8Array {
    return this.#bytes.get(info.fileId) ?? new Uint8Array();
  }

  /** All files. */
  list(): readonly FileInfo[] {
    return [...this.#byId.values()];
  }

  /** Forgets all files. */
  clear(): void {
    this.#byId.clear();
    this.#byPath.clear();
    this.#bytes.clear();
  }
}

function extensionOf(file: NewFile): string {
  if (file.kind === 'photo') return '.jpg';
  if (file.kind === 'voice') return '.oga';
  return /\.[A-Za-z0-9]{1,10}$/.exec(file.name ?? '')?.[0] ?? '';
}

/** A photo as messages carry it: a small size and the whole one. */
export function photoSizesOf(info: FileInfo): readonly PhotoSize[] {
  const { fileId, uniqueId, size, width = 1, height = 1 } = info;
  return [{ file_id: fileId, file_unique_id: uniqueId, file_size: size, width, height }];
}

/** A voice message's file as messages carry it. */
export function voiceOf(info: FileInfo): Voice {
  const { fileId, uniqueId, size, duration = 0, mimeType } = info;
  return { file_id: fileId, file_unique_id: uniqueId, file_size: size, duration, mime_type: mimeType };
}

/** A document as messages carry it. */
export function documentOf(info: FileInfo): Document {
  const { fileId, uniqueId, size, name, mimeType } = info;
  return { file_id: fileId, file_unique_id: uniqueId, file_size: size, file_name: name, mime_type: mimeType };
}
