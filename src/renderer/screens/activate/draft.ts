/** What has been typed into the wizard. Lives as long as the page: leaving the screen, or signing in again, loses nothing. */
import { createStore } from 'zustand/vanilla';
import type { TenantView } from '#shared/api/tenants.ts';
import type { Locale } from '#shared/schemas/tenant.ts';

/** The token is in it: it is kept in memory and nowhere else. */
export interface Draft {
  readonly token: string;
  readonly clientId: string;
  readonly company: string;
  readonly ownerId: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly kind: string;
}

/** Nothing typed yet. */
export const EMPTY_DRAFT: Draft = {
  token: '',
  clientId: '',
  company: '',
  ownerId: '',
  locale: 'ru',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/Moscow',
  kind: 'booking',
};

/** See the file. */
export const draftStore = createStore<Draft>(() => EMPTY_DRAFT);

/** The first client id that nobody in the list has. */
export function nextClientId(tenants: readonly Pick<TenantView, 'clientId'>[]): string {
  const numbers = tenants.map(({ clientId }) => Number(/^client_(\d+)$/.exec(clientId)?.[1] ?? 0));
  return `client_${String(Math.max(0, ...numbers) + 1).padStart(3, '0')}`;
}
