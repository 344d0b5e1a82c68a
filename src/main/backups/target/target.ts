/** A place off this machine where copies of backups are kept, whatever it is. */
import type { Report } from '../context.ts';
import type { Manifest } from '../manifest.ts';

/** A whole backup in its folder on this machine. */
export interface Shipment {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Keeps copies of backups. Fails with `target_unreachable` when it does not answer, `target_refused` when it does not want
 * to, and `target_damaged` when what it gives back is not what it was given.
 */
export interface Target {
  /** For people, such as `s3://backups/botpool`. */
  readonly name: string;
  /** Whether it answers, and to us. */
  check(signal: AbortSignal): Promise<void>;
  /** Whether it says that it holds every file of this backup, by their sizes. */
  holds(manifest: Manifest, signal: AbortSignal): Promise<void>;
  /** Brings every file there, goes on where an earlier try has ended, and reads all of it back to compare it. */
  store(shipment: Shipment): Promise<void>;
  /** The backups that are there whole, the newest first. */
  list(): Promise<string[]>;
  /** Brings a backup into `folder`, which is made: every byte is compared. */
  fetch(id: string, folder: string, report: Report, signal: AbortSignal): Promise<Manifest>;
  /** Removes a backup with everything that was begun of it. */
  remove(id: string): Promise<void>;
  close(): void;
}
