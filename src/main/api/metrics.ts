/** The group `metrics`: samples that are kept, then each new one; one container live. */
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';
import type { Engine } from '../engine/engine.ts';
import type { Metrics } from '../metrics/index.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface MetricsApiServices {
  readonly metrics: Pick<Metrics, 'history' | 'stores' | 'listen'>;
  readonly engine: Pick<Engine, 'inspect' | 'stats'>;
}

interface Batch {
  samples: MetricsSample[];
  stores: StoresSample | null;
}

/** The procedures of the group. */
export function metricsApi(root: ApiRoot, { metrics, engine }: MetricsApiServices) {
  return root.metrics.router({
    watch: root.metrics.watch.handler(({ input, signal = new AbortController().signal }) =>
      followMetrics(metrics, input.from, signal),
    ),
    container: root.metrics.container.handler(async function* ({ input, signal }) {
      const { name } = await engine.inspect(input.name);
      for await (const { at, cpu, memoryBytes } of engine.stats(name, signal)) yield { at, cpuCores: cpu, memoryBytes };
    }),
  });
}

/** What was kept meanwhile comes together: a slow reader gets one longer batch, bounded by what is kept at all. */
async function* followMetrics(
  metrics: MetricsApiServices['metrics'],
  from: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Batch, void, void> {
  let wake = Promise.withResolvers<void>();
  const end = (): void => wake.resolve();
  const stopListening = metrics.listen(end);
  signal.addEventListener('abort', end, { once: true });
  try {
    let last = from ?? 0;
    for (let first = true; !signal.aborted; first = false) {
      wake = Promise.withResolvers<void>();
      const samples = metrics.history().filter(({ at }) => at > last);
      if (samples.length > 0 || first) yield { samples, stores: metrics.stores() };
      last = samples.at(-1)?.at ?? last;
      if (!signal.aborted) await wake.promise;
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', end);
  }
}
