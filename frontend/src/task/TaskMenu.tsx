import {
  CheckboxItem,
  Content,
  Item,
  ItemIndicator,
  Label,
  Portal,
  RadioGroup,
  RadioItem,
  Root,
  Separator,
  Sub,
  SubContent,
  SubTrigger,
  Trigger,
} from '@radix-ui/react-context-menu';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, PRIORITIES, STATUSES, type Priority, type Status, type TaskPatch, type Team } from '../api/types.ts';
import { focused, focusTask } from '../board/focus.ts';
import { endOfDay, inDays } from '../i18n/dates.ts';
import { toggled } from '../list/filters.ts';
import { copy } from '../palette/commands.ts';
import { taskPath, useOpenTask } from '../shell/address.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Dot } from '../ui/Chips.tsx';
import { Icon, PriorityIcon, StatusIcon, type IconName } from '../ui/Icon.tsx';
import { Layer } from '../ui/layers.ts';
import { onMenuKey } from '../ui/menu-keys.ts';
import { open } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import { applied, common, patchAll } from './bulk.ts';
import { menuAt } from './menu.ts';
import { MoveItems } from './MoveItems.tsx';
import { selectedTasks, selection } from './selection.ts';
import { isShown } from './shown.ts';
import { tasksOf } from './team-tasks.ts';
import { choosable, useDirectory } from './useTasks.ts';

/** The menu of a task, or of all selected tasks when it was opened on one of them. */
export default function TaskMenu({ team, me }: { team: Team; me: string }) {
  const trigger = useRef<HTMLSpanElement>(null);
  /** What an item asked for that takes the focus: it comes after the focus is back. */
  const next = useRef<(() => void) | null>(null);
  const later = (act: () => void) => (next.current = act);
  const at = useStore(menuAt, (now) => now);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (at === null) return;
    // When it is deleted meanwhile, the focus goes on to its neighbour.
    focused.set(at.task);
    const point = { bubbles: true, cancelable: true, clientX: at.x, clientY: at.y };
    trigger.current?.dispatchEvent(new MouseEvent('contextmenu', point));
  }, [at]);
  return (
    <Root open={isOpen} onOpenChange={setIsOpen}>
      {isOpen && <Layer onClose={() => setIsOpen(false)} />}
      <Trigger ref={trigger} hidden />
      <Portal>
        <Content
          className={ui.pop}
          collisionPadding={8}
          onKeyDownCapture={onMenuKey}
          onContextMenu={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const back = at !== null && isShown(at.task) ? at.task : focused.get();
            if (back !== null && isShown(back)) focusTask(back);
            next.current?.();
            next.current = null;
          }}
        >
          {at !== null && <Items key={at.task} id={at.task} team={team} me={me} onLater={later} onGone={() => setIsOpen(false)} />}
        </Content>
      </Portal>
    </Root>
  );
}

interface ItemsProps {
  id: string;
  team: Team;
  me: string;
  onLater: (act: () => void) => void;
  /** Somebody else has deleted the task. */
  onGone: () => void;
}

