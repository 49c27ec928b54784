/** Texts that have broken other software, through the whole API. */
import { NAUGHTY } from '../src/task/naughty.fixture.ts';
import { expect, test } from './world.ts';

/** As the server keeps a line: composed, without spaces around. Longer texts stay as they were written. */
const line = (text: string) => text.normalize('NFC').trim();

/** The status of a refusal, and what it says. */
async function tried<T>(work: Promise<T>): Promise<T | { refused: number; why: string }> {
  try {
    return await work;
  } catch (error) {
    const [, status, why = ''] = /: (\d{3}) (.*)$/s.exec(String(error)) ?? [];
    return { refused: Number(status), why };
  }
}

test('every naughty string is kept as it was written, or refused with the reason', async ({ world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const { id } = await world.task(team, ann, { title: 'About' });
  let kept = 0;
  for (const text of NAUGHTY) {
    const made = await tried(world.task(team, ann, { title: text, description: text }));
    if ('refused' in made) {
      expect(made.refused, JSON.stringify(text)).toBe(422);
      expect(made.why, JSON.stringify(text)).toMatch(/"pointer":"\/(title|description)"|\/(title|description): /);
    } else {
      kept++;
      expect(made.title).toBe(line(text));
      const found = await world.call('GET', `teams/${team}/tasks/${made.number}`, ann.token);
      expect([found.title, found.description]).toEqual([made.title, made.description]);
      expect(made.description?.trim()).toBe(text.replace(/\r\n?/g, '\n').trim());
    }
    for (const [path, body] of [
      [`teams/${team}/tasks/${id}/comments`, { body: text }],
      [`teams/${team}/labels`, { name: text, color: '#5e6ad2' }],
    ] as const) {
      const answer = await tried(world.call('POST', path, ann.token, body));
      if ('refused' in answer) expect([409, 422], `${path} ${JSON.stringify(text)}: ${answer.why}`).toContain(answer.refused);
    }
    const search = await tried(world.call('GET', `teams/${team}/tasks?q=${encodeURIComponent(text)}`, ann.token));
    if ('refused' in search) expect([400, 422], `${JSON.stringify(text)}: ${search.why}`).toContain(search.refused);
  }
  expect(kept).toBeGreaterThan(NAUGHTY.length / 2);
});
