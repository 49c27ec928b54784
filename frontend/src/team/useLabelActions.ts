import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import type { Label, Team } from '../api/types.ts';
import { lineProblem } from '../auth/rules.ts';
import { t as text } from '../i18n/index.ts';
import { labelsKey } from '../task/queries.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';

export const LABEL_MAX = 50;

/** What is wrong with a label's name, among the labels that there are. */
export function labelProblem(name: string, others: readonly Label[]): string | undefined {
  const wanted = name.trim().toLowerCase();
  const same = others.find((label) => label.name.toLowerCase() === wanted);
  return lineProblem(name, LABEL_MAX, text('label.blank')) ?? (same && text('label.taken', { name: same.name }));
}

/** Why a label couldn't be saved, for the field with its name. */
export function whyNotSaved(problem: ApiProblem, name: string): string {
  if (problem.status === 409) return text('label.taken', { name });
  if (problem.status === 404) return text('label.gone');
  return explain(problem);
}

/** What one does to a team's labels. Each call throws what the server refused, and says what was done. */
export function useLabelActions(team: Team) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = labelsKey(team.key);
  const put = (label: Label) =>
    client.setQueryData<Label[]>(key, (now) =>
      now && [...now.filter(({ id }) => id !== label.id), label].sort((a, b) => a.name.localeCompare(b.name)),
    );
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const patch = async (label: Label, body: { name?: string; color?: string }) => {
    const params = { path: { team: team.key, label: label.id } };
    const saved = await unwrap(api.PATCH('/api/v1/teams/{team}/labels/{label}', { params, body }));
    put(saved);
    return saved;
  };

  const create = async (name: string, color: string, idempotencyKey: string): Promise<Label> => {
    const params = { path: { team: team.key }, header: { 'Idempotency-Key': idempotencyKey } };
    const label = await unwrap(api.POST('/api/v1/teams/{team}/labels', { params, body: { name, color } }));
    put(label);
    toast({ kind: 'done', text: t('label.created', { name: label.name }) });
    return label;
  };

  const rename = async (label: Label, name: string): Promise<void> => {
    const saved = await patch(label, { name });
    toast({ kind: 'done', text: t('label.renamed', { from: label.name, to: saved.name }) });
  };

  const recolor = async (label: Label, color: string): Promise<void> => {
    if (color === label.color) return;
    try {
      await patch(label, { color });
      toast({ kind: 'done', text: t('label.recolored', { name: label.name }), about: `label-color:${label.id}` });
    } catch (error) {
      const why = whyNotSaved(asProblem(error), label.name);
      toast({ kind: 'error', text: t('label.notRecolored', { name: label.name }), detail: why });
      await refresh();
    }
  };

  const remove = async (label: Label): Promise<void> => {
    const params = { path: { team: team.key, label: label.id } };
    try {
      await unwrap(api.DELETE('/api/v1/teams/{team}/labels/{label}', { params }));
    } catch (error) {
      // Somebody else was faster.
      if (asProblem(error).status !== 404) throw error;
    }
    client.setQueryData<Label[]>(key, (now) => now?.filter(({ id }) => id !== label.id));
    toast({ kind: 'done', text: t('label.deleted', { name: label.name }) });
    await refresh();
  };

  return { create, rename, recolor, remove };
}
