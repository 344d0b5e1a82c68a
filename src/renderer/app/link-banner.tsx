/** Says how the link is: a word while all is well, a banner while what is shown may be old. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useConnection, useLink } from '../client/context.tsx';
import { clockTime } from '../i18n/format.ts';
import { useLocale, useSay } from '../i18n/i18n.ts';
import { poolStore } from '../stores/stores.ts';
import classes from './shell.module.css';

/** One word in the top bar. */
export function LinkState() {
  const say = useSay();
  const state = useLink(({ phase, stale }) => (phase === 'online' ? (stale ? 'stale' : 'live') : 'offline'));
  return (
    <span className={classes['live']} data-state={state} role="status">
      <span className={classes['liveWords']}>{say(`link-${state}`)}</span>
    </span>
  );
}

/** A sentence below the top bar while the link is silent or lost. */
export function LinkBanner() {
  const say = useSay();
  const locale = useLocale();
  const connection = useConnection();
  const link = useStore(connection.link);
  const now = useSeconds(link.stale || link.phase === 'offline');
  const at = useStore(poolStore, (state) => state.at);
  const time = clockTime(link.heardAt ?? at ?? now, locale);
  if (link.phase === 'offline') {
    const seconds = Math.max(0, Math.ceil(((link.retryAt ?? now) - now) / 1000));
    return (
      <div className={`${classes['banner']} ${classes['bannerOff']}`} role="alert" data-testid="offline">
        <span>{say('link-offline-text', { time })}</span>
        <span>{seconds > 0 ? say('link-retry-in', { seconds }) : say('link-retrying')}</span>
        <button type="button" onClick={() => connection.retry()}>
          {say('link-retry-now')}
        </button>
      </div>
    );
  }
  if (!link.stale) return null;
  const seconds = Math.max(0, Math.round((now - (link.heardAt ?? now)) / 1000));
  return (
    <div className={classes['banner']} role="status" data-testid="stale">
      {say('link-stale-text', { seconds, time })}
    </div>
  );
}

function useSeconds(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
