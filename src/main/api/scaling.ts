/** The group `scaling`: the autoscaler explained, changed, and replayed. */
import type { Leadership } from '#core/leadership/leadership.ts';
import { formatScalingPolicy } from '#shared/schemas/scaling-policy.ts';
import type { Autoscaler } from '../autoscaler/autoscaler.ts';
import type { Reconciler } from '../reconciler/reconciler.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface ScalingApiServices {
  readonly autoscaler: Autoscaler;
  readonly reconciler: Reconciler;
  readonly leadership: Pick<Leadership, 'leader'>;
}

/** The procedures of the group. */
export function scalingApi(root: ApiRoot, { autoscaler, reconciler, leadership }: ScalingApiServices) {
  return root.scaling.router({
    check: root.scaling.check.handler(async () => ({ divergences: [...(await reconciler.check())] })),
    explain: root.scaling.explain.handler(async ({ input }) => {
      const [{ policy, own }, { holder }, decisions] = await Promise.all([
        autoscaler.policy(),
        leadership.leader(),
        autoscaler.decisions(input),
      ]);
      return { policy, own, words: formatScalingPolicy(policy), leader: holder, decisions: [...decisions] };
    }),
    setPolicy: root.scaling.setPolicy.handler(async ({ input, context: { actor } }) => {
      const policy = await autoscaler.setPolicy(input.words, actor);
      return { policy, words: formatScalingPolicy(policy), own: input.words.trim() !== 'default' };
    }),
    simulate: root.scaling.simulate.handler(async ({ input }) => {
      const { present, other, differences, ...rest } = await autoscaler.simulate(input.words, input.hours);
      return {
        ...rest,
        present: formatScalingPolicy(present),
        other: formatScalingPolicy(other),
        differences: [...differences],
      };
    }),
  });
}