function Items({ id, team, me, onLater, onGone }: ItemsProps) {
  const { t } = useTranslation();
  const { openTask } = useOpenTask(team.key);
  const actions = useTaskActions(team.key);
  const directory = useDirectory(team.key);
  const held = tasksOf(useQueryClient(), team.key);
  // Those that it was opened on: a choice may take them out of the filter, and out of the selection.
  const [ids] = useState(() => (selection.get().has(id) ? selectedTasks().map((one) => one.id) : [id]));
  const task = useSyncExternalStore(held.subscribe, () => held.get(id));
  const isGone = task === undefined;
  const leave = useEffectEvent(onGone);
  useEffect(() => {
    if (isGone) leave();
  }, [isGone]);
  // A group that goes away while it is open would take the focus with it.
  const [hasLabels] = useState(directory.labels.length > 0);
  if (isGone) return null;
  const several = held.several(ids);
  const isOne = several.length === 1;
  const shared = common(several) ?? task;
  const canEdit = atLeast(team.role, 'member');
  const canSetStatus = canEdit || (isOne && task.assignees.includes(me));
  const patch = (fields: TaskPatch) => {
    if (isOne) void actions.patch(task, fields);
    else void patchAll(actions, several, applied(fields, shared));
  };
  return (
    <>
      <Label className={ui.groupLabel}>{isOne ? task.key : t('bulk.selected', { count: several.length })}</Label>
      {isOne && <Entry icon="edit" text={t('command.openTask')} hint="↵" onSelect={() => openTask(task.number)} />}
      {canSetStatus && (
        <Group icon={<StatusIcon status={isOne ? task.status : 'pending'} />} text={t('property.status')}>
          <Choice
            value={shared.status}
            options={STATUSES.map((value) => ({ value, text: t(`status.${value}`), icon: <StatusIcon status={value} /> }))}
            onChange={(status: Status) => patch({ status })}
          />
        </Group>
      )}
      {canEdit && (
        <>
          <Group icon={<Icon name="person" size={14} />} text={t('property.assignees')}>
            {choosable(directory, shared.assignees).map((person) => (
              <Several
                key={person}
                text={directory.nameOf(person)}
                icon={<Avatar id={person} name={directory.nameOf(person)} />}
                isChosen={shared.assignees.includes(person)}
                onToggle={() => patch({ assignees: toggled(shared.assignees, person) })}
              />
            ))}
          </Group>
          <Group icon={<PriorityIcon priority={isOne ? task.priority : 'medium'} />} text={t('property.priority')}>
            <Choice
              value={shared.priority}
              options={PRIORITIES.map((value) => ({ value, text: t(`priority.${value}`), icon: <PriorityIcon priority={value} /> }))}
              onChange={(priority: Priority) => patch({ priority })}
            />
          </Group>
          {(hasLabels || directory.labels.length > 0) && (
            <Group icon={<Icon name="label" size={14} />} text={t('property.labels')}>
              {directory.labels.length === 0 && <Entry text={t('property.noLabels')} disabled onSelect={() => undefined} />}
              {directory.labels.map((label) => (
                <Several
                  key={label.id}
                  text={label.name}
                  icon={<Dot color={label.color} />}
                  isChosen={shared.labels.includes(label.id)}
                  onToggle={() => patch({ labels: toggled(shared.labels, label.id).sort() })}
                />
              ))}
            </Group>
          )}
          <Group icon={<Icon name="calendar" size={14} />} text={t('property.due_at')}>
            <Entry text={t('property.today')} onSelect={() => patch({ due_at: endOfDay(inDays(0)) })} />
            <Entry text={t('property.tomorrow')} onSelect={() => patch({ due_at: endOfDay(inDays(1)) })} />
            <Entry text={t('property.inAWeek')} onSelect={() => patch({ due_at: endOfDay(inDays(7)) })} />
            <Entry
              text={t('property.onDay')}
              onSelect={() =>
                onLater(() =>
                  open(isOne ? { kind: 'property', property: 'due_at', task: id } : { kind: 'bulk', property: 'due_at', tasks: ids }),
                )
              }
            />
            <Separator className={ui.separator} />
            <Entry text={t('property.noDueDate')} onSelect={() => patch({ due_at: null })} />
          </Group>
          {isOne && <MoveItems task={task} actions={actions} />}
        </>
      )}
      <Separator className={ui.separator} />
      {isOne && (
        <Entry
          icon="link"
          text={t('command.copyLink')}
          hint="y"
          onSelect={() => onLater(() => copy(new URL(taskPath(team.key, task.number), location.origin).href))}
        />
      )}
      {canEdit && (
        <Entry
          icon="trash"
          text={isOne ? t('command.delete') : t('bulk.delete', { count: several.length })}
          hint="Del"
          onSelect={() => onLater(() => open(isOne ? { kind: 'delete', task: id } : { kind: 'bulk', property: null, tasks: ids }))}
        />
      )}
    </>
  );
}

export function Entry(props: { text: string; icon?: IconName; hint?: string; disabled?: boolean; onSelect: () => void }) {
  return (
    <Item className={ui.item} onSelect={props.onSelect} disabled={props.disabled ?? false}>
      {props.icon !== undefined && <Icon name={props.icon} size={14} />}
      <span className={ui.itemText} dir="auto">
        {props.text}
      </span>
      {props.hint !== undefined && (
        <span className={ui.itemHint} data-keys aria-hidden="true">
          {props.hint}
        </span>
      )}
    </Item>
  );
}

/** Between a menu and the window's edge, in px. */
const MARGIN_PX = 8;
const BESIDE_PX = 2;

/** How far a submenu stands from its item; less than nothing where neither side has room for it, as on a phone. */
function besideOrOver(trigger: DOMRect, width: number): number {
  const room = Math.max(trigger.left, innerWidth - trigger.right) - MARGIN_PX;
  return Math.min(BESIDE_PX, room - width);
}

export function Group({ icon, text, children }: { icon: ReactNode; text: string; children: ReactNode }) {
  const trigger = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(BESIDE_PX);
  const measure = useCallback((menu: HTMLDivElement | null) => {
    if (menu !== null && trigger.current !== null) setOffset(besideOrOver(trigger.current.getBoundingClientRect(), menu.offsetWidth));
  }, []);
  return (
    <Sub>
      <SubTrigger ref={trigger} className={ui.item}>
        {icon}
        <span className={ui.itemText}>{text}</span>
        <span className={ui.itemMore}>
          <Icon name="right" size={12} />
        </span>
      </SubTrigger>
      <Portal>
        <SubContent
          ref={measure}
          className={ui.pop}
          collisionPadding={MARGIN_PX}
          sideOffset={offset}
          onKeyDownCapture={onMenuKey}
          onContextMenu={(event) => event.preventDefault()}
        >
          {children}
        </SubContent>
      </Portal>
    </Sub>
  );
}

function Choice<T extends string>(props: {
  value: T;
  options: readonly { value: T; text: string; icon: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      {props.options.map(({ value, text, icon }) => (
        <RadioItem key={value} value={value} className={ui.item}>
          {icon}
          <span className={ui.itemText}>{text}</span>
          <ItemIndicator>
            <Icon name="check" size={14} />
          </ItemIndicator>
        </RadioItem>
      ))}
    </RadioGroup>
  );
}

/** One of several that may hold together: the menu stays open. */
function Several(props: { text: string; icon: ReactNode; isChosen: boolean; onToggle: () => void }) {
  return (
    <CheckboxItem
      className={ui.item}
      checked={props.isChosen}
      onSelect={(event) => event.preventDefault()}
      onCheckedChange={props.onToggle}
    >
      {props.icon}
      <span className={ui.itemText} dir="auto">
        {props.text}
      </span>
      <ItemIndicator>
        <Icon name="check" size={14} />
      </ItemIndicator>
    </CheckboxItem>
  );
}
