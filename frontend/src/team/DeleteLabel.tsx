import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/index.ts';
import { api, unwrap } from '../api/client.ts';
import type { Label, Team } from '../api/types.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { useLabelActions } from './useLabelActions.ts';

interface Props {
  team: Team;
  label: Label;
  onClose: () => void;
  onDeleted: () => void;
}

/** Says first on how many tasks the label is. */
export function DeleteLabel({ team, label, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const { remove } = useLabelActions(team);
  const count = useQuery({
    queryKey: ['team', team.key, 'label', label.id, 'count'],
    queryFn: async ({ signal }) => {
      const params = { path: { team: team.key }, query: { label: [label.id] } };
      const counts = await unwrap(api.GET('/api/v1/teams/{team}/tasks/counts', { params, signal }));
      return Object.values(counts.by_status).reduce((sum, some) => sum + some, 0);
    },
    staleTime: 0,
    gcTime: 0,
  });
  const run = async () => {
    await remove(label);
    // Its line, which had the focus, is gone.
    requestAnimationFrame(onDeleted);
  };
  const text =
    count.data !== undefined
      ? t('label.deleteText', { count: count.data })
      : count.isPending
        ? t('label.counting')
        : t('label.deleteTextUncounted');
  return (
    <Confirm title={t('label.deleteTitle', { name: label.name })} action={t('common.delete')} onConfirm={run} onClose={onClose}>
      <p aria-live="polite">{text}</p>
    </Confirm>
  );
}
