import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, unwrap } from '../api/client.ts';
import { beforeSending, ignoreGone } from '../api/problem.ts';
import type { Comment, Task, User } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { withComment, withNewest, withoutComment } from '../live/apply.ts';
import { changeHeld, readAnew } from '../live/readAnew.ts';
import { create, type Origin } from '../outcomes/create.ts';
import { overtaken } from '../outcomes/persist.ts';
import { save } from '../outcomes/save.ts';
import type { Sending } from './actions.ts';
import { commentDraft, waitingComments } from './pending.ts';
import { commentsKey, type CommentPages } from './queries.ts';

/** Where the text of an edit is kept; found again by its task, also when the comment is gone. */
export function editScope({ id, task_id }: Pick<Comment, 'id' | 'task_id'>): string {
  return `comment-edit:${id}:${task_id}`;
}

export interface CommentActions {
  /** A text that wasn't saved goes back to where it was written. */
  add: (body: string, from: Origin) => Promise<boolean>;
  /** `base` is the text that `body` was begun from: another one is not overwritten. */
  edit: (comment: Comment, body: string, base?: string) => Promise<boolean>;
  remove: (comment: Comment) => Promise<boolean>;
}

/** Adding, editing and deleting, each seen at once and taken back with the reason when it is refused. */
export function useCommentActions(team: string, task: Task, me: User): CommentActions {
  const client = useQueryClient();
  const [taskId, myId] = [task.id, me.id];
  return useMemo(() => actionsOn(client, team, taskId, myId), [client, team, taskId, myId]);
}

export function actionsOn(client: QueryClient, team: string, task: string, me: string, { leftOver }: Sending = {}): CommentActions {
  const key = commentsKey(team, task);
  const path = { team, task };
  const change = (how: (now: CommentPages) => CommentPages) => changeHeld(client, key, how);
  const read = ({ id }: Comment) =>
    unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params: { path: { ...path, comment: id } } }));
  return {
    async add(body, from) {
      const now = new Date().toISOString();
      const made = commentDraft({ task_id: task, author_id: me, body, created_at: now, updated_at: now });
      change((now) => withNewest(now, made));
      const result = await create<Comment>({
        path: `/api/v1/teams/${encodeURIComponent(team)}/tasks/${task}/comments`,
        body: { body },
        what: t('comment.yours'),
        kind: 'comment',
        holds: true,
        again: (next = from) => void actionsOn(client, team, task, me).add(body, next),
        from,
        onWait: () => waitingComments.set((now) => new Set(now).add(made.id)),
      });
      waitingComments.set((now) => (now.has(made.id) ? new Set([...now].filter((id) => id !== made.id)) : now));
      change((all) => {
        const others = withoutComment(all, made.id);
        return result.kind === 'saved' ? withComment(others, 'comment.created', result.value) : others;
      });
      return result.kind === 'saved';
    },
    async edit(comment, body, base = comment.body) {
      change((all) => withComment(all, 'comment.updated', { ...comment, body }));
      const params = { path: { ...path, comment: comment.id } };
      /** As the server has it now. */
      let now = comment;
      const result = await save<Comment>({
        what: t('comment.yours'),
        about: () => `comment ${comment.id}`,
        holds: true,
        turn: comment.id,
        held: { kind: 'edit-comment', args: { team, task, me, comment, body, base } },
        reasons: { 412: t('comment.changedElsewhere') },
        send: async () => {
          now = await beforeSending(read(comment));
          // Comments have no precondition: another text than the one that was begun from isn't overwritten.
          if (now.body !== base && now.body !== body) throw overtaken();
          return unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params, body: { body } }));
        },
      });
      change((all) => withComment(all, 'comment.updated', result.kind === 'saved' ? result.value : now));
      return result.kind === 'saved';
    },
    async remove(comment) {
      change((all) => withComment(all, 'comment.deleted', comment));
      const params = { path: { ...path, comment: comment.id } };
      const send = async (hasWaited: boolean) => {
        // Comments have no precondition: what waited is deleted only as it was seen.
        const isLate = hasWaited || leftOver !== undefined;
        if (isLate && (await beforeSending(read(comment))).body !== comment.body) throw overtaken();
        await unwrap(api.DELETE('/api/v1/teams/{team}/tasks/{task}/comments/{comment}', { params }));
      };
      const result = await save<undefined>({
        what: t('comment.theComment'),
        act: 'delete',
        about: () => `comment ${comment.id}`,
        holds: true,
        turn: comment.id,
        held: { kind: 'remove-comment', args: { team, task, me, comment } },
        send: (hasWaited) => send(hasWaited).then(() => undefined, ignoreGone),
        reasons: { 412: t('outcome.changedSince') },
        done: () => ({ text: t('comment.deleted') }),
      });
      if (result.kind !== 'saved') void readAnew(client, key);
      return result.kind === 'saved';
    },
  };
}
