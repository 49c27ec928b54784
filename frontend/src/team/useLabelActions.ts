import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import { ignoreGone, type ApiProblem } from '../api/problem.ts';
import type { Label, Team } from '../api/types.ts';
import { lineProblem } from '../auth/rules.ts';
import type { Draft } from '../drafts/drafts.ts';
import { t as text, useTranslation } from '../i18n/index.ts';
import { changeHeld, readAnew } from '../live/readAnew.ts';
import { compared } from '../outcomes/compared.ts';
import { create as make } from '../outcomes/create.ts';
import { labelCreated } from '../outcomes/created.ts';
import { save, valueOf } from '../outcomes/save.ts';
import { labelsKey, labelsQuery } from '../task/queries.ts';
import { explain } from '../ui/explain.ts';
import { byName, folded } from './labelNames.ts';

export const LABEL_MAX = 50;

/** What is wrong with a label's name, among the labels that there are. */
export function labelProblem(name: string, others: readonly Label[]): string | undefined {
  const wanted = folded(name);
  const same = others.find((label) => folded(label.name) === wanted);
  return lineProblem(name, LABEL_MAX, text('label.blank')) ?? (same && text('label.taken', { name: same.name }));
}

/** Why a label couldn't be saved, for the field with its name. */
export function whyNotSaved(problem: ApiProblem, name: string): string {
  if (problem.status === 409) return text('label.taken', { name });
  if (problem.status === 404) return text('label.gone');
  return explain(problem);
}

/**
 * What one does to a team's labels. Each call says what was done, and throws why it wasn't; a colour has no form that
 * would show this, so that it is said in a message.
 */
export function useLabelActions(team: Pick<Team, 'key'>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = labelsKey(team.key);
  const put = (label: Label) =>
    changeHeld<Label[]>(client, key, (now) => [...now.filter(({ id }) => id !== label.id), label].sort(byName));
  const refresh = () => readAnew(client, key);
  const read = () => client.query({ ...labelsQuery(team.key), staleTime: 0 });
  const here = (label: Label) => ({ path: { team: team.key, label: label.id } });

  const create = async (name: string, color: string, from?: { scope: string; draft: Draft }): Promise<Label> => {
    const result = await make<Label>({
      path: `/api/v1/teams/${encodeURIComponent(team.key)}/labels`,
      body: { name, color },
      what: t('label.named', { name }),
      kind: 'label',
      // A form shows beside its field why it couldn't be saved.
      isQuiet: from !== undefined,
      reasons: { 409: t('label.taken', { name }) },
      ...(from && { from }),
      done: labelCreated,
    });
    const label = valueOf(result);
    put(label);
    return label;
  };

  const patch = (label: Label, body: { name?: string; color?: string }) => ({
    what: t('label.named', { name: label.name }),
    turn: label.id,
    send: () => unwrap(api.PATCH('/api/v1/teams/{team}/labels/{label}', { params: here(label), body })),
    check: async () => compared((await read()).find(({ id }) => id === label.id), label, body),
  });

  /** `isShown` tells whether there is still a form that says why it wasn't saved. */
  const rename = async (label: Label, name: string, isShown: () => boolean): Promise<Label> => {
    const done = (saved: Label) => ({ text: t('label.renamed', { from: label.name, to: saved.name }) });
    const saved = valueOf(await save({ ...patch(label, { name }), isQuiet: isShown, done }));
    put(saved);
    return saved;
  };

  const recolor = async (label: Label, color: string): Promise<void> => {
    const result = await save({
      ...patch(label, { color }),
      what: t('label.colorOfLabel', { name: label.name }),
      reasons: { 404: t('label.gone') },
      done: () => ({ text: t('label.recolored', { name: label.name }) }),
    });
    if (result.kind === 'saved') put(result.value);
    else await refresh();
  };

  const remove = async (label: Label): Promise<void> => {
    const result = await save<undefined>({
      what: t('label.named', { name: label.name }),
      act: 'delete',
      isQuiet: true,
      turn: label.id,
      send: () =>
        unwrap(api.DELETE('/api/v1/teams/{team}/labels/{label}', { params: here(label) })).then(() => undefined, ignoreGone),
      done: () => ({ text: t('label.deleted', { name: label.name }) }),
    });
    valueOf(result);
    client.setQueryData<Label[]>(key, (now) => now?.filter(({ id }) => id !== label.id));
    await refresh();
  };

  return { create, rename, recolor, remove };
}
