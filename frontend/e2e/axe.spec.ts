import AxeBuilder from '@axe-core/playwright';
import { aBusyTeam, LOOKS, OUTSIDE, SCENES } from './scenes.ts';
import { enter, expect, test, watch } from './world.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const { name, ...look } of LOOKS.filter(({ name }) => name !== 'dark')) {
  test(`axe finds nothing on any screen, in the light and in the dark: ${name === 'phone' ? name : 'desktop'}`, async ({ browser, world, baseURL }) => {
    test.setTimeout(480_000);
    const people = [await world.person('Ann Berg'), await world.person('Bob Stone'), await world.person('Cleo')] as const;
    const team = await aBusyTeam(world, ...people);
    const found: string[] = [];
    for (const scenes of [OUTSIDE, SCENES]) {
      const context = await browser.newContext({ ...look, hasTouch: look.isMobile, ...(baseURL !== undefined && { baseURL }), reducedMotion: 'reduce' });
      const watched = await watch(context);
      watched.expectFailures();
      if (scenes === SCENES) await enter(context, people[0]);
      const page = await context.newPage();
      for (const scene of scenes) {
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        await scene.open(page, team);
        // The page has no frames; without this, each look opens a page of its own for what it found.
        const axe = () => new AxeBuilder({ page }).setLegacyMode();
        const { violations } = await axe().withTags(RULES).analyze();
        // In the dark, only the colours differ.
        await page.emulateMedia({ colorScheme: 'dark' });
        const dark = await axe().withRules(['color-contrast']).analyze();
        await page.emulateMedia({ colorScheme: look.colorScheme });
        for (const { id, nodes } of [...violations, ...dark.violations]) {
          found.push(`${scene.name}: ${id} ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join(' | ')}`);
        }
        found.push(...watched.complaints.splice(0).map((text) => `${scene.name}: ${text}`));
      }
      await context.close();
    }
    expect(found).toEqual([]);
    console.log(`FIGURE axe: no violation on ${OUTSIDE.length + SCENES.length} screens, light and dark, ${name}`);
  });
}
