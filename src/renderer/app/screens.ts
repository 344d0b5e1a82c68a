/** The table of screens: where each is, what it is called, its picture, and how it is loaded. */
import {
  IconCalendarClock,
  IconChartLine,
  IconChecklist,
  IconDatabaseExport,
  IconFileText,
  IconFlask,
  IconReceipt,
  IconRipple,
  IconRocket,
  IconSettings,
  IconStack2,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';
import type { MessageKey } from '../i18n/keys.generated.ts';

/** One screen. `fill`: it scrolls inside of itself. */
export interface ScreenRow {
  readonly path: string;
  readonly title: MessageKey;
  readonly group: 'sell' | 'run' | 'set';
  readonly icon: TablerIcon;
  readonly load: () => Promise<{ readonly Main: ComponentType }>;
  readonly fill?: boolean;
}

const rows: readonly ScreenRow[] = [
  { path: 'pool', title: 'nav-pool', group: 'sell', icon: IconRipple, load: () => import('../screens/pool/index.tsx') },
  {
    path: 'activate',
    title: 'nav-activate',
    group: 'sell',
    icon: IconRocket,
    load: () => import('../screens/activate/index.tsx'),
  },
  {
    path: 'clients',
    title: 'nav-clients',
    group: 'sell',
    icon: IconUsers,
    load: () => import('../screens/clients/index.tsx'),
    fill: true,
  },
  {
    path: 'orders',
    title: 'nav-orders',
    group: 'sell',
    icon: IconReceipt,
    load: () => import('../screens/orders/index.tsx'),
    fill: true,
  },
  {
    path: 'stack',
    title: 'nav-stack',
    group: 'run',
    icon: IconStack2,
    load: () => import('../screens/stack/index.tsx'),
    fill: true,
  },
  {
    path: 'backups',
    title: 'nav-backups',
    group: 'run',
    icon: IconDatabaseExport,
    load: () => import('../screens/backups/index.tsx'),
  },
  {
    path: 'schedules',
    title: 'nav-schedules',
    group: 'run',
    icon: IconCalendarClock,
    load: () => import('../screens/schedules/index.tsx'),
  },
  {
    path: 'logs',
    title: 'nav-logs',
    group: 'run',
    icon: IconFileText,
    load: () => import('../screens/logs/index.tsx'),
    fill: true,
  },
  {
    path: 'metrics',
    title: 'nav-metrics',
    group: 'run',
    icon: IconChartLine,
    load: () => import('../screens/metrics/index.tsx'),
  },
  {
    path: 'checks',
    title: 'nav-checks',
    group: 'run',
    icon: IconChecklist,
    load: () => import('../screens/checks/index.tsx'),
  },
  {
    path: 'settings',
    title: 'nav-settings',
    group: 'set',
    icon: IconSettings,
    load: () => import('../screens/settings/index.tsx'),
  },
  {
    path: 'sandbox',
    title: 'nav-sandbox',
    group: 'set',
    icon: IconFlask,
    load: () => import('../screens/sandbox/index.tsx'),
    fill: true,
  },
];

/** Every screen with its component, which is fetched when it is first shown. */
export const SCREENS = rows.map((row) => ({
  ...row,
  Main: lazy(async () => ({ default: (await row.load()).Main })),
}));

/** Groups of the navigation, in order. */
export const GROUPS = ['sell', 'run', 'set'] as const;
