import type { BenchResult } from './report.ts';
export async function benchBot(): Promise<BenchResult> {
  throw new Error('not yet');
}
