import type { ApiProblem } from '../api/problem.ts';
import type { NewTask } from '../api/types.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { takeLine } from '../drafts/lines.ts';
import { t } from '../i18n/index.ts';
import type { Origin } from '../outcomes/create.ts';
import { bodyOfLine } from '../outcomes/unsent.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import type { TaskActions } from './actions.ts';

/**
 * Makes a task of each line of the draft `scope`. Lines that weren't created go back there, what was chosen for them to
 * its `form`, and one message says how many they are.
 */
export async function createSeveral(
  create: TaskActions['create'],
  scope: string,
  tasks: readonly NewTask[],
  form?: Origin['form'],
): Promise<void> {
  // What was given back before, and hasn't been changed since, is sent with the lines.
  if (form !== undefined && JSON.stringify(getDraft(form.scope)) === JSON.stringify(form.draft)) setDraft(form.scope, undefined);
  const failed: NewTask[] = [];
  let reason = '';
  const make = async (task: NewTask): Promise<void> => {
    takeLine(scope, task.title);
    // A line that may have been saved is sent again as it was: with what is chosen now, it could be made twice.
    const again = bodyOfLine(scope, task.title) as NewTask | undefined;
    await create(again ?? task, {
      from: { scope, draft: { text: task.title }, isLine: true, ...(form !== undefined && { form }) },
      onFailed: (kind, problem: ApiProblem) => {
        failed.unshift(task);
        reason = kind === 'unknown' ? t('outcome.createUnknownText') : explain(problem);
      },
    });
  };
  // Each new one goes on top, and the first is to be on top of the others.
  await Promise.all(tasks.toReversed().map(make));
  if (failed.length === 0) return;
  toast({
    kind: 'error',
    text: t('task.someNotCreated', { count: failed.length, all: tasks.length }),
    detail: reason,
    actions: [{ label: t('common.retry'), run: () => void createSeveral(create, scope, failed, form) }],
    about: scope,
    stays: true,
  });
}
