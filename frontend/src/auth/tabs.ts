/** What the tabs of one browser tell each other about the session. */
import { createChannel } from '../ui/channel.ts';

export type News = 'in' | 'out';

/** A tab that hears nothing finds out with its next request. */
export const { send: tellTabs, listen: onNews } = createChannel<News>('taskhub-session');
