/** Runs many seeds and tells of the first that breaks, made as short as it can be. */
import { runHistory, shrinkHistory } from './history.ts';
import type { Fault } from './names.ts';

/** What many histories showed. */
export interface Judgement {
  /** Seeds whose history broke a promise, with the promise. */
  readonly broken: readonly string[];
  /** The first of them, shortened: what struck, and what happened last. */
  readonly story: string;
  readonly seen: ReadonlySet<Fault>;
  readonly updates: number;
}

/** Runs so many seeds, beginning with this one. */
export function judgeSeeds(first: number, count: number): Judgement {
  const broken: string[] = [];
  const seen = new Set<Fault>();
  let updates = 0;
  let story = '';
  for (let seed = first; seed < first + count; seed += 1) {
    const result = runHistory(seed);
    for (const fault of result.seen) seen.add(fault);
    updates += result.updates;
    if (result.broken === undefined) continue;
    broken.push(`seed ${seed}: ${result.broken}`);
    if (story === '') story = tellStory(seed);
  }
  return { broken, story, seen, updates };
}

function tellStory(seed: number): string {
  const shorter = runHistory(seed, shrinkHistory(seed, {}));
  return [`seed ${seed}: ${shorter.broken}`, `struck: ${[...shorter.seen].join(', ')}`, ...shorter.history].join('\n');
}
