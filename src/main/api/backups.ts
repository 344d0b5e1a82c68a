/** The group `backups`: made, proven, restored and pruned. */
import type { Backups } from '../backups/index.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface BackupsApiServices {
  readonly backups: Backups;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const PACE_MS = 250;
/** Bytes and tables are told this often. */
const ROUND_MS = 1_000;
const SHOWN = 100;

/** The procedures of the group. */
export function backupsApi(root: ApiRoot, { backups, sleep }: BackupsApiServices) {
  return root.backups.router({
    list: root.backups.list.handler(({ input }) => backups.list(input.limit)),
    watch: root.backups.watch.handler(({ signal }) =>
      watchChanges({
        listen: (changed) => backups.onChange(changed),
        read: () => backups.list(SHOWN),
        paceMs: PACE_MS,
        safetyMs: ROUND_MS,
        sleep,
        signal: signal ?? new AbortController().signal,
      }),
    ),
    show: root.backups.show.handler(({ input }) => backups.show(input.id)),
    health: root.backups.health.handler(() => backups.health()),
    create: root.backups.create.handler(async ({ input, context }) => {
      const { id, done } = await backups.begin({ scope: input.scope, cause: 'manual', actor: context.actor });
      // The register and the alerts tell how it ends.
      done.catch(() => undefined);
      return { id };
    }),
    verify: root.backups.verify.handler(async ({ input, context }) => {
      const { id, done } = await backups.beginVerify(input.id, context.actor);
      done.catch(() => undefined);
      return { id };
    }),
    ship: root.backups.ship.handler(async ({ input, context }) => {
      const { id, done } = await backups.beginShip(input.id, context.actor);
      done.catch(() => undefined);
      return { id };
    }),
    fetch: root.backups.fetch.handler(async ({ input, context }) => {
      const { id, done } = await backups.beginFetch(input.id, context.actor);
      await done;
      return { id };
    }),
    offsite: root.backups.offsite.handler(() => backups.offsite()),
    cancel: root.backups.cancel.handler(async ({ input, context }) => {
      await backups.cancel(input.id, context.actor);
      return { id: input.id };
    }),
    pin: root.backups.pin.handler(async ({ input, context }) => {
      await backups.pin(input.id, input.pinned, context.actor);
      return { id: input.id };
    }),
    preview: root.backups.preview.handler(({ input }) => backups.preview(input.id, input.clientId, input.all)),
    restore: root.backups.restore.handler(({ input: { id, clientId, as }, context }) =>
      backups.restore(id, { clientId, as, actor: context.actor }),
    ),
    table: root.backups.table.handler(({ input }) => backups.table(input.id, input.clientId, input.table)),
    retention: root.backups.retention.handler(async () => {
      const { policy, keep, remove } = await backups.retention();
      const rules = Object.fromEntries(Object.entries(keep).map(([id, held]) => [id, [...held]]));
      return { policy, keep: rules, remove: [...remove] };
    }),
    setRetention: root.backups.setRetention.handler(({ input, context }) => backups.setRetention(input, context.actor)),
    prune: root.backups.prune.handler(async ({ context }) => ({ removed: await backups.prune(context.actor) })),
  });
}
