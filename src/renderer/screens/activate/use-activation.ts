/** One activation from the click to its end, with what is known of it meanwhile. */
import { useEffect, useRef, useState } from 'react';
import type { ActivationAnswer } from '#shared/api/activations.ts';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { StageTimings } from '#shared/schemas/pool.ts';
import type { ActivationInput } from '#shared/schemas/tenant.ts';
import { useConnection } from '../../client/context.tsx';
import { asFailure } from '../../client/failure.ts';

/** See the file. `runningMs` grows while it runs. */
export interface Run {
  readonly phase: 'idle' | 'running' | 'done' | 'failed';
  readonly stages: StageTimings;
  readonly runningMs: number;
  readonly answer?: ActivationAnswer;
  readonly error?: BotpoolError;
}

const IDLE: Run = { phase: 'idle', stages: {}, runningMs: 0 };
const TICK_MS = 50;

/** `start` runs it; `reset` forgets it. */
export function useActivation(): {
  readonly run: Run;
  readonly start: (input: ActivationInput) => void;
  readonly reset: () => void;
} {
  const { client } = useConnection();
  const [run, setRun] = useState<Run>(IDLE);
  const begun = useRef(0);
  useEffect(() => {
    if (run.phase !== 'running') return;
    const timer = setInterval(
      () => setRun((now) => (now.phase === 'running' ? { ...now, runningMs: Date.now() - begun.current } : now)),
      TICK_MS,
    );
    return () => clearInterval(timer);
  }, [run.phase]);
  const start = (input: ActivationInput): void => {
    begun.current = Date.now();
    setRun({ ...IDLE, phase: 'running' });
    const following = new AbortController();
    void (async () => {
      try {
        // The bot has its configuration: what comes now runs in the bot, which tells its times at the end.
        for await (const step of await client.activations.follow(
          { clientId: input.clientId },
          { signal: following.signal },
        )) {
          const ms = Date.now() - begun.current;
          if (step.type === 'delivered') setRun((now) => ({ ...now, stages: { prepared: ms, delivered: ms } }));
        }
      } catch {
        // Steps are for looking at; the answer decides.
      }
    })();
    client.activations
      .activate(input)
      .then(
        (answer) => setRun({ phase: 'done', stages: answer.stages, runningMs: answer.durationMs, answer }),
        (error: unknown) => setRun((now) => ({ ...now, phase: 'failed', error: asFailure(error) })),
      )
      .finally(() => following.abort());
  };
  return { run, start, reset: () => setRun(IDLE) };
}
