/** Why the pool has the size that it has: the autoscaler's newest decision as a sentence, and what holds it back. */
import { useEffect, useState } from 'react';
import type { ScalingDecisionView } from '#shared/api/scaling.ts';
import { useAsk } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card } from '../../components/screen.tsx';
import { useLocale, useSay } from '../../i18n/i18n.ts';
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
