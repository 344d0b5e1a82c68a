/** The stages of an activation as bars on one scale of time: what is over, what runs, what is to come. */
import type { StageTimings } from '#shared/schemas/pool.ts';
import { duration } from '../i18n/format.ts';
import { useLocale, useSay } from '../i18n/i18n.ts';
import classes from './components.module.css';
import { barsOf } from './waterfall-bars.ts';

/** `runningMs`: how long it has been under way; undefined when it is over. */
export function Waterfall({ stages, runningMs }: { readonly stages: StageTimings; readonly runningMs?: number }) {
  const say = useSay();
  const locale = useLocale();
  return (
    <ol className={classes['waterfall']}>
      {barsOf(stages, runningMs).map(({ stage, left, width, ms, running }) => (
        <li key={stage} className={`${classes['stage']} ${ms === undefined && !running ? classes['stageOff'] : ''}`}>
          <span>{say(`stage-${stage}`)}</span>
          <span className={classes['stageTrack']}>
            <span
              className={`${classes['stageBar']} ${running ? classes['stageRunning'] : ''}`}
              style={{ left: `${left}%`, width: `${width}%`, display: width === 0 && !running ? 'none' : undefined }}
            />
          </span>
          <span className={classes['stageTime']}>
            {ms === undefined ? (running ? '…' : '') : duration(Math.max(0, Math.round(ms)), locale)}
          </span>
        </li>
      ))}
    </ol>
  );
}
