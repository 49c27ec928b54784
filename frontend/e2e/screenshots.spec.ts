import { fileURLToPath } from 'node:url';
import { aBusyTeam, LOOKS, OUTSIDE, SCENES } from './scenes.ts';
import { enter, test } from './world.ts';

const folder = process.env.SCREENSHOTS ?? fileURLToPath(new URL('../../docs/screenshots', import.meta.url));

/** Those that a newcomer sees first, and those that show what there is. */
const SHOWN = ['sign-in', 'board', 'task', 'task-editing', 'list', 'dashboard', 'team', 'inbox', 'account-page', 'status', 'palette', 'shortcuts'];

for (const { name, ...look } of LOOKS) {
  test(`the main screens: ${name}`, async ({ browser, world, baseURL }) => {
    test.setTimeout(480_000);
    const people = [await world.person('Ann Berg'), await world.person('Bob Stone'), await world.person('Cleo')] as const;
    const team = await aBusyTeam(world, ...people);
    for (const scenes of [OUTSIDE, SCENES]) {
      const context = await browser.newContext({ ...look, hasTouch: look.isMobile, ...(baseURL !== undefined && { baseURL }), reducedMotion: 'reduce' });
      if (scenes === SCENES) await enter(context, people[0]);
      const page = await context.newPage();
      for (const scene of scenes.filter(({ name }) => SHOWN.includes(name))) {
        await scene.open(page, team);
        await page.waitForTimeout(600);
        await page.screenshot({ path: `${folder}/${scene.name}-${name}.png` });
      }
      await context.close();
    }
  });
}
