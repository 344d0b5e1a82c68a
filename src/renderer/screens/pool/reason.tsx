/** Why the pool has the size that it has: the autoscaler's newest decision as a sentence, what holds it back, and how long it lasts. */
import { useEffect, useState } from 'react';
import type { ScalingDecisionView } from '#shared/api/scaling.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card } from '../../components/screen.tsx';
import { duration } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { forecastOf } from './forecast.ts';
import classes from './pool.module.css';

type Sentences = typeof import('#shared/texts/scaling-sentences.ts');

/** The newest decision is asked for so often while the screen is open. */
const EVERY_MS = 5_000;

/** See the file. */
export function Reason() {
  const say = useSay();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((now) => now + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { value } = useAsk(
    `reason ${turn}`,
    (client, signal) => client.scaling.explain({ limit: 1 }, { signal }),
    true,
  );
  const decision = value?.decisions[0];
  if (decision === undefined) return null;
  return (
    <Card
      title={say('reason-title')}
      extra={
        <small className={classes['quiet']}>
          <Ago at={decision.lastAt.getTime()} />
        </small>
      }
    >
      <Lines decision={decision} />
      <Foreseen decision={decision} />
      <a href={hrefOf('settings', { tab: 'pool' })} style={{ color: 'var(--brand-ink)' }}>
        {say('reason-rules')}
      </a>
    </Card>
  );
}

/** The sentences come after the first screen, as those of errors do. */
function Lines({ decision }: { readonly decision: ScalingDecisionView }) {
  const locale = useLocale();
  const [texts, setTexts] = useState<Sentences | undefined>();
  useEffect(() => {
    void import('#shared/texts/scaling-sentences.ts').then((loaded) => setTexts(loaded));
  }, []);
  const [reason, ...limits] = texts?.decisionSentences(decision, locale) ?? [];
  return (
    <div className={classes['reason']} data-testid="reason">
      <p>{reason}</p>
      {limits.map((limit) => (
        <p key={limit} data-limit>
          {limit}
        </p>
      ))}
    </div>
  );
}

/** When the pool runs dry at the present pace. */
function Foreseen({ decision }: { readonly decision: ScalingDecisionView }) {
  const say = useSay();
  const locale = useLocale();
  const { claims, windowMs, freeLastMs, roomLastsMs } = forecastOf(decision);
  if (freeLastMs === null) return null;
  const facts = { claims, window: duration(windowMs, locale), free: duration(freeLastMs, locale) };
  return (
    <div className={classes['reason']} data-testid="forecast">
      <p>
        {freeLastMs === 0 ? say('forecast-dry', facts) : say('forecast-free', facts)}
        {roomLastsMs === null ? null : ` ${say('forecast-room', { room: duration(roomLastsMs, locale) })}`}
      </p>
    </div>
  );
}
