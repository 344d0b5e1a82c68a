/** What tray and notifications say of the pool: pure, from the counts that the control plane tells. */
import type { PoolCounts } from '#shared/api/pool.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { translate } from '#shared/texts/translate.ts';

/** What the shell knows of the business. `undefined`: nobody answers. */
export type Known = PoolCounts | undefined;

/** How it is, in one word: chooses the tray's colour. */
export type Level = 'away' | 'good' | 'full' | 'trouble';

/** The word for the counts. */
export function levelOf(known: Known): Level {
  if (known === undefined) return 'away';
  if (known.failed > 0 || known.queued > 0) return 'trouble';
  return known.total > 0 && known.waiting === 0 ? 'full' : 'good';
}

/** The tray's text. */
export function tooltipOf(known: Known, locale: Locale): string {
  if (known === undefined) return translate('desktop-away', {}, locale);
  const { waiting, total, active, queued } = known;
  return translate('desktop-tooltip', { waiting, total, active, queued }, locale);
}

/** One native notification. */
export interface Alert {
  readonly title: string;
  readonly body: string;
  /** The place that a click on it opens. */
  readonly route: string;
}

/** What is worth a notification: that it became so, once, and not that it still is. */
export function alertsOf(before: Known, now: Known, locale: Locale): readonly Alert[] {
  // The first look tells how it is; nothing has become so.
  if (before === undefined || now === undefined) return [];
  const alert = (
    key: 'desktop-alert-queued' | 'desktop-alert-failed' | 'desktop-alert-full',
    count: number,
  ): Alert => ({
    title: 'Botpool',
    body: translate(key, { count }, locale),
    route: '#/pool',
  });
  const isFull = (known: PoolCounts): boolean => known.total > 0 && known.waiting === 0;
  return [
    ...(now.queued > before.queued ? [alert('desktop-alert-queued', now.queued)] : []),
    ...(now.failed > before.failed ? [alert('desktop-alert-failed', now.failed)] : []),
    ...(isFull(now) && !isFull(before) && now.queued === 0 ? [alert('desktop-alert-full', now.total)] : []),
  ];
}
