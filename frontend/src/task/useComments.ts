import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Comment, Task, User } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { withComment } from '../live/apply.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import { commentDraft } from './pending.ts';
import { commentsKey } from './queries.ts';

/** Adding, editing and deleting, each seen at once and taken back with the reason when it is refused. */
export function useCommentActions(team: string, task: Task, me: User) {
  const client = useQueryClient();
  const key = commentsKey(team, task.id);
  const change = (how: (now: Comment[]) => Comment[]) =>
    client.setQueryData<Comment[]>(key, (now) => now && how(now));
  const attempt = async (call: () => Promise<unknown>, undo: () => void): Promise<boolean> => {
    try {
      await call();
      return true;
    } catch (error) {
      undo();
      const what = t('comment.yours');
      toast({ kind: 'error', text: t('errors.rolledBack', { what, reason: explain(asProblem(error)) }) });
      return false;
    }
  };
  const path = { team, task: task.id };

  return {
    add(body: string) {
      const now = new Date().toISOString();
      const draft = commentDraft({ task_id: task.id, author_id: me.id, body, created_at: now, updated_at: now });
      change((all) => [...all, draft]);
      const drop = () => change((all) => all.filter(({ id }) => id !== draft.id));
      return attempt(async () => {
        const header = { 'Idempotency-Key': draft.id };
        const call = api.POST('/api/v1/teams/{team}/tasks/{task}/comments', { params: { path, header }, body: { body } });
        const saved = await unwrap(call);
        drop();
        change((all) => withComment(all, 'comment.created', saved));
      }, drop);
    },
    edit(comment: Comment, body: string) {
      change((all) => withComment(all, 'comment.updated', { ...comment, body }));
      return attempt(
        async () => {
          const params = { path: { ...path, comment: comment.id } };
          const call = api.PATCH('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params, body: { body } });
          const saved = await unwrap(call);
          change((all) => withComment(all, 'comment.updated', saved));
        },
        () => change((all) => withComment(all, 'comment.updated', comment)),
      );
    },
    remove(comment: Comment) {
      change((all) => withComment(all, 'comment.deleted', comment));
      return attempt(
        () => {
          const params = { path: { ...path, comment: comment.id } };
          return unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params }));
        },
        () => void client.invalidateQueries({ queryKey: key }),
      );
    },
  };
}
