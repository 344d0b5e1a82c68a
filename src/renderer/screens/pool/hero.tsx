/** The verdict: one sentence, one bar, three figures. */
import { IconAlertTriangle, IconCircleCheck, IconHourglass, IconRipple } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useLink } from '../../client/context.tsx';
import { Stat } from '../../components/screen.tsx';
import { number, percent } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { concernsOf, fillOf, verdictOf } from '../../stores/pool-reducer.ts';
import { alertsStore, poolStore } from '../../stores/stores.ts';
import classes from './pool.module.css';

const MARKS = {
  good: IconCircleCheck,
  attention: IconHourglass,
  trouble: IconAlertTriangle,
  empty: IconRipple,
} as const;

const PARTS = ['active', 'activating', 'draining', 'failed', 'waiting'] as const;

/** See the file. */
export function Hero() {
  const say = useSay();
  const locale = useLocale();
  const pool = useStore(poolStore);
  const { counts } = pool;
  // What was fine a minute ago may not be: nobody is told that all is well by a screen that hears nothing.
  const old = useLink(({ phase, stale }) => phase !== 'online' || stale);
  const open = useStore(alertsStore, ({ alerts }) => alerts.filter((one) => one.acknowledgedAt === null).length);
  const own = verdictOf(pool);
  const verdict = old || (own === 'good' && open > 0) ? 'attention' : own;
  const Mark = MARKS[verdict];
  const [first] = concernsOf(pool);
  const good = say(verdict === 'empty' ? 'verdict-empty-text' : 'verdict-good-text', { active: counts.active });
  const unseen = open > 0 ? say('concern-alert', { count: open }) : good;
  const sentence = first === undefined ? unseen : say(`concern-${first.kind}`, { count: first.count });
  return (
    <section className={classes['hero']} aria-label={say('hero-label')}>
      <div className={classes['verdict']}>
        <span className={classes['verdictMark']} data-verdict={verdict}>
          <Mark size={26} stroke={1.8} aria-hidden />
        </span>
        <div>
          <p className={classes['verdictWord']} data-testid="verdict">
            {say(old ? 'verdict-old' : `verdict-${verdict}`)}
          </p>
          <p className={classes['verdictText']}>{old ? say('verdict-old-text') : sentence}</p>
        </div>
      </div>
      <div>
        <div className={classes['bar']} aria-hidden>
          {PARTS.map((part) => (
            <span key={part} className={classes[`s-${part}`]} style={{ flexGrow: counts[part], flexBasis: 0 }} />
          ))}
        </div>
        <ul className={classes['legend']}>
          {PARTS.filter((part) => counts[part] > 0 || part === 'active' || part === 'waiting').map((part) => (
            <li key={part}>
              <span
                className={`${classes['dot']}`}
                style={{ background: `var(--${part === 'active' ? 'active' : `${part}-line`})` }}
              />
              {say(`bot-state-${part}`)} <b>{number(counts[part], locale)}</b>
            </li>
          ))}
          {counts.queued === 0 ? null : (
            <li>
              {say('hero-queued')} <b>{number(counts.queued, locale)}</b>
            </li>
          )}
        </ul>
      </div>
      <div className={classes['numbers']}>
        <Stat value={number(counts.waiting, locale)} label={say('hero-free')} />
        <Stat value={number(counts.active, locale)} label={say('hero-serving')} />
        <Stat value={percent(fillOf(counts), locale)} label={say('hero-fill')} />
      </div>
    </section>
  );
}
