import { useState } from 'react';
import type { Label, Task } from '../api/types.ts';
import { useTaskActions } from './actions.ts';

/** A label that is on its way to the server. */
export interface NewLabel {
  name: string;
  color: string;
  /** Gives nothing if it couldn't be created. */
  made: Promise<Label | undefined>;
}

/** The labels that are being created in the form of a new task, which may be sent before they have their ids. */
export function useNewLabels(team: string, onMade: (label: Label) => void) {
  const { patch } = useTaskActions(team);
  const [coming, setComing] = useState<readonly NewLabel[]>([]);
  const expect = (label: NewLabel) => {
    setComing((now) => [...now, label]);
    void label.made.then((made) => {
      setComing((now) => now.filter((one) => one !== label));
      if (made !== undefined) onMade(made);
    });
  };
  /** Adds them to a task that is sent without them. `onNotSent` gets their ids when the task wasn't created. */
  const addTo = async (sent: Promise<Task | undefined>, onNotSent: (ids: string[]) => void) => {
    const [task, ...made] = await Promise.all([sent, ...coming.map((label) => label.made)]);
    const ids = made.flatMap((label) => label?.id ?? []);
    if (ids.length === 0) return;
    if (task === undefined) onNotSent(ids);
    else await patch(task, { labels: [...task.labels, ...ids].sort() });
  };
  return { coming, expect, addTo };
}
