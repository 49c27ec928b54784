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
