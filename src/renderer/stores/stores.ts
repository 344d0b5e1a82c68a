/** The stores that live as long as the page: the pool, the clients, and what a person prefers. Vanilla, so that tests need no DOM. */
import { createStore } from 'zustand/vanilla';
import type { AlertView } from '#shared/api/alerts.ts';
import type { TenantView } from '#shared/api/tenants.ts';
import type { Connection } from '../client/connection.ts';
import { NO_POOL, nextPool, type PoolState } from './pool-reducer.ts';

/** The pool, live. */
export const poolStore = createStore<PoolState>(() => NO_POOL);

/** The clients, live. */
export const tenantsStore = createStore<{ readonly tenants: readonly TenantView[] | undefined }>(() => ({
  tenants: undefined,
}));

/** What the operator should look at, live; the worst first. */
export const alertsStore = createStore<{ readonly alerts: readonly AlertView[] }>(() => ({ alerts: [] }));

/** Follows what every screen shows for as long as the signal lasts. */
export function followStores(connection: Connection, signal: AbortSignal): void {
  connection.follow(
    (client, ending) => {
      const { version } = poolStore.getState();
      return client.pool.follow(version === undefined ? {} : { from: version }, { signal: ending });
    },
    (event) => poolStore.setState(nextPool(poolStore.getState(), event, Date.now()), true),
    signal,
  );
  connection.follow(
    (client, ending) => client.tenants.watch(undefined, { signal: ending }),
    (tenants) => tenantsStore.setState({ tenants }),
    signal,
  );
  connection.follow(
    (client, ending) => client.alerts.watch(undefined, { signal: ending }),
    (alerts) => alertsStore.setState({ alerts }),
    signal,
  );
}
