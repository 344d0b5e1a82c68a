/** Measures one container from `/proc`: the program and everything it has started. */
import type { ContainerStats } from '../engine.ts';
import { processMemory, processStat, processTree, TICKS_PER_SECOND } from './proc.ts';

/** One reading of the kernel's counters. */
export interface CpuReading {
  readonly at: number;
  /** Of all processes together, since their start. */
  readonly ticks: number;
}

/** Share of one core between two readings; never negative, because an ended child may take its ticks with it. */
export function cpuShare(before: CpuReading, after: CpuReading): number {
  const seconds = (after.at - before.at) / 1000;
  if (seconds <= 0) return 0;
  return Math.max(0, (after.ticks - before.ticks) / TICKS_PER_SECOND / seconds);
}

/** A sample of a tree of processes and the reading for the next one; undefined when it has ended. */
export async function sampleTree(
  pid: number,
  at: number,
  before: CpuReading,
): Promise<{ readonly stats: ContainerStats; readonly reading: CpuReading } | undefined> {
  const pids = await processTree(pid);
  const stats = await Promise.all(pids.map((each) => processStat(each)));
  if (stats[0] === undefined) return undefined;
  const memory = await Promise.all(pids.map((each) => processMemory(each)));
  const reading = { at, ticks: stats.reduce((sum, stat) => sum + (stat?.cpuTicks ?? 0), 0) };
  const memoryBytes = memory.reduce((sum, bytes) => sum + bytes, 0);
  return { stats: { at, cpu: cpuShare(before, reading), memoryBytes }, reading };
}
