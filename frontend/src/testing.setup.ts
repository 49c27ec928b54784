/** What jsdom lacks. */
window.matchMedia = (media) =>
  ({ matches: false, media, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
// As in a secure context. A tab that waits for its turn without locks has a timer, which may outlive the test.
Object.defineProperty(navigator, 'locks', { configurable: true, value: { request: (_: string, work: () => unknown) => Promise.resolve(work()) } });
