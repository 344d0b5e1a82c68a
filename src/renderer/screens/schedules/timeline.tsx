/** All schedules on one scale of time: what ran, how it ended, what is to come. */
import { useEffect, useState } from 'react';
import type { ScheduleView } from '#shared/api/schedules.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { serverNow } from '../../client/server-clock.ts';
import { Card } from '../../components/screen.tsx';
import { clockTime } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './schedules.module.css';
import { HALF_MS, type Mark, trackOf } from './track.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const RUNS = 100;
const INSTANTS = 50;

/** See the file. */
export function Timeline({ schedules }: { readonly schedules: readonly ScheduleView[] }) {
  const say = useSay();
  const now = useMinute();
  return (
    <Card title={say('schedules-timeline')}>
      <div className={classes['timeline']}>
        <Axis now={now} />
        {schedules.map((schedule) => (
          <Row key={schedule.name} schedule={schedule} now={now} />
        ))}
      </div>
    </Card>
  );
}

function useMinute(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The hours of the clock on the wall, every third one. */
function Axis({ now }: { readonly now: number }) {
  const say = useSay();
  const locale = useLocale();
  const hours = Array.from({ length: 25 }, (_, index) => {
    const at = new Date(now - HALF_MS + index * HOUR_MS);
    at.setMinutes(0, 0, 0);
    return at.getTime();
  }).filter((at) => new Date(at).getHours() % 3 === 0 && at >= now - HALF_MS && at <= now + HALF_MS);
  return (
    <div className={classes['axis']} aria-hidden>
      <span />
      <div>
        {hours.map((at) => {
          const left = ((at - now + HALF_MS) / (2 * HALF_MS)) * 100;
          // What would stand half outside, or under the word for now, is left out.
          return left < 3 || left > 97 || Math.abs(left - 50) < 6 ? null : (
            <span key={at} data-minor={new Date(at).getHours() % 6 !== 0} style={{ left: `${left}%` }}>
              {clockTime(at, locale)}
            </span>
          );
        })}
        <b style={{ left: '50%' }}>{say('schedules-now')}</b>
      </div>
    </div>
  );
}

function Row({ schedule, now }: { readonly schedule: ScheduleView; readonly now: number }) {
  const say = useSay();
  const { name, expression, zone, last, paused } = schedule;
  const { value: runs } = useAsk(
    `runs ${name} ${last?.id} ${last?.state}`,
    (client) => client.schedules.history({ name, limit: RUNS }),
    true,
  );
  const hour = Math.floor(now / HOUR_MS);
  const { value: next } = useAsk(
    `due ${expression} ${zone} ${hour} ${paused === null}`,
    (client) => client.schedules.preview({ expression, zone, count: INSTANTS }),
    true,
  );
  const track = trackOf(runs ?? [], paused === null ? (next ?? schedule.next) : [], now);
  const label = say('schedule-track', {
    name,
    runs: track.past.length,
    troubled: track.troubled,
    due: track.due.length,
  });
  return (
    <div className={classes['row']}>
      <a href={hrefOf('schedules', { schedule: name })}>{name}</a>
      <div className={classes['track']} role="img" aria-label={label} title={label}>
        {track.dense.past ? <span className={classes['band']} style={bandOf(track.past)} /> : null}
        {track.dense.due ? <span className={classes['band']} data-due style={{ left: '50%', right: 0 }} /> : null}
        {[...track.past, ...track.due].map((mark) =>
          isDrawn(mark, track.dense) ? (
            <span
              key={mark.key}
              className={classes['runMark']}
              data-state={mark.state}
              style={{ left: `${mark.left}%`, width: `${mark.width}%` }}
            />
          ) : null,
        )}
        <span className={classes['nowLine']} />
      </div>
    </div>
  );
}

/** In a band only what did not go well stands out. */
function isDrawn({ state }: Mark, dense: { readonly past: boolean; readonly due: boolean }): boolean {
  if (state === 'due') return !dense.due;
  return !dense.past || (state !== 'succeeded' && state !== 'queued');
}

function bandOf(marks: readonly Mark[]): { readonly left: string; readonly width: string } {
  const from = Math.min(...marks.map(({ left }) => left));
  const to = Math.max(...marks.map(({ left, width }) => left + width));
  return { left: `${from}%`, width: `${to - from}%` };
}
