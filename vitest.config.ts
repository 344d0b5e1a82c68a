import { defineConfig } from 'vitest/config';

/** A zone in which it is day now: what an installation does by itself every night must not happen under a test. */
function zoneOfDay(): string {
  const hour = new Date().getUTCHours();
  if (hour >= 10 && hour < 18) return 'UTC';
  return hour >= 2 && hour < 10 ? 'Asia/Shanghai' : 'America/Los_Angeles';
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'bot-runtime/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/simulation/**/*.test.ts',
          ],
          // Properties of thousands of cases, on a machine that is busy otherwise.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts', 'test/support/browser-setup.ts'],
          env: { TZ: zoneOfDay() },
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'electron',
          include: ['test/electron/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'container',
          include: ['test/container/**/*.test.ts'],
          globalSetup: ['test/support/docker-setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
