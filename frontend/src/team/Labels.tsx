import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Label, type Team } from '../api/types.ts';
import settings from '../settings/settings.module.css';
import { labelsQuery } from '../task/queries.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import table from '../ui/table.module.css';
import { DeleteLabel } from './DeleteLabel.tsx';
import { LabelLine } from './LabelLine.tsx';
import { NewLabel } from './NewLabel.tsx';

export function Labels({ team }: { team: Team }) {
  const { t } = useTranslation();
  const query = useQuery(labelsQuery(team.key));
  const title = useRef<HTMLHeadingElement>(null);
  const [deleting, setDeleting] = useState<Label | null>(null);
  const canEdit = atLeast(team.role, 'member');
  const labels = query.data ?? [];
  return (
    <section className={settings.section} aria-labelledby="labels">
      <h2 id="labels" className={settings.title} ref={title} tabIndex={-1}>
        {t('label.title')}
      </h2>
      <p className={settings.intro}>{t('label.intro')}</p>
      {canEdit && <NewLabel key={team.key} team={team} labels={labels} />}
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <Loading>
          <Skeleton height={40} />
        </Loading>
      )}
      {query.data?.length === 0 && <p className={table.faint}>{t(canEdit ? 'label.none' : 'label.noneToSee')}</p>}
      {labels.length > 0 && (
        <ul className={table.table}>
          {labels.map((label) => (
            <LabelLine
              key={label.id}
              team={team}
              label={label}
              others={labels.filter(({ id }) => id !== label.id)}
              canEdit={canEdit}
              onDelete={() => setDeleting(label)}
            />
          ))}
        </ul>
      )}
      {deleting !== null && (
        <DeleteLabel
          team={team}
          label={deleting}
          onClose={() => setDeleting(null)}
          onDeleted={() => title.current?.focus()}
        />
      )}
    </section>
  );
}
