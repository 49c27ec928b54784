import { useQuery } from '@tanstack/react-query';
import * as Dialog from '@radix-ui/react-dialog';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { useLocation } from 'wouter';
import { asProblem } from '../api/problem.ts';
import type { Task, Team, User } from '../api/types.ts';
import { NO_FILTERS } from '../list/filters.ts';
import { wordsOf } from '../list/folded.ts';
import { isAtLimit, MOST_SEARCHED, searchable } from '../list/searchLimit.ts';
import { taskPath, teamPath } from '../shell/address.ts';
import { useCommandContext } from '../shell/useContext.ts';
import { isDraft } from '../task/pending.ts';
import { teamsQuery } from '../task/queries.ts';
import { useTask, useTaskWindow } from '../task/useTasks.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { explain } from '../ui/explain.ts';
import { Layer } from '../ui/layers.ts';
import { close } from '../ui/stage.ts';
import { TypedAhead } from '../ui/TypedAhead.tsx';
import ui from '../ui/ui.module.css';
import { COMMANDS, isOpen } from './commands.ts';
import { keyIn, sectionsFor, type Entry } from './entries.ts';
import css from './palette.module.css';
import { recentTasks } from './recent.ts';
import { useListbox } from './useListbox.ts';

const FOUND = 8;
const RECENT = 5;
/** Names no task. */
const NO_NUMBER = 0;

/** Everything by its name: tasks of the whole team, commands and teams. */
export default function Palette({ team, me, task }: { team: Team; me: User; task: string | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  /** Enter came before the field was there; it waits for what the search finds. */
  const [isSent, setIsSent] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  const context = useCommandContext(team.key, me.id)(task);
  const teams = useQuery(teamsQuery()).data ?? [];
  const isSearching = wordsOf(text).length > 0;
  const filters = useMemo(() => ({ ...NO_FILTERS, text }), [text]);
  const search = useTaskWindow(team.key, { filters, order: 'updated' });
  const key = keyIn(text, team, teams);
  const isOurs = key !== null && key.team.key === team.key;
  const byKey = useTask(team.key, isOurs ? key.number : NO_NUMBER);
  const named = key === null || (isOurs && byKey.isGone) ? null : { ...key, task: isOurs ? byKey.task : undefined };
  const found = search.tasks.filter((one) => !isDraft(one));
  const sections = sectionsFor({
    text,
    team,
    teams,
    commands: COMMANDS.filter((one) => one.id !== 'palette' && isOpen(one, context)),
    hasTask: context.task !== undefined,
    tasks: isSearching ? found.slice(0, FOUND) : recentFirst(found, team.key).slice(0, RECENT),
    named,
  });
  const entries = sections.flatMap((section) => section.entries);
  const hasFailed = search.error !== null;
  const isWaiting = isSearching && !hasFailed && (search.isPending || search.isReading);

  const choose = (id: string) => {
    const entry = entries.find((one) => one.id === id);
    if (entry === undefined) return;
    close();
    switch (entry.kind) {
      case 'command':
        entry.command.run(context);
        break;
      case 'task':
        context.openTask(entry.task.number);
        break;
      case 'key':
        if (entry.team.key === team.key) context.openTask(entry.number);
        else navigate(taskPath(entry.team.key, entry.number));
        break;
      case 'team':
        navigate(teamPath(entry.team.key, 'board'));
    }
  };
  const listbox = useListbox({
    label: t('palette.placeholder'),
    ids: entries.map(({ id }) => id),
    onChoose: choose,
    takesFirst: true,
  });
  const chooseFirst = useEffectEvent(() => {
    const [first] = entries;
    if (first !== undefined) choose(first.id);
  });
  useEffect(() => {
    // What was meant may be among what couldn't be read.
    if (isSent && !isWaiting && !hasFailed) chooseFirst();
  }, [isSent, isWaiting, hasFailed]);

  return (
    <Dialog.Root open onOpenChange={(isOpenNow) => !isOpenNow && close()}>
      <Layer onClose={close} />
      <Dialog.Portal>
        <Dialog.Overlay className={ui.overlay} />
        <Dialog.Content className={css.frame} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t('palette.title')}</Dialog.Title>
          {context.task !== undefined && (
            <p className={css.about}>
              {context.task.key} · <bdi>{context.task.title}</bdi>
            </p>
          )}
          <div className={css.options}>
            <input
              {...listbox.field}
              ref={field}
              className={css.search}
              type="text"
              dir="auto"
              placeholder={t('palette.placeholder')}
              value={text}
              autoFocus
              onChange={(event) => {
                setText(searchable(event.target.value));
                setIsSent(false);
                listbox.reset();
              }}
              onKeyDown={(event) => void listbox.onKeyDown(event)}
            />
            <TypedAhead
              onTyped={(ahead) => {
                setText(searchable(ahead.text));
                setIsSent(ahead.isSent);
              }}
            />
            <div {...listbox.list} className={css.list}>
              {sections.map(({ heading, entries: some }) => (
                <div key={heading} role="group" aria-label={heading}>
                  <p className={css.heading} aria-hidden="true">
                    {heading}
                  </p>
                  {some.map((entry) => (
                    <div key={entry.id} {...listbox.option(entry.id)} className={css.item}>
                      <Line entry={entry} />
                    </div>
                  ))}
                </div>
              ))}
            </div>
            <p className={css.said} role="status">
              {isAtLimit(text) && `${t('filter.limit', { most: MOST_SEARCHED })} `}
              {isWaiting && t('palette.searching')}
              {!isWaiting && !hasFailed && entries.length === 0 && t('palette.nothingFor', { text: text.trim() })}
            </p>
            {hasFailed && (
              <p className={css.said} role="alert">
                {t('palette.failed', { why: explain(asProblem(search.error)) })}{' '}
                <Button
                  onClick={() => {
                    field.current?.focus();
                    search.retry();
                  }}
                >
                  {t('common.retry')}
                </Button>
              </p>
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Those that were opened last come first, then those that were changed last. */
function recentFirst(tasks: readonly Task[], team: string): Task[] {
  const opened = recentTasks(team);
  const place = ({ number }: Task) => (opened.includes(number) ? opened.indexOf(number) : opened.length);
  return tasks.map((task, n) => ({ task, n })).sort((a, b) => place(a.task) - place(b.task) || a.n - b.n).map(({ task }) => task);
}

function Line({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  switch (entry.kind) {
    case 'command':
      return (
        <>
          <span className={css.text}>{t(`command.${entry.command.id}`)}</span>
          {entry.command.keys !== undefined && <Keys keys={entry.command.keys} />}
        </>
      );
    case 'task':
      return <TaskLine task={entry.task} />;
    case 'key':
      if (entry.task !== undefined) return <TaskLine task={entry.task} />;
      return (
        <>
          <span className={css.text}>{t('palette.open', { key: `${entry.team.key.toUpperCase()}-${entry.number}` })}</span>
          <bdi className={css.hint}>{entry.team.name}</bdi>
        </>
      );
    case 'team':
      return (
        <>
          <span className={css.text} dir="auto">
            {t('palette.switchTo', { team: entry.team.name })}
          </span>
          <span className={css.hint}>{entry.team.key.toUpperCase()}</span>
        </>
      );
  }
}

function TaskLine({ task }: { task: Task }) {
  return (
    <>
      <StatusIcon status={task.status} />
      <span className={css.hint}>{task.key}</span>
      <span className={css.text} dir="auto">
        {task.title}
      </span>
    </>
  );
}
