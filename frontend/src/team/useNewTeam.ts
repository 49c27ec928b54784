import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { useLocation } from 'wouter';
import { asProblem } from '../api/problem.ts';
import type { Team } from '../api/types.ts';
import { lineProblem, NAME_MAX } from '../auth/rules.ts';
import { useForm } from '../auth/useForm.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { readAnew } from '../live/readAnew.ts';
import { create } from '../outcomes/create.ts';
import { teamCreated } from '../outcomes/created.ts';
import { valueOf } from '../outcomes/save.ts';
import { teamPath } from '../shell/address.ts';
import { explain } from '../ui/explain.ts';
import { toast } from '../ui/toasts.ts';
import { createSampleTasks } from './sampleTasks.ts';
import { keyProblem, nextKey, suggestKey } from './teamKey.ts';

const SCOPE = 'new-team';

interface Extra {
  /** The key that was typed; undefined while it follows the name. */
  key?: string;
  samples?: boolean;
}

interface Options {
  me: string;
  /** Whether sample tasks are offered as a matter of course. */
  samples: boolean;
  done: (team: Team) => void;
}

/** A team to be created: its name, its key, and whether it begins with sample tasks. */
export function useNewTeam({ me, samples: samplesAtFirst, done }: Options) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const draft = useDraft(SCOPE);
  const extra = (draft.extra ?? {}) as Extra;
  const [taken, setTaken] = useState<readonly string[]>([]);
  const suggestion = firstFree(suggestKey(draft.text), taken);
  const key = extra.key ?? suggestion;
  const withSamples = extra.samples ?? samplesAtFirst;
  const isTaken = (one: string) => taken.includes(one.toUpperCase());

  const { busy, problem, errors, form } = useForm({
    check: () => ({
      name: lineProblem(draft.text, NAME_MAX, t('team.nameBlank')),
      key: keyProblem(key) ?? (isTaken(key) ? t('teamKey.taken', { key, next: nextKey(key) }) : undefined),
    }),
    send: async () => {
      const result = await create<Team>({
        path: '/api/v1/teams',
        body: { name: draft.text.trim(), key },
        what: draft.text.trim(),
        kind: 'team',
        isQuiet: true,
        from: { scope: SCOPE, draft: getDraft(SCOPE) ?? { text: draft.text } },
        done: teamCreated,
      });
      const team = valueOf(result);
      if (withSamples) await addSamples(team);
      return team;
    },
    done: (team) => {
      const now = getDraft(SCOPE);
      // What has been typed since is another team's name.
      setDraft(SCOPE, now === undefined || now.text === draft.text ? undefined : { text: now.text });
      client.setQueryData<Team[]>(['teams'], (now) => now && [...now.filter(({ id }) => id !== team.id), team]);
      void readAnew(client, ['teams']);
      done(team);
      navigate(teamPath(team.key, 'board'));
    },
    refused: (why) => {
      if (why.status === 409) setTaken((now) => [...now, key.toUpperCase()]);
      return {
        name: why.at('/name') && t('rules.nameRefused'),
        key: why.status === 409 ? t('teamKey.taken', { key, next: nextKey(key) }) : why.at('/key') && t('teamKey.letters'),
      };
    },
  });

  const addSamples = async (team: Team) => {
    try {
      await createSampleTasks(team.key, me);
    } catch (error) {
      // The team exists: it is not created again for want of samples.
      toast({ kind: 'error', text: t('sample.failed'), detail: explain(asProblem(error)) });
    }
  };
  const setExtra = (change: Extra) => draft.setExtra({ ...extra, ...change });
  return {
    name: draft.text,
    setName: draft.setText,
    key,
    /** An empty key follows the name again. */
    setKey: (text: string) => setExtra({ key: text.toUpperCase() }),
    followName: () => draft.setExtra(omitKey(extra)),
    keyError: errors.key ?? (extra.key !== undefined && extra.key !== '' ? keyProblem(extra.key) : undefined),
    nameError: errors.name,
    discard: draft.discard,
    withSamples,
    setSamples: (samples: boolean) => setExtra({ samples }),
    problem,
    busy,
    form,
  };
}

function omitKey({ samples }: Extra): Extra | undefined {
  return samples === undefined ? undefined : { samples };
}

function firstFree(key: string, taken: readonly string[]): string {
  let free = key;
  while (free !== '' && taken.includes(free)) free = nextKey(free);
  return free;
}

export type NewTeamForm = ReturnType<typeof useNewTeam>;
