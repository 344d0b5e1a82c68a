/** How everything does, as lines over time; and who holds PostgreSQL's connections and Redis' keys. */
import { useEffect, useState } from 'react';
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';
import { useConnection } from '../../client/context.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Spark } from '../../components/spark.tsx';
import { Loading } from '../../components/states.tsx';
import { bytes, duration, number, percent } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/keys.generated.ts';
import { joinSamples } from './join-samples.ts';
import classes from './metrics.module.css';

type Locale = ReturnType<typeof useLocale>;

interface Line {
  readonly title: MessageKey;
  /** Null: nothing to measure yet. */
  readonly value: (sample: MetricsSample) => number | null;
  readonly words: (value: number, locale: Locale) => string;
  readonly max?: number;
}

const LINES: readonly Line[] = [
  { title: 'metrics-updates', value: (one) => one.updatesPerSecond, words: (x, l) => number(x, l, 1), max: 1 },
  { title: 'metrics-errors', value: (one) => one.errorsPerSecond, words: (x, l) => number(x, l, 1), max: 1 },
  { title: 'metrics-fill', value: (one) => one.fill, words: percent, max: 1 },
  { title: 'metrics-queued', value: (one) => one.queued, words: (x, l) => number(x, l), max: 3 },
  { title: 'metrics-p50', value: (one) => one.activations.p50Ms, words: duration },
  { title: 'metrics-p95', value: (one) => one.activations.p95Ms, words: duration },
  { title: 'metrics-cpu', value: (one) => one.botCpuCores * 100, words: (x, l) => `${number(x, l, 1)} %`, max: 10 },
  { title: 'metrics-memory', value: (one) => one.botMemoryBytes, words: bytes },
  { title: 'metrics-lag', value: (one) => one.worstLoopLagMs, words: duration, max: 20 },
];

/** See the file. */
export function Main() {
  const say = useSay();
  const { samples, stores } = useMetrics();
  return (
    <Screen title={say('nav-metrics')} sub={say('metrics-sub')}>
      {samples.length === 0 ? (
        <Loading rows={6} height={96} />
      ) : (
        <div className={classes['lines']}>
          {LINES.map((line) => (
            <LineCard key={line.title} line={line} samples={samples} />
          ))}
        </div>
      )}
      {stores === undefined ? null : <Stores stores={stores} />}
    </Screen>
  );
}

function useMetrics() {
  const connection = useConnection();
  const [samples, setSamples] = useState<readonly MetricsSample[]>([]);
  const [stores, setStores] = useState<StoresSample>();
  useEffect(() => {
    const ending = new AbortController();
    let from: number | undefined;
    connection.follow(
      (client, signal) => client.metrics.watch(from === undefined ? {} : { from }, { signal }),
      (batch) => {
        from = batch.samples.at(-1)?.at ?? from;
        setSamples((before) => joinSamples(before, batch.samples));
        if (batch.stores !== null) setStores(batch.stores);
      },
      ending.signal,
    );
    return () => ending.abort();
  }, [connection]);
  return { samples, stores };
}

function LineCard({ line, samples }: { readonly line: Line; readonly samples: readonly MetricsSample[] }) {
  const say = useSay();
  const locale = useLocale();
  const { title, value, words, max } = line;
  const points = samples.flatMap((one) => {
    const measured = value(one);
    return measured === null ? [] : [[one.at, measured] as const];
  });
  const last = points.at(-1)?.[1];
  return (
    <section className={classes['line']} aria-label={say(title)}>
      <h2>{say(title)}</h2>
      <p>{last === undefined ? '–' : words(last, locale)}</p>
      <Spark points={points} label={say(title)} height={64} {...(max === undefined ? {} : { max })} />
    </section>
  );
}

function Stores({ stores: { postgres, redis } }: { readonly stores: StoresSample }) {
  const say = useSay();
  const locale = useLocale();
  const held = postgres.byTenant.map(({ client, connections }) => [client, connections] as const);
  const keys = redis.byPrefix.map(({ prefix, keys: count }) => [prefix, count] as const);
  return (
    <div className={classes['stores']}>
      <Card title={say('metrics-postgres')}>
        <p className={classes['sum']}>
          {say('metrics-connections', {
            now: number(postgres.connections, locale),
            most: number(postgres.most, locale),
            size: bytes(postgres.databaseBytes, locale),
          })}
        </p>
        <Bars rows={held} />
      </Card>
      <Card title={say('metrics-redis')}>
        <p className={classes['sum']}>
          {say('metrics-keys', { keys: number(redis.keys, locale), size: bytes(redis.memoryBytes, locale) })}
        </p>
        <Bars rows={keys} />
      </Card>
    </div>
  );
}

function Bars({ rows }: { readonly rows: readonly (readonly [string, number])[] }) {
  const locale = useLocale();
  const most = Math.max(1, ...rows.map(([, value]) => value));
  return (
    <ul className={classes['bars']}>
      {rows.map(([name, value]) => (
        <li key={name}>
          <span className={classes['barName']}>{name}</span>
          <span className={classes['barTrack']} aria-hidden>
            <span style={{ width: `${(value / most) * 100}%` }} />
          </span>
          <span className={classes['barValue']}>{number(value, locale)}</span>
        </li>
      ))}
    </ul>
  );
}
