import { createStore } from '../ui/store.ts';
import type { LiveState } from './stream.ts';

/** Whether the page follows the open team's log. */
export const liveState = createStore<LiveState>('connecting');
