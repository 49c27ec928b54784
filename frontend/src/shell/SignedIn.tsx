import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../api/queryClient.ts';
import type { User } from '../api/types.ts';
import { session } from '../auth/session.ts';
import '../drafts/drafts.ts';
import { readAnew } from '../live/readAnew.ts';
import { marked } from '../notifications/unread.ts';
import { resumeUnsent } from '../outcomes/resume.ts';
import { releaseTasks } from '../task/team-tasks.ts';
import '../ui/composing.ts';
import { startAnewForOthers } from './leaving.ts';
import Workspace from './Workspace.tsx';

/** Nothing that was loaded stays behind when somebody goes. */
function forgetOnLeaving(): void {
  let user: string | null = null;
  const look = () => {
    const now = session.get();
    const next = now.phase === 'in' ? now.user.id : null;
    if (user !== null && user !== next) {
      queryClient.clear();
      releaseTasks(queryClient);
    }
    user = next;
  };
  session.subscribe(look);
  look();
}

startAnewForOthers();
forgetOnLeaving();
resumeUnsent(queryClient);
marked.listen(() => void readAnew(queryClient, ['notifications']));

/** What somebody signed in sees, with what goes on as long as they are. */
export default function SignedIn({ user }: { user: User }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Workspace user={user} />
    </QueryClientProvider>
  );
}
