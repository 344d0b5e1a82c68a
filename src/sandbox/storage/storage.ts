/** Keeps a world in a file: loaded at the start, saved shortly after each change, never half-written. */
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { FileInfo } from '../telegram/files.ts';
import type { World } from '../telegram/world.ts';
import type { Shop } from '../yookassa/shop.ts';
import { loadSnapshot, snapshotSchema, writeSnapshot } from './snapshot.ts';

const SAVE_AFTER = 150;
const OWNER_ONLY = 0o600;

/** The file could not be used; the message names it and the next step. */
export class SandboxDataError extends Error {
  constructor(path: string, reason: string, cause: unknown) {
    super(`Cannot use the sandbox data in ${path}: ${reason}. Move the file away to begin with an empty world.`, {
      cause,
    });
    this.name = 'SandboxDataError';
  }
}

/** Saves a world to one file and its files to the folder `<file>.files`. */
export class Storage {
  readonly #path: string;
  readonly #world: World;
  readonly #shop: Shop;
  readonly #onError: (error: unknown) => void;
  readonly #written = new Set<string>();
  #stopTimer: (() => void) | undefined;
  #dirty = false;
  #saving: Promise<void> | undefined;

  constructor(path: string, world: World, shop: Shop, onError: (error: unknown) => void) {
    this.#path = path;
    this.#world = world;
    this.#shop = shop;
    this.#onError = onError;
  }

  /** Loads what was saved before, if anything, and saves from now on. Throws `SandboxDataError`. */
  async start(): Promise<void> {
    await mkdir(this.#folder(), { recursive: true, mode: 0o700 });
    const text = await readIfThere(this.#path);
    if (text !== undefined) await this.#load(text);
    this.#world.onChange(() => this.#schedule());
  }

  /** Saves what is unsaved and stops. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    await this.#saving;
    if (this.#dirty) await this.#save();
  }

  async #load(text: string): Promise<void> {
    const saved = parse(this.#path, text);
    const bytes = new Map<string, Uint8Array>();
    for (const { fileId } of saved.files) {
      bytes.set(fileId, await readFile(this.#fileAt(fileId)).catch(() => new Uint8Array()));
      this.#written.add(fileId);
    }
    if (saved.shop !== undefined) this.#shop.restore(saved.shop);
    loadSnapshot(this.#world, saved, (fileId) => bytes.get(fileId) ?? new Uint8Array());
  }

  #schedule(): void {
    this.#dirty = true;
    if (this.#stopTimer !== undefined || this.#saving !== undefined) return;
    this.#stopTimer = this.#world.clock.after(SAVE_AFTER, () => {
      this.#stopTimer = undefined;
      this.#saving = this.#save()
        .catch(this.#onError)
        .finally(() => {
          this.#saving = undefined;
          if (this.#dirty) this.#schedule();
        });
    });
  }

  async #save(): Promise<void> {
    this.#dirty = false;
    const files = this.#world.files.list();
    const text = writeSnapshot(this.#world, this.#shop.state());
    await this.#saveFiles(files);
    const temporary = `${this.#path}.new`;
    await rm(temporary, { force: true });
    const file = await open(temporary, 'w', OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }

  async #saveFiles(files: readonly FileInfo[]): Promise<void> {
    for (const info of files) {
      if (this.#written.has(info.fileId)) continue;
      await writeFile(this.#fileAt(info.fileId), this.#world.files.bytesOf(info), { mode: OWNER_ONLY });
      this.#written.add(info.fileId);
    }
    if (this.#written.size === files.length) return;
    const kept = new Set(files.map((info) => info.fileId));
    for (const fileId of this.#written) {
      if (kept.has(fileId)) continue;
      await rm(this.#fileAt(fileId), { force: true });
      this.#written.delete(fileId);
    }
  }

  #folder(): string {
    return join(dirname(this.#path), `${this.#path.split(/[\\/]/).at(-1) ?? ''}.files`);
  }

  #fileAt(fileId: string): string {
    return join(this.#folder(), fileId);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new SandboxDataError(path, 'it cannot be read', error);
  }
}

function parse(path: string, text: string): z.infer<typeof snapshotSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SandboxDataError(path, 'it is not JSON', error);
  }
  const parsed = snapshotSchema.safeParse(json);
  if (!parsed.success)
    throw new SandboxDataError(path, z.prettifyError(parsed.error).split('\n').join(' '), parsed.error);
  return parsed.data;
}
