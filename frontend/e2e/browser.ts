/** The browser of every test, at the speed that `CPU_THROTTLE` asks for. */
import { test as base, type BrowserContext } from '@playwright/test';

/** How many times slower than this machine the page runs; 1 unless `CPU_THROTTLE` says otherwise. */
export const SLOW = Number(process.env.CPU_THROTTLE ?? 1);

function slowDown(context: BrowserContext): void {
  context.on('page', (page) => {
    context
      .newCDPSession(page)
      .then((session) => session.send('Emulation.setCPUThrottlingRate', { rate: SLOW }))
      // The page may be closed before the command arrives.
      .catch(() => undefined);
  });
}

export const test = base.extend<object>({
  // `context` and `page` come from here too.
  browser: [
    async ({ browser }, use) => {
      const newContext = browser.newContext.bind(browser);
      browser.newContext = async (options) => {
        const context = await newContext(options);
        if (SLOW > 1) slowDown(context);
        return context;
      };
      await use(browser);
      browser.newContext = newContext;
    },
    { scope: 'worker' },
  ],
});
