/** What the tabs of one browser tell each other: over a BroadcastChannel, or localStorage in browsers without it. */
import { newId } from './ids.ts';

export interface Channel<T> {
  send: (message: T) => void;
  /** For what other tabs send, not for what this one does. Gives what ends it. */
  listen: (listener: (message: T) => void) => () => void;
}

export function createChannel<T>(name: string): Channel<T> {
  if (typeof BroadcastChannel === 'undefined') return overStorage(name);
  const channel = new BroadcastChannel(name);
  return {
    send: (message) => channel.postMessage(message),
    listen: (listener) => {
      const hear = ({ data }: MessageEvent<T>) => listener(data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}

function overStorage<T>(name: string): Channel<T> {
  return {
    send: (message) => {
      try {
        // The same text again would be no event.
        localStorage.setItem(name, JSON.stringify([message, newId()]));
      } catch {
        // Without storage either, tabs don't hear of each other.
      }
    },
    listen: (listener) => {
      const hear = ({ key, newValue }: StorageEvent) => {
        if (key !== name || newValue === null) return;
        const message = parsed(newValue);
        if (message !== undefined) listener(message as T);
      };
      addEventListener('storage', hear);
      return () => removeEventListener('storage', hear);
    },
  };
}

/** Undefined for what another release has written. */
function parsed(text: string): unknown {
  try {
    return (JSON.parse(text) as [unknown])[0];
  } catch {
    return undefined;
  }
}
