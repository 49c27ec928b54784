import * as Dialog from '@radix-ui/react-dialog';
import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Team, User } from '../api/types.ts';
import { NO_FILTERS, matcher } from '../list/filters.ts';
import { useCommandContext } from '../shell/useContext.ts';
import { teamPath } from '../shell/address.ts';
import { teamsQuery } from '../task/queries.ts';
import { useTasks } from '../task/useTasks.ts';
import { Keys } from '../ui/Chips.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { close, stage } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useQuery } from '@tanstack/react-query';
import { COMMANDS, isOpen, type Group } from './commands.ts';
import css from './palette.module.css';

const FOUND = 8;
const GROUPS: readonly Group[] = ['task', 'create', 'go', 'view'];

/** Everything by its name: commands, tasks and teams. */
export default function Palette({ team, me, task }: { team: Team; me: User; task: string | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [, navigate] = useLocation();
  const context = useCommandContext(team.key, me.id)(task);
  const { tasks } = useTasks(team.key);
  const teams = useQuery(teamsQuery()).data ?? [];
  const found = useMemo(() => {
    if (text.trim() === '') return [];
    const fits = matcher({ ...NO_FILTERS, text });
    return tasks.filter((one) => one.version > 0 && fits(one)).slice(0, FOUND);
  }, [tasks, text]);
  const then = (run: () => void) => {
    close();
    // A command may open the next thing, which comes after this one has gone.
    if (stage.get() === null) run();
  };
  return (
    <Dialog.Root open onOpenChange={(isOpenNow) => !isOpenNow && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className={ui.overlay} />
        <Dialog.Content className={css.frame} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t('palette.title')}</Dialog.Title>
          {context.task !== undefined && (
            <p className={css.about}>
              {context.task.key} · {context.task.title}
            </p>
          )}
          <Command label={t('palette.title')} loop className={css.options}>
            <Command.Input
              className={css.search}
              placeholder={t('palette.placeholder')}
              aria-label={t('palette.placeholder')}
              value={text}
              onValueChange={setText}
              autoFocus
            />
            <Command.List className={css.list} label={t('palette.title')}>
              <Command.Empty className={css.empty}>{t('palette.nothing')}</Command.Empty>
              {found.length > 0 && (
                <Command.Group heading={t('palette.tasks')} forceMount>
                  {found.map((one) => (
                    <Command.Item
                      key={one.id}
                      value={one.id}
                      keywords={[one.key, one.title]}
                      forceMount
                      className={css.item}
                      onSelect={() => then(() => context.openTask(one.number))}
                    >
                      <StatusIcon status={one.status} />
                      <span className={css.hint}>{one.key}</span>
                      <span className={css.text}>{one.title}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {GROUPS.map((group) => {
                const open = COMMANDS.filter(
                  (one) => one.group === group && one.id !== 'palette' && isOpen(one, context),
                );
                if (open.length === 0) return null;
                return (
                  <Command.Group key={group} heading={t(`commandGroup.${group}`)}>
                    {open.map((one) => (
                      <Command.Item
                        key={one.id}
                        value={t(`command.${one.id}`)}
                        className={css.item}
                        onSelect={() => then(() => one.run(context))}
                      >
                        <span className={css.text}>{t(`command.${one.id}`)}</span>
                        {one.keys !== undefined && <Keys keys={one.keys} />}
                      </Command.Item>
                    ))}
                  </Command.Group>
                );
              })}
              {teams.length > 1 && (
                <Command.Group heading={t('palette.teams')}>
                  {teams.map(({ id, key, name }) => (
                    <Command.Item
                      key={id}
                      value={`${name} ${key}`}
                      className={css.item}
                      onSelect={() => then(() => navigate(teamPath(key, 'board')))}
                    >
                      <span className={css.text}>{t('palette.switchTo', { team: name })}</span>
                      <span className={css.hint}>{key.toUpperCase()}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
