/** What every benchmark gives back, how it is printed, and the arithmetic that all of them share. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** Figures have stable, flat names; `_ms` are milliseconds, `_mib` mebibytes. */
export type Figures = Readonly<Record<string, number>>;

/** One benchmark's result, as it is written to JSON. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Figures;
  readonly rival: { readonly name: string; readonly figures: Figures };
  readonly ratios: Figures;
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

/** What a benchmark is told. */
export interface BenchOptions {
  /** Scales the amount of work: 1 is what the specification names. */
  readonly size: number;
  /** What carries the bots. */
  readonly engine: 'process' | 'docker';
  readonly report: (sentence: string) => void;
}

/** One benchmark. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** The value below which this share of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
}

/** Three significant digits are all that a measurement on a shared machine holds. */
export function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}

/** The result with where and when it was measured. */
export function withEnvironment(result: BenchResult, engine: string): object {
  return {
    name: result.name,
    at: new Date().toISOString(),
    environment: {
      cpus: cpus().length,
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      engine,
      load: loadavg().map(round),
      commit: commit(),
    },
    figures: result.figures,
    rival: result.rival,
    ratios: result.ratios,
    samples: result.samples,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** A table for people. */
export function formatTable(result: BenchResult): string {
  const rows = [
    ...Object.entries(result.figures).map(([name, value]) => [name, String(value)]),
    ...Object.entries(result.rival.figures).map(([name, value]) => [`rival ${name}`, String(value)]),
    ...Object.entries(result.ratios).map(([name, value]) => [`ratio ${name}`, String(value)]),
  ];
  const width = Math.max(...rows.map(([name]) => name?.length ?? 0));
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${value.padStart(12)}`);
  return [`${result.name} (rival: ${result.rival.name})`, ...lines].join('\n');
}
