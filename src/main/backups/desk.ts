/** What the parts of the front share: how far each backup is, who wants to hear of it, and how its ends are told. */
import { join } from 'node:path';
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import { asExpected } from '#core/errors.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { BackupProgress, BackupView } from '#shared/schemas/backup.ts';
import type { BackupContext, Report } from './context.ts';
import type { BackupRecord } from './store.ts';
import type { Target } from './target/target.ts';

/** What the front is opened with beside what its parts work with. */
export interface BackupsOptions extends BackupContext {
  /** A newest good backup that is older is late. */
  readonly promisedHours: number;
  /** Where copies go; undefined: nowhere. */
  readonly target: Target | undefined;
  /** When the very first backup is due; undefined when none is. */
  readonly firstDue: () => Promise<Date | undefined>;
}

/** See the file. */
export interface Desk {
  readonly options: BackupsOptions;
  /** Which disk this control plane writes to. */
  readonly place: string;
  /** Aborts when this control plane ends. */
  readonly closing: AbortSignal;
  pathOf(id: string): string;
  reportOf(id: string): Report;
  viewOf(record: BackupRecord): BackupView;
  isAtWork(id: string): boolean;
  changed(): void;
  onChange(listener: () => void): () => void;
  /** Goes on after its caller was answered; the register and the alerts tell how it ends. */
  track(id: string, work: Promise<void>): Promise<void>;
  /** Resolves when nothing is at work any more. */
  settled(): Promise<void>;
  /** Runs what a person may stop, until `given` aborts or somebody does. */
  stoppable(id: string, given: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  isStoppable(id: string): boolean;
  stop(id: string): void;
  /** Why the work on a backup has ended: it was stopped by a person, or it failed by itself. */
  failureOf(id: string, error: unknown): BotpoolError;
  /** The code of the table that a failure has; unforeseen ones are logged and get one. */
  expected(error: unknown): BotpoolError;
  alarm(key: string, error: BotpoolError): Promise<void>;
  calm(key: string): Promise<void>;
}

/** Makes it. */
export function openDesk(options: BackupsOptions, place: string, closing: AbortSignal): Desk {
  const { database, folder, logger } = options;
  const progress = new Map<string, BackupProgress>();
  const listeners = new Set<() => void>();
  const working = new Set<Promise<void>>();
  const stops = new Map<string, AbortController>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const expected = (error: unknown): BotpoolError => {
    const known = asExpected(error);
    if (isBotpoolError(known)) return known;
    logger.error({ err: error }, 'something about a backup failed in a way that nobody foresaw');
    const detail = String(error instanceof Error ? error.message : error).slice(0, 500);
    return new BotpoolError('backup_tool_failed', { tool: 'backup', detail });
  };
  return {
    ...{ options, place, closing, changed, expected },
    pathOf: (id) => join(folder, id),
    reportOf: (id) => (more) => {
      const before = progress.get(id) ?? { phase: 'dump', bytes: 0, tables: 0, tablesTotal: 0 };
      progress.set(id, { ...before, ...more });
      if (more.phase !== undefined) changed();
    },
    viewOf: ({ place: _place, ...record }) => {
      const step = progress.get(record.id);
      return {
        ...record,
        progress: step === undefined ? null : { ...step, stoppable: stops.get(record.id)?.signal.aborted === false },
      };
    },
    isAtWork: (id) => progress.has(id),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    track(id, work) {
      const done = work.finally(() => {
        progress.delete(id);
        working.delete(settled);
        changed();
      });
      const settled = done.catch(() => undefined);
      working.add(settled);
      return done;
    },
    async settled() {
      while (working.size > 0) await Promise.allSettled(working);
    },
    async stoppable(id, given, work) {
      const stop = new AbortController();
      stops.set(id, stop);
      await work(AbortSignal.any([given, stop.signal])).finally(() => stops.delete(id));
    },
    isStoppable: (id) => stops.has(id),
    stop: (id) => stops.get(id)?.abort(),
    failureOf(id, error) {
      const stopped = stops.get(id)?.signal.aborted === true;
      return stopped ? new BotpoolError('backup_cancelled', {}, { cause: error }) : expected(error);
    },
    alarm: (key, error) => raiseAlert(database, { key, severity: 'critical', error }),
    calm: (key) => resolveAlert(database, key),
  };
}
