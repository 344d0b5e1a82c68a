/** A time as people say it, with the exact one on hover. All of them share one clock. */
import { useSyncExternalStore } from 'react';
import { serverNow } from '../client/server-clock.ts';
import { exactTime, relativeTime } from '../i18n/format.ts';
import { useLocale } from '../i18n/i18n.ts';

const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    for (const one of listeners) one();
  }, 5_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** `at`: milliseconds since the epoch. */
export function Ago({ at }: { readonly at: number }) {
  const locale = useLocale();
  // The text is the snapshot: nothing is drawn again until it reads differently.
  const text = useSyncExternalStore(subscribe, () => relativeTime(at, serverNow(), locale));
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at, locale)}>
      {text}
    </time>
  );
}
