/** Settles which version of the Engine API is spoken. Pure. */

/** The newest and the oldest version that this engine was written for. */
export const OURS = { oldest: '1.41', newest: '1.52' } as const;

function parts(version: string): readonly [number, number] {
  const [major = '0', minor = '0'] = version.split('.');
  return [Number(major), Number(minor)];
}

/** Negative when `a` is older than `b`. Versions are numbers with a dot, not decimals: 1.9 is older than 1.41. */
export function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = parts(a);
  const [majorB, minorB] = parts(b);
  return majorA - majorB || minorA - minorB;
}

/** The newest version that both sides speak, or undefined when there is none. */
export function negotiate(theirs: { readonly oldest: string; readonly newest: string }): string | undefined {
  const newest = compareVersions(theirs.newest, OURS.newest) < 0 ? theirs.newest : OURS.newest;
  if (compareVersions(newest, OURS.oldest) < 0 || compareVersions(newest, theirs.oldest) < 0) return undefined;
  return newest;
}
