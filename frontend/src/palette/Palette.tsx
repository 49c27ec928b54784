import * as Dialog from '@radix-ui/react-dialog';
import { Command } from 'cmdk';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Team, User } from '../api/types.ts';
import { NO_FILTERS } from '../list/filters.ts';
import { useCommandContext } from '../shell/useContext.ts';
import { teamPath } from '../shell/address.ts';
import { teamsQuery } from '../task/queries.ts';
import { isDraft } from '../task/pending.ts';
import { useTaskWindows } from '../task/useTasks.ts';
import { Keys } from '../ui/Chips.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { close, typedAhead } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useQuery } from '@tanstack/react-query';
import { COMMANDS, isOpen, type Command as Order, type Group as Kind } from './commands.ts';
import css from './palette.module.css';

const FOUND = 8;
const GROUPS: readonly Kind[] = ['task', 'create', 'go', 'view'];

/** Everything by its name: commands, tasks and teams. */
export default function Palette({ team, me, task }: { team: Team; me: User; task: string | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState(typedAhead);
  const [, navigate] = useLocation();
  const context = useCommandContext(team.key, me.id)(task);
  const teams = useQuery(teamsQuery()).data ?? [];
  const isSearching = text.trim() !== '';
  const [search] = useTaskWindows(team.key, isSearching ? [{ filters: { ...NO_FILTERS, text }, order: 'updated' }] : []);
  const found = (search?.tasks ?? []).filter((one) => !isDraft(one)).slice(0, FOUND);
  const has = (name: string) => words(text).every((word) => name.toLowerCase().includes(word));
  const offered = COMMANDS.filter(
    (one) => one.id !== 'palette' && isOpen(one, context) && has(t(`command.${one.id}`)),
  );
  const begins = (one: Order) =>
    text.trim() !== '' && t(`command.${one.id}`).toLowerCase().startsWith(text.trim().toLowerCase());
  const first = offered.filter(begins);
  const rest = offered.filter((one) => !begins(one));
  const others = teams.filter(({ key, name }) => key !== team.key && has(`${t('palette.switchTo', { team: name })} ${key}`));
  const then = (act: () => void) => {
    close();
    act();
  };
  const run = (one: Order) => then(() => one.run(context));
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
          <Command label={t('palette.title')} loop shouldFilter={false} className={css.options}>
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
              {first.length > 0 && <Group heading={t('palette.best')} commands={first} run={run} />}
              {found.length > 0 && (
                <Command.Group heading={t('palette.tasks')}>
                  {found.map((one) => (
                    <Command.Item
                      key={one.id}
                      value={one.id}
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
                const some = rest.filter((one) => one.group === group);
                if (some.length === 0) return null;
                return <Group key={group} heading={t(`commandGroup.${group}`)} commands={some} run={run} />;
              })}
              {others.length > 0 && (
                <Command.Group heading={t('palette.teams')}>
                  {others.map(({ id, key, name }) => (
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

function words(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== '');
}

function Group(props: { heading: string; commands: readonly Order[]; run: (command: Order) => void }) {
  const { t } = useTranslation();
  return (
    <Command.Group heading={props.heading}>
      {props.commands.map((one) => (
        <Command.Item
          key={one.id}
          value={t(`command.${one.id}`)}
          className={css.item}
          onSelect={() => props.run(one)}
        >
          <span className={css.text}>{t(`command.${one.id}`)}</span>
          {one.keys !== undefined && <Keys keys={one.keys} />}
        </Command.Item>
      ))}
    </Command.Group>
  );
}
