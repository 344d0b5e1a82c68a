/** The group `checks`: the production check-list as it is now. */
import type { Doctor } from '../doctor/index.ts';
import type { ApiRoot } from './root.ts';

/** The procedures of the group. */
export function checksApi(root: ApiRoot, { doctor, now }: { readonly doctor: Doctor; readonly now: () => number }) {
  return root.checks.router({
    run: root.checks.run.handler(async ({ input }) => ({
      at: new Date(now()),
      checks: [...(await doctor.run(input.locale))],
    })),
    fix: root.checks.fix.handler(({ input }) => doctor.fix(input.id, input.locale)),
  });
}
