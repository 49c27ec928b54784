import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../auth/session.ts';
import { aUser } from '../testing.ts';
import { drafts, flushDrafts, getDraft, giveBack, setDraft } from './drafts.ts';
import { toasts } from '../ui/toasts.ts';
import { readDrafts } from './storage.ts';

const [ann, bob] = [aUser({ id: 'ann' }), aUser({ id: 'bob' })];
const signIn = (user = ann) => session.set({ phase: 'in', user });
const expire = () => session.set({ phase: 'out', expired: true });
const signOut = () => session.set({ phase: 'out', expired: false });
const signOutElsewhere = () => session.set({ phase: 'out', expired: false, elsewhere: true });

beforeEach(() => {
  signOut();
  localStorage.clear();
  signIn();
});

test('what is typed is written down for the person who typed it', () => {
  setDraft('comment:1', { text: 'Half a thou' });
  flushDrafts();
  expect(readDrafts('ann').get('comment:1')).toEqual({ text: 'Half a thou' });
  expect(readDrafts('bob').size).toBe(0);
});

test('a session that ends keeps drafts, for nobody else', () => {
  setDraft('comment:1', { text: 'Half a thought' });
  expire();
  signIn(bob);
  expect(drafts.get().size).toBe(0);
  setDraft('comment:1', { text: 'Bob’s' });
  expire();
  signIn(ann);
  expect(getDraft('comment:1')?.text).toBe('Half a thought');
});

test('what was taken away or given back just before a new sign-in stays so', () => {
  setDraft('unsent:1', { text: 'Sent' });
  flushDrafts();
  expire();
  setDraft('unsent:1', undefined);
  setDraft('comment:1', { text: 'Given back' });
  signIn();
  expect([...drafts.get().keys()]).toEqual(['comment:1']);
  expect([...readDrafts('ann').keys()]).toEqual(['comment:1']);
});

test('signing out erases them', () => {
  setDraft('comment:1', { text: 'Half a thought' });
  flushDrafts();
  signOut();
  expect(readDrafts('ann').size).toBe(0);
  signIn();
  expect(drafts.get().size).toBe(0);
});

test('signing out in another tab takes nothing away from who was typing in this one', () => {
  setDraft('comment:1', { text: 'Half a thought' });
  signOutElsewhere();
  expect(readDrafts('ann').size).toBe(0);
  // What is given back late, or noted when the page is left.
  setDraft('comment:2', { text: 'Not saved' });
  flushDrafts();
  expect(readDrafts('ann').size).toBe(0);
  signIn();
  expect(getDraft('comment:1')?.text).toBe('Half a thought');
  flushDrafts();
  expect(readDrafts('ann').get('comment:1')?.text).toBe('Half a thought');
  signOutElsewhere();
  signIn(bob);
  expect(drafts.get().size).toBe(0);
});

test('another tab’s drafts are seen here, but take nothing away that was typed here', () => {
  const fromElsewhere = (scope: string, text: string | null) =>
    dispatchEvent(
      new StorageEvent('storage', { key: `taskhub.draft.ann.${scope}`, newValue: text && JSON.stringify({ text }) }),
    );
  setDraft('comment:1', { text: 'Mine' });
  fromElsewhere('comment:1', null);
  fromElsewhere('comment:2', 'Theirs');
  expect(getDraft('comment:1')?.text).toBe('Mine');
  expect(getDraft('comment:2')?.text).toBe('Theirs');
  fromElsewhere('comment:2', null);
  expect(getDraft('comment:2')).toBeUndefined();
});

test('a text that was typed here outlasts the page after another tab has sent its own from the same place', () => {
  const removeElsewhere = (scope: string) => {
    const key = `taskhub.draft.ann.${scope}`;
    localStorage.removeItem(key);
    dispatchEvent(new StorageEvent('storage', { key, newValue: null }));
    flushDrafts();
  };
  for (const scope of ['comment:1', 'held:1']) setDraft(scope, { text: 'Mine' });
  flushDrafts();
  removeElsewhere('comment:1');
  expect(readDrafts('ann').get('comment:1')?.text).toBe('Mine');
  removeElsewhere('held:1');
  expect(readDrafts('ann').has('held:1')).toBe(false);
});

