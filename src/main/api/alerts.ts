/** The group `alerts`: what the operator should look at now. */
import { acknowledgeAlert, listAlerts } from '#core/alerts/alerts.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface AlertsApiServices {
  readonly database: Queryable;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const ROUND_MS = 2_000;

/** The procedures of the group. */
export function alertsApi(root: ApiRoot, { database, sleep }: AlertsApiServices) {
  return root.alerts.router({
    list: root.alerts.list.handler(({ input }) => listAlerts(database, input)),
    watch: root.alerts.watch.handler(({ signal }) =>
      watchChanges({
        listen: () => () => undefined,
        read: () => listAlerts(database),
        paceMs: 0,
        safetyMs: ROUND_MS,
        sleep,
        signal: signal ?? new AbortController().signal,
      }),
    ),
    acknowledge: root.alerts.acknowledge.handler(async ({ input, context }) => ({
      acknowledged: await acknowledgeAlert(database, input.id, context.actor),
    })),
  });
}
