import * as Popover from '@radix-ui/react-popover';
import { useTranslation } from 'react-i18next';
import { STATUSES, type Status } from '../api/types.ts';
import { Options, type Option } from '../palette/Options.tsx';
import { useDirectory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Dot } from '../ui/Chips.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import ui from '../ui/ui.module.css';
import { NONE, toggled, type Filters } from './filters.ts';
import css from './list.module.css';

interface Props {
  team: string;
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const SEPARATOR = ':';

/** One list of everything that can be filtered by; each choice takes a filter in or out. */
export default function FilterMenu({ team, filters, onChange }: Props) {
  const { t } = useTranslation();
  const { members, labels } = useDirectory(team);
  const options: Option[] = [
    ...STATUSES.map((status) => ({
      id: `statuses${SEPARATOR}${status}`,
      text: t(`status.${status}`),
      icon: <StatusIcon status={status} />,
      chosen: filters.statuses.includes(status),
      words: [t('filter.status')],
    })),
    {
      id: `assignees${SEPARATOR}${NONE}`,
      text: t('filter.nobody'),
      icon: <Icon name="person" />,
      chosen: filters.assignees.includes(NONE),
      words: [t('filter.assignee')],
    },
    ...members.map(({ user }) => ({
      id: `assignees${SEPARATOR}${user.id}`,
      text: user.name,
      icon: <Avatar id={user.id} name={user.name} />,
      chosen: filters.assignees.includes(user.id),
      words: [t('filter.assignee'), user.email],
    })),
    ...labels.map((label) => ({
      id: `labels${SEPARATOR}${label.id}`,
      text: label.name,
      icon: <Dot color={label.color} />,
      chosen: filters.labels.includes(label.id),
      words: [t('filter.label')],
    })),
  ];
  const choose = (id: string) => {
    const [kind, value = ''] = id.split(SEPARATOR);
    if (kind === 'statuses') onChange({ ...filters, statuses: toggled(filters.statuses, value as Status) });
    else if (kind === 'assignees') onChange({ ...filters, assignees: toggled(filters.assignees, value) });
    else onChange({ ...filters, labels: toggled(filters.labels, value) });
  };
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger asChild>
        <Button className={css.filter} aria-label={t('filter.add')}>
          <Icon name="filter" size={14} />
          <span className={css.newText}>{t('filter.add')}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={`${ui.pop} ${css.filterPop}`}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('filter.add')}
        >
          <Options label={t('filter.by')} options={options} onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
