import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import type { Comment, Task, User } from '../api/types.ts';
import type { Draft } from '../drafts/drafts.ts';
import { t } from '../i18n/index.ts';
import { withComment } from '../live/apply.ts';
import { create } from '../outcomes/create.ts';
import { save } from '../outcomes/save.ts';
import { commentDraft } from './pending.ts';
import { commentsKey } from './queries.ts';

export interface CommentActions {
  /** A text that wasn't saved goes back to where it was written. */
  add: (body: string, from: { scope: string; draft: Draft }) => Promise<boolean>;
  edit: (comment: Comment, body: string) => Promise<boolean>;
  remove: (comment: Comment) => Promise<boolean>;
}

/** Adding, editing and deleting, each seen at once and taken back with the reason when it is refused. */
export function useCommentActions(team: string, task: Task, me: User): CommentActions {
  const client = useQueryClient();
  const [taskId, myId] = [task.id, me.id];
  return useMemo(() => actionsOn(client, team, taskId, myId), [client, team, taskId, myId]);
}

function actionsOn(client: QueryClient, team: string, task: string, me: string): CommentActions {
  const key = commentsKey(team, task);
  const path = { team, task };
  const change = (how: (now: Comment[]) => Comment[]) => client.setQueryData<Comment[]>(key, (now) => now && how(now));
  return {
    async add(body, from) {
      const now = new Date().toISOString();
      const made = commentDraft({ task_id: task, author_id: me, body, created_at: now, updated_at: now });
      change((all) => [...all, made]);
      const result = await create<Comment>({
        path: `/api/v1/teams/${encodeURIComponent(team)}/tasks/${task}/comments`,
        body: { body },
        what: t('comment.yours'),
        kind: 'comment',
        holds: true,
        again: () => void actionsOn(client, team, task, me).add(body, from),
        from,
      });
      change((all) => {
        const others = all.filter(({ id }) => id !== made.id);
        return result.kind === 'saved' ? withComment(others, 'comment.created', result.value) : others;
      });
      return result.kind === 'saved';
    },
    async edit(comment, body) {
      change((all) => withComment(all, 'comment.updated', { ...comment, body }));
      const params = { path: { ...path, comment: comment.id } };
      const result = await save<Comment>({
        what: t('comment.yours'),
        holds: true,
        send: () => unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params, body: { body } })),
      });
      change((all) => withComment(all, 'comment.updated', result.kind === 'saved' ? result.value : comment));
      return result.kind === 'saved';
    },
    async remove(comment) {
      change((all) => withComment(all, 'comment.deleted', comment));
      const params = { path: { ...path, comment: comment.id } };
      const result = await save<undefined>({
        what: t('comment.theComment'),
        act: 'delete',
        holds: true,
        send: async () => {
          await unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params })).catch((error: unknown) => {
            if (asProblem(error).status !== 404) throw error;
          });
          return undefined;
        },
        done: () => ({ text: t('comment.deleted') }),
      });
      if (result.kind !== 'saved') void client.invalidateQueries({ queryKey: key });
      return result.kind === 'saved';
    },
  };
}