/** What another tab does to a draft, as the browser tells this one. */
function elsewhere(scope: string, before: object | null, after: object | 'settled' | null) {
  const key = `taskhub.draft.ann.${scope}`;
  const [oldValue, newValue] = [before, after].map((one) => one && JSON.stringify(one)) as [string | null, string | null];
  if (newValue === null || after === 'settled') localStorage.removeItem(key);
  else localStorage.setItem(key, newValue);
  dispatchEvent(new StorageEvent('storage', { key, oldValue, newValue }));
}

test('a text goes on in the tab where it is written, and is sent from one alone', () => {
  setDraft('comment:1', { text: 'See ' });
  flushDrafts();
  elsewhere('comment:1', { text: 'See ' }, { text: 'See the logs' });
  expect(getDraft('comment:1')?.text).toBe('See the logs');
  // Here again, while the other tab has written from what was there before: nobody’s letter is overwritten by an older text.
  setDraft('comment:1', { text: 'See the logs of today' });
  elsewhere('comment:1', { text: 'See ' }, { text: 'See that' });
  expect(getDraft('comment:1')?.text).toBe('See the logs of today');
  flushDrafts();
  elsewhere('comment:1', { text: 'See the logs of today' }, 'settled');
  expect(getDraft('comment:1')).toBeUndefined();
});

test('a text that another tab has sent while more was written here stays', () => {
  setDraft('comment:1', { text: 'One' });
  flushDrafts();
  setDraft('comment:1', { text: 'One and more' });
  elsewhere('comment:1', { text: 'One' }, 'settled');
  expect(getDraft('comment:1')?.text).toBe('One and more');
  flushDrafts();
  expect(readDrafts('ann').get('comment:1')?.text).toBe('One and more');
});

test('other tabs can tell a draft that was settled from a sign-out', () => {
  const set = vi.spyOn(Storage.prototype, 'setItem');
  setDraft('comment:1', { text: 'One' });
  flushDrafts();
  setDraft('comment:1', undefined);
  flushDrafts();
  expect(set.mock.calls.map(([, value]) => value)).toEqual(['{"text":"One"}', '"settled"']);
  expect(readDrafts('ann').size).toBe(0);
  set.mockRestore();
});

test('a browser that keeps nothing is said so, and asked before it leaves the page', () => {
  const leaves = () => dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  setDraft('comment:1', { text: 'One' });
  expect(leaves()).toBe(true);
  flushDrafts();
  expect(toasts.get().map(({ text }) => text)).toEqual(['This browser doesn’t keep what you type']);
  expect(leaves()).toBe(false);
  // There is room again.
  full.mockRestore();
  setDraft('comment:1', { text: 'One and more' });
  expect(leaves()).toBe(true);
  expect(toasts.get()).toEqual([]);
  expect(readDrafts('ann').get('comment:1')?.text).toBe('One and more');
});

test('nothing is asked about a text that was sent, kept or not', () => {
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  setDraft('comment:1', { text: 'One' });
  flushDrafts();
  setDraft('comment:1', undefined);
  flushDrafts();
  expect(dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(true);
  expect(toasts.get()).toEqual([]);
  full.mockRestore();
});

test('a text that wasn’t saved is given back, but never joined to another', () => {
  expect(giveBack('quick:ops:pending', { text: 'First', key: 'k' })).toBe(true);
  expect(getDraft('quick:ops:pending')).toEqual({ text: 'First', key: 'k' });
  setDraft('quick:ops:pending', { text: 'Second' });
  expect(giveBack('quick:ops:pending', { text: 'First', key: 'k' })).toBe(false);
  expect(getDraft('quick:ops:pending')?.text).toBe('Second');
});

test('a text that wasn’t saved takes no description and no choice from the next one', () => {
  const scope = 'new-task:ops';
  const [sent, next] = [{ text: 'First', extra: { description: 'Old', labels: ['a'] } }, { description: '', labels: ['a'] }];
  for (const extra of [{ description: 'Long and new', labels: ['a'] }, { description: '', labels: ['a', 'b'] }]) {
    setDraft(scope, { text: '', extra });
    expect(giveBack(scope, sent, next)).toBe(false);
    expect(getDraft(scope)).toEqual({ text: '', extra });
  }
  setDraft(scope, { text: '', extra: next });
  expect(giveBack(scope, sent, next)).toBe(true);
  expect(getDraft(scope)).toEqual(sent);
});

test('broken entries are passed over', () => {
  localStorage.setItem('taskhub.draft.ann.comment:1', '{');
  localStorage.setItem('taskhub.draft.ann.comment:2', '7');
  expect(readDrafts('ann').size).toBe(0);
});
