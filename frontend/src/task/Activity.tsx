import * as Tabs from '@radix-ui/react-tabs';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Role, Task, User } from '../api/types.ts';
import { wanted } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { Comments } from './Comments.tsx';
import { History } from './History.tsx';
import css from './panel.module.css';

interface Props {
  team: string;
  task: Task;
  me: User;
  role: Role;
  canComment: boolean;
}

export function Activity(props: Props) {
  const { t } = useTranslation();
  const [tab, setTab] = useState('comments');
  // The field for a comment is there only with the comments.
  const isCommentWanted = useStore(wanted, (now) => now?.task === props.task.id && now.part === 'comment');
  if (isCommentWanted && tab !== 'comments') setTab('comments');
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className={css.section}>
      <Tabs.List className={css.tabs} aria-label={t('task.activity')}>
        <Tabs.Trigger className={css.tab} value="comments">
          {t('task.comments')}
        </Tabs.Trigger>
        <Tabs.Trigger className={css.tab} value="history">
          {t('task.history')}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="comments" tabIndex={-1}>
        <Comments {...props} />
      </Tabs.Content>
      <Tabs.Content value="history" tabIndex={-1}>
        <History team={props.team} task={props.task} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
