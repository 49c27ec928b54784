import { defineConfig } from '@playwright/test';

/** Debian's Chromium; the flags keep it from calling home and let it run in a container. */
const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // They measure, too: nothing beside them.
  workers: 1,
  retries: 0,
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:18088',
    viewport: { width: 1360, height: 850 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'chromium', testIgnore: 'screenshots.spec.ts', use: chromium },
    { name: 'screenshots', testMatch: 'screenshots.spec.ts', use: chromium },
  ],
});
