import { useEffect } from 'react';
import { part } from './part.ts';

/** What the first screen can do without. */
export const parts = {
  List: part(() => import('../list/List.tsx')),
  TaskPanel: part(() => import('../task/TaskPanel.tsx')),
  Palette: part(() => import('../palette/Palette.tsx')),
  Shortcuts: part(() => import('../palette/Shortcuts.tsx')),
  PropertyDialog: part(() => import('../palette/PropertyDialog.tsx')),
  PropertyOptions: part(() => import('../task/PropertyOptions.tsx')),
  NewTask: part(() => import('../task/NewTask.tsx')),
  NewTeam: part(() => import('../team/NewTeam.tsx')),
  BulkDialog: part(() => import('../task/BulkDialog.tsx')),
  TaskMenu: part(() => import('../task/TaskMenu.tsx')),
  SelectionBar: part(() => import('../task/SelectionBar.tsx')),
  SignOut: part(() => import('./SignOut.tsx')),
  DeleteTask: part(() => import('../task/DeleteTask.tsx')),
  Markdown: part(() => import('../task/Markdown.tsx')),
  Dashboard: part(() => import('../dashboard/Dashboard.tsx')),
  Chart: part(() => import('../dashboard/Chart.tsx')),
  Settings: part(() => import('../settings/Settings.tsx')),
  FirstVisit: part(() => import('../team/FirstVisit.tsx')),
  Inbox: part(() => import('../notifications/Inbox.tsx')),
  StatusPage: part(() => import('../status/StatusPage.tsx')),
  Invite: part(() => import('../auth/Invite.tsx')),
};

/** The same for what isn't drawn by itself. */
export const later = {
  menu: () => import('../ui/menu-parts.ts'),
  editor: () => import('../task/codemirror.ts'),
  drag: () => import('../board/drag.ts'),
};

/**
 * Loads the rest once the first screen is drawn and nothing else is to be done: what one opens next is there at once,
 * also when the network has gone meanwhile.
 */
export function useLoadAhead(): void {
  useEffect(() => {
    const load = () => {
      // A part that can't be had now is asked for again when it is needed.
      const loads = [...Object.values(later), ...Object.values(parts).map(({ load }) => load)];
      for (const one of loads) one().catch(() => undefined);
    };
    const timer = setTimeout(() => {
      if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 3_000 });
      else load();
    }, 800);
    return () => clearTimeout(timer);
  }, []);
}
