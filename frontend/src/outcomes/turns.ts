/** The end of what is under way for each thing: two changes of one reach the server in the order they were made. */
const queues = new Map<string, Promise<unknown>>();

/** Calls when everything that was begun before about the same thing has ended. */
export function inTurn<T>(about: string, call: () => Promise<T>): Promise<T> {
  const turn = (queues.get(about) ?? Promise.resolve()).then(call, call);
  queues.set(about, turn);
  const leave = () => {
    if (queues.get(about) === turn) queues.delete(about);
  };
  turn.then(leave, leave);
  return turn;
}

/** Calls when one of the slots is free. */
export type Slot = <T>(call: () => Promise<T>) => Promise<T>;

export const atOnce: Slot = (call) => call();

/** Lets `most` calls be under way at once; the others follow in their order. */
export function slots(most: number): Slot {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
