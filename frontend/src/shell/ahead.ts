import { useEffect } from 'react';

/** What the first screen can do without. */
export const later = {
  menu: () => import('../ui/menu-parts.ts'),
  list: () => import('../list/List.tsx'),
  panel: () => import('../task/TaskPanel.tsx'),
  palette: () => import('../palette/Palette.tsx'),
  shortcuts: () => import('../palette/Shortcuts.tsx'),
  property: () => import('../palette/PropertyDialog.tsx'),
  options: () => import('../task/PropertyOptions.tsx'),
  newTask: () => import('../task/NewTask.tsx'),
  newTeam: () => import('../team/NewTeam.tsx'),
  remove: () => import('../task/DeleteTask.tsx'),
  filters: () => import('../list/FilterMenu.tsx'),
  markdown: () => import('../task/Markdown.tsx'),
  drag: () => import('../board/drag.ts'),
  dashboard: () => import('../dashboard/Dashboard.tsx'),
  chart: () => import('../dashboard/Chart.tsx'),
  team: () => import('../team/TeamPage.tsx'),
  inbox: () => import('../notifications/Inbox.tsx'),
  status: () => import('../status/StatusPage.tsx'),
  invite: () => import('../auth/Invite.tsx'),
};

/**
 * Loads the rest once the first screen is drawn and nothing else is to be done: what one opens next is there at once,
 * also when the network has gone meanwhile.
 */
export function useLoadAhead(): void {
  useEffect(() => {
    const load = () => {
      // A part that can't be had now is asked for again when it is needed.
      for (const part of Object.values(later)) part().catch(() => undefined);
    };
    const timer = setTimeout(() => {
      if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 3_000 });
      else load();
    }, 800);
    return () => clearTimeout(timer);
  }, []);
}
