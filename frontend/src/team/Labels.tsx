import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { atLeast, type Label, type Team } from '../api/types.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import shell from '../shell/shell.module.css';
import { labelsQuery } from '../task/queries.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import table from '../ui/table.module.css';
import { toast } from '../ui/toasts.ts';
import css from './team.module.css';

/** Told apart in the light and in the dark. */
const COLORS = ['#5e6ad2', '#26a5a0', '#4cb782', '#d9a514', '#e2762c', '#d9534f', '#c557a8', '#8b8f9c'];

export function Labels({ team }: { team: Team }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(labelsQuery(team.key));
  const canEdit = atLeast(team.role, 'member');
  const refresh = () => client.invalidateQueries({ queryKey: labelsQuery(team.key).queryKey });
  const attempt = async (what: string, call: () => Promise<unknown>) => {
    try {
      await call();
    } catch (error) {
      toast({ kind: 'error', text: t('errors.rolledBack', { what, reason: explain(asProblem(error)) }) });
    }
    await refresh();
  };
  const change = (label: Label, body: { name?: string; color?: string }) => {
    const params = { path: { team: team.key, label: label.id } };
    return attempt(label.name, () => unwrap(api.PATCH('/api/v1/teams/{team}/labels/{label}', { params, body })));
  };
  const remove = (label: Label) => {
    const params = { path: { team: team.key, label: label.id } };
    return attempt(label.name, () => unwrap(api.DELETE('/api/v1/teams/{team}/labels/{label}', { params })));
  };
  return (
    <section className={shell.section} aria-labelledby="labels">
      <h2 id="labels" className={shell.sectionTitle}>
        {t('label.title')}
      </h2>
      {query.error !== null && query.data === undefined && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <Loading>
          <Skeleton height={40} />
        </Loading>
      )}
      {query.data?.length === 0 && <p className={table.faint}>{t('label.none')}</p>}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className={table.table}>
          {query.data.map((label) => (
            <li key={`${label.id} ${label.updated_at}`} className={table.line}>
              <input
                type="color"
                className={css.color}
                defaultValue={label.color}
                disabled={!canEdit}
                aria-label={t('label.colorOf', { name: label.name })}
                onBlur={({ target }) => target.value !== label.color && void change(label, { color: target.value })}
              />
              <input
                className={css.labelName}
                defaultValue={label.name}
                maxLength={50}
                readOnly={!canEdit}
                aria-label={t('label.nameOf', { name: label.name })}
                onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
                onBlur={({ target }) => {
                  const name = target.value.trim();
                  if (name === '') target.value = label.name;
                  else if (name !== label.name) void change(label, { name });
                }}
              />
              {canEdit && (
                <IconButton label={t('label.delete', { name: label.name })} onClick={() => void remove(label)}>
                  <Icon name="trash" />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {canEdit && <NewLabel team={team} count={query.data?.length ?? 0} onMade={() => void refresh()} />}
    </section>
  );
}

function NewLabel({ team, count, onMade }: { team: Team; count: number; onMade: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const color = COLORS[count % COLORS.length] ?? '#5e6ad2';
  const { busy, problem, onSubmit } = useForm(
    (fields) => {
      const params = { path: { team: team.key } };
      const body = { name: textOf(fields, 'name').trim(), color };
      return unwrap(api.POST('/api/v1/teams/{team}/labels', { params, body }));
    },
    () => {
      setName('');
      onMade();
    },
  );
  const wrong = problem === null ? undefined : problem.status === 409 ? t('label.taken') : explain(problem);
  return (
    <form className={css.newLabel} onSubmit={onSubmit} noValidate>
      <Field
        label={t('label.new')}
        name="name"
        value={name}
        maxLength={50}
        error={wrong}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" busy={busy}>
        {t('label.add')}
      </Button>
    </form>
  );
}
