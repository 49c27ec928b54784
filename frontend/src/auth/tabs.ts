/** What the tabs of one browser tell each other about the session. */
import { newId } from '../ui/ids.ts';

export type News = 'in' | 'out';

const NAME = 'taskhub-session';

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(NAME);

export function tellTabs(news: News): void {
  if (channel !== undefined) {
    channel.postMessage(news);
    return;
  }
  try {
    // The same text again would be no event.
    localStorage.setItem(NAME, `${news} ${newId()}`);
  } catch {
    // Without storage either, the other tabs find out with their next request.
  }
}

export function onNews(listener: (news: News) => void): void {
  const hear = (news: unknown) => {
    if (news === 'in' || news === 'out') listener(news);
  };
  if (channel !== undefined) channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(data));
  else addEventListener('storage', ({ key, newValue }) => key === NAME && hear(newValue?.split(' ')[0]));
}
