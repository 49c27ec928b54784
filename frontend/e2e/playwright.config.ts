import { defineConfig } from '@playwright/test';
import { SLOW } from './browser.ts';

const baseURL = process.env.BASE_URL ?? 'http://127.0.0.1:18088';
const { hostname } = new URL(baseURL);

/** Debian's Chromium; the flags keep it from calling home and let it run in a container. */
const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      // A name under .test exists nowhere: it is this machine, as an intranet name would be.
      ...(hostname.endsWith('.test') ? [`--host-resolver-rules=MAP ${hostname} 127.0.0.1`] : []),
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
  // What measures runs alone; `--workers=2` is for the others.
  workers: 1,
  retries: 0,
  timeout: SLOW * 150_000,
  expect: { timeout: SLOW * 15_000 },
  reporter: [['list']],
  use: {
    baseURL,
    // The TLS run uses a certificate that no authority signed.
    ignoreHTTPSErrors: true,
    viewport: { width: 1360, height: 850 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'chromium', testIgnore: ['screenshots.spec.ts', 'figures.spec.ts', 'windows-figures.spec.ts'], use: chromium },
    // Measures, so it runs at full speed and on one address only.
    { name: 'figures', testMatch: ['figures.spec.ts', 'windows-figures.spec.ts'], use: chromium },
    { name: 'screenshots', testMatch: 'screenshots.spec.ts', use: chromium },
  ],
});
