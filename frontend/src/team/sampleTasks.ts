import { api, unwrap } from '../api/client.ts';
import { settingsPath } from '../settings/sections.ts';
import { t } from '../i18n/index.ts';
import { newId } from '../ui/ids.ts';

interface Sample {
  title: string;
  description: string;
  status: 'pending' | 'in_progress';
}

/** Three tasks that show how TaskHub works, in the order of the board. */
export function sampleTasks(team: string): Sample[] {
  const invitations = `[${t('settings.invitations')}](${settingsPath(team, 'invitations')})`;
  return [
    { title: t('sample.keysTitle'), description: t('sample.keysText'), status: 'in_progress' },
    { title: t('sample.inviteTitle'), description: t('sample.inviteText', { invitations }), status: 'pending' },
    { title: t('sample.createTitle'), description: t('sample.createText'), status: 'pending' },
  ];
}

/** Creates them. A new task goes to the top of its column, so the last one is created first. */
export async function createSampleTasks(team: string, me: string): Promise<void> {
  for (const sample of sampleTasks(team).reverse()) {
    const params = { path: { team }, header: { 'Idempotency-Key': newId() } };
    const body = { ...sample, ...(sample.status === 'in_progress' && { assignees: [me] }) };
    await unwrap(api.POST('/api/v1/teams/{team}/tasks', { params, body }));
  }
}
